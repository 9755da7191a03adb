"""Embedding models for measuring, made of the real one."""

from assistant.models import ModelIdentity, TextEmbeddings
from corpus.tokens import TokenCounter


class DelegatingEmbeddings(TextEmbeddings):
    """The real model but for passages, whose vectors a subclass gives in its own way."""

    def __init__(self, embeddings: TextEmbeddings) -> None:
        """Stand in front of a model."""
        self._embeddings = embeddings

    @property
    def identity(self) -> ModelIdentity:
        """Return the identity of the real model."""
        return self._embeddings.identity

    @property
    def count_tokens(self) -> TokenCounter:
        """Return the real model's counter."""
        return self._embeddings.count_tokens

    def embed_query(self, text: str) -> list[float]:
        """Return the real vector of a question."""
        return self._embeddings.embed_query(text)
