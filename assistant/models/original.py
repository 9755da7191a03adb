"""Models as sentence-transformers brings them in and runs them. Imports torch: 8 s and 1 GB."""

import hashlib
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from assistant.models.cache import Manifest
from assistant.models.embeddings import ModelIdentity, TextEmbeddings
from assistant.models.errors import ModelUnavailable
from assistant.settings import BUNDLED_MODEL, WHOLE_MODEL
from corpus.tokens import TokenCounter


class OriginalEmbeddings(TextEmbeddings):
    """For a model that cannot be exported: several times slower, the same interface."""

    def __init__(
        self,
        model: SentenceTransformer,
        manifest: Manifest,
        *,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
    ) -> None:
        """Take the model over; a prefix that is None is the model's own."""
        self._model = model
        self._manifest = manifest
        self._query_prefix = manifest.query_prefix if query_prefix is None else query_prefix
        self._passage_prefix = manifest.passage_prefix if passage_prefix is None else passage_prefix

    @property
    def identity(self) -> ModelIdentity:
        """As for a compiled model, with the digest taken over the weights."""
        return ModelIdentity(
            name=self._manifest.name,
            digest=self._manifest.digest,
            dimension=self._manifest.dimension,
            query_prefix=self._query_prefix,
            passage_prefix=self._passage_prefix,
        )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a passage, in the order given."""
        return self._embed(texts, prefix=self._passage_prefix)

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self._embed([text], prefix=self._query_prefix)[0]

    @property
    def count_tokens(self) -> TokenCounter:
        """Counts with the model's own tokenizer."""
        return TokenCounter(self._model.tokenizer.backend_tokenizer)

    def _embed(self, texts: list[str], *, prefix: str) -> list[list[float]]:
        if not texts:
            return []
        vectors = self._model.encode(
            texts, prompt=prefix, normalize_embeddings=True, show_progress_bar=False
        )
        return [[float(number) for number in vector] for vector in vectors]


def load_original(name: str, *, threads: int) -> SentenceTransformer:
    """The bundled model, a local folder, or a name that sentence-transformers resolves."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    if name in (BUNDLED_MODEL, WHOLE_MODEL):
        from assistant.models.bundled import load_bundled_model, load_distilled_model

        return load_distilled_model() if name == BUNDLED_MODEL else load_bundled_model()
    source = Path(name).expanduser()
    try:
        return SentenceTransformer(
            str(source) if source.is_dir() else name,
            device="cpu",
            # Only eager attention can be traced for ONNX.
            model_kwargs={"attn_implementation": "eager"},
        )
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().split("\n", 1)[0].rstrip(".")
        raise ModelUnavailable(
            f"无法取得模型 {name}：{reason}。"
            "请改用本地文件夹，或删除 PLAN_EMBEDDING_MODEL 使用随附模型"
        ) from error


def digest_of_weights(model: SentenceTransformer) -> str:
    """SHA-256 over names and numbers, for a model that has no compiled file to hash."""
    digest = hashlib.sha256()
    for name, weights in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(weights.contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
