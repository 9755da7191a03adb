"""What a reranker is given and what it returns, whatever runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.model import Span


@dataclass(frozen=True, slots=True)
class Told:
    """A passage and the words above it, which are read with it but never quoted."""

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How likely a passage answers, 0..1, and the span of its text that does, if that is read."""

    relevance: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted for a model, on its training part alone.

    `weight` is the share of its relevance in the score of a passage, the rest is retrieval's;
    `refusal` the weights, intercept and threshold that take the place of `refusal.json`'s.
    """

    weight: float = 0.5
    refusal: Mapping[str, float] | None = None


class Reranker(Protocol):
    """Reads passages with a question in mind."""

    @property
    def fitted(self) -> Fitted:
        """Return what was fitted for this model."""
        ...

    def read(self, question: str, passages: Sequence[Told]) -> list[Reading]:
        """Return one reading a passage, in the order given."""
        ...
