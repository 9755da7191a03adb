"""A compiled model, run by onnxruntime and tokenizers. Never imports torch."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
    NotImplemented,  # noqa: A004 - onnxruntime's own, with no base of theirs to catch.
    RuntimeException,
)
from tokenizers import Encoding, Tokenizer

from assistant.models.cache import MODEL_FILE, TOKENIZER_FILE, Manifest
from assistant.models.embeddings import ModelIdentity, TextEmbeddings
from assistant.models.errors import CompiledModelBroken
from corpus.tokens import TokenCounter, encodable

ONNX_ERRORS = (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
    NotImplemented,
    RuntimeException,
)

_CACHED_QUERIES = 512
# The fused kernel takes three times as long as the two that it replaces (44 passages of 160 tokens
# a second instead of 47, onnxruntime 1.32 on two cores).
_SLOW_FUSIONS = ["SkipLayerNormFusion"]


class OnnxEmbeddings(TextEmbeddings):
    """Embeds texts from any number of threads; vectors have length one."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        *,
        threads: int = 2,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
    ) -> None:
        """Open the folder; a prefix that is None is the model's own."""
        self._manifest = manifest
        self._query_prefix = manifest.query_prefix if query_prefix is None else query_prefix
        self._passage_prefix = manifest.passage_prefix if passage_prefix is None else passage_prefix
        self._tokenizer = open_tokenizer(folder / TOKENIZER_FILE)
        self._session = open_session(folder / MODEL_FILE)
        self._threads = threads
        self._text_tokens = manifest.max_tokens - self._tokenizer.num_special_tokens_to_add(False)
        self._cached_query = lru_cache(_CACHED_QUERIES)(self._embed_query)

    @property
    def identity(self) -> ModelIdentity:
        """Another prefix makes other vectors, so prefixes count as well."""
        return ModelIdentity(
            name=self._manifest.name,
            digest=self._manifest.digest,
            dimension=self._manifest.dimension,
            query_prefix=self._query_prefix,
            passage_prefix=self._passage_prefix,
        )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a passage, in the order given."""
        vectors: list[list[float]] = self._embed([self._passage_prefix + t for t in texts]).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question; the last few hundred are remembered."""
        return list(self._cached_query(text))

    @property
    def count_tokens(self) -> TokenCounter:
        """Counts with the model's own tokenizer."""
        return TokenCounter(self._tokenizer)

    def _embed_query(self, text: str) -> tuple[float, ...]:
        return tuple(self._embed([self._query_prefix + text])[0].tolist())

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encodings = [self._truncated(encoding) for encoding in self._encoded(texts)]
        vectors = np.empty((len(texts), self._manifest.dimension), np.float32)

        def run(number: int) -> None:
            vectors[number] = self._run(encodings[number].ids)

        # One text at a time, each on a core of its own: nothing is padded, no thread waits for
        # another inside a layer (61 passages of 160 tokens a second on two cores, 47 in batches),
        # and a vector does not depend on its neighbours. The longest first, that none is left over.
        order = sorted(range(len(encodings)), key=lambda number: -len(encodings[number]))
        if len(order) == 1:
            run(0)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(run, order))
        return vectors

    def _encoded(self, texts: Sequence[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch(
            [encodable(text) for text in texts], add_special_tokens=False
        )

    def _truncated(self, encoding: Encoding) -> Encoding:
        # The tokenizer's own truncation is a state that threads would share with count_tokens.
        encoding.truncate(self._text_tokens)
        return self._tokenizer.post_process(encoding)

    def _run(self, ids: Sequence[int]) -> NDArray[np.float32]:
        input_ids = np.asarray([ids], np.int64)
        inputs = {"input_ids": input_ids, "attention_mask": np.ones_like(input_ids)}
        (vectors,) = self._session.run(None, inputs)
        return np.asarray(vectors[0], np.float32)


def open_tokenizer(path: Path) -> Tokenizer:
    """Open a tokenizer that neither pads nor truncates."""
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more precise.
        raise CompiledModelBroken(f"模型缓存 {path} 已损坏，请删除其文件夹后重试") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def open_session(path: Path) -> InferenceSession:
    """Open a graph for callers with threads of their own."""
    options = SessionOptions()
    options.intra_op_num_threads = 1  # The threads are ours: see `_embed`.
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    try:
        return InferenceSession(
            str(path),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_SLOW_FUSIONS,
        )
    except ONNX_ERRORS as error:
        raise CompiledModelBroken(f"模型缓存 {path} 已损坏，请删除其文件夹后重试") from error
