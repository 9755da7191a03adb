"""A question and passages → how likely each passage answers, and where. Never imports torch.

`eval.reranker` trains a model whose one pass over question and passage gives all of it, and
exports it to a folder: the graph, the tokenizer, and `reader.json` with what was fitted for it.
A folder of any sentence-transformers `CrossEncoder` serves as well; it ranks and does not read.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession
from tokenizers import Tokenizer

from assistant.models.cache import MODEL_FILE, TOKENIZER_FILE
from assistant.models.errors import RerankerUnavailable
from assistant.models.onnx import open_session, open_tokenizer
from assistant.models.pairs import Numbers, Pair, best_span, encode_pair
from assistant.reading import Fitted, Reading, Reranker, Told
from corpus.model import Span

READER_FILE = "reader.json"
# Readings of one question.
_REMEMBERED = 16
BUNDLED_FOLDER = Path(__file__).with_name("reader")


class OnnxReranker:
    """A model that `eval.reranker` exported; safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        """Open the folder."""
        self.fitted = _read_fitted(folder / READER_FILE)
        self._tokenizer: Tokenizer = open_tokenizer(folder / TOKENIZER_FILE)
        self._session: InferenceSession = open_session(folder / MODEL_FILE)
        self._threads = threads
        # A question that names a place is searched for twice, and finds much the same.
        self._read = lru_cache(_REMEMBERED)(self._read_anew)

    def read(self, question: str, passages: Sequence[Told]) -> list[Reading]:
        """Return one reading a passage, in the order given."""
        # As for vectors: one passage a thread, nothing padded, no reading depends on another.
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(partial(self._read, question), passages))

    def _read_anew(self, question: str, passage: Told) -> Reading:
        before = f"{passage.context}\n" if passage.context else ""
        pair = encode_pair(self._tokenizer, question, f"{before}{passage.text}")
        relevance, start, end = self._run(pair)
        span = _span(pair, start, end, skipped=len(before))
        return Reading(1 / (1 + float(np.exp(-relevance))), span)

    def _run(self, pair: Pair) -> tuple[float, Numbers, Numbers]:
        ids, kinds = (np.asarray([row], np.int64) for row in (pair.ids, pair.kinds))
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        relevance, start, end = self._session.run(None, inputs)
        return float(relevance[0]), start[0], end[0]


def load_reranker(folder: Path, *, threads: int) -> Reranker:
    """Return the reranker in a folder.

    Raises:
        RerankerUnavailable: if there is none.
    """
    if (folder / READER_FILE).is_file():
        return OnnxReranker(folder, threads=threads)
    if (folder / "config.json").is_file():
        # Imports torch, which the usual path must not.
        from assistant.models.cross_encoder import open_cross_encoder

        return open_cross_encoder(folder, threads=threads)
    raise RerankerUnavailable(
        f"PLAN_RERANKER 所指的 {folder} 中没有重排模型：请改为 eval.reranker 导出的文件夹或 "
        "sentence-transformers 的 CrossEncoder 文件夹，或设为 off"
    )


def _read_fitted(path: Path) -> Fitted:
    try:
        record = json.loads(path.read_text("utf-8"))
        return Fitted(**record)
    except (OSError, ValueError, TypeError) as error:
        raise RerankerUnavailable(f"重排模型的 {path} 读不出来，请重新导出或设为 off") from error


def _span(pair: Pair, start: Numbers, end: Numbers, *, skipped: int) -> Span | None:
    """Return the likeliest answer in the text; the context before it is no place for one."""
    outside = sum(offset_end <= skipped for _, offset_end in pair.offsets)
    told = slice(pair.first + outside, pair.first + len(pair.offsets))
    if told.start >= told.stop:
        return None
    offsets = pair.offsets[outside:]
    first, last = best_span(start[told], end[told], offsets)
    begins, ends = offsets[first][0], offsets[last][1]
    return Span(max(0, begins - skipped), ends - skipped)
