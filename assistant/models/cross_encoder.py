"""A sentence-transformers `CrossEncoder` from a folder as the reranker. Imports torch."""

from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import CrossEncoder

from assistant.models.errors import RerankerUnavailable
from assistant.reading import Fitted, Reading, Told


class CrossEncoderReranker:
    """Ranks as the model does; what answers in a passage is left to the rules."""

    def __init__(self, model: CrossEncoder) -> None:
        """Take the model over."""
        self.fitted = Fitted()
        self._model = model

    def read(self, question: str, passages: Sequence[Told]) -> list[Reading]:
        """Return one reading a passage, in the order given."""
        pairs = [(question, f"{passage.context}\n{passage.text}") for passage in passages]
        if not pairs:
            return []
        scores = self._model.predict(
            pairs, activation_fn=torch.nn.Sigmoid(), show_progress_bar=False
        )
        return [Reading(float(score), None) for score in scores]


def open_cross_encoder(folder: Path, *, threads: int) -> CrossEncoderReranker:
    """Open a folder of a model with one score a pair; nothing is fetched."""
    torch.set_num_threads(threads)
    try:
        model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise RerankerUnavailable(f"重排模型 {folder} 打不开：{error}") from error
    if model.num_labels != 1:
        raise RerankerUnavailable(
            f"重排模型 {folder} 每对给出 {model.num_labels} 个分数，应为 1 个：请换一个重排模型"
        )
    return CrossEncoderReranker(model)
