"""What a reranker is given and what it returns, whatever runs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

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

    def moved(self, by: int) -> "Reading":
        """Return the reading as one of a text that has so many characters more before it."""
        span = self.span and Span(self.span.start + by, self.span.end + by)
        return Reading(self.relevance, span)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted for a model, on its training part alone.

    `weight` is the share of its relevance in the score of a passage, the rest is retrieval's.
    `refusal` takes the place of what `refusal.json` has. `reads` tells whether the spans it reads
    are closer to what was asked than the sentences that rules choose.
    """

    weight: float = 0.5
    refusal: Mapping[str, Any] | None = None
    reads: bool = False


class Reranker(Protocol):
    """Reads passages with a question in mind."""

    @property
    def fitted(self) -> Fitted:
        """Return what was fitted for this model."""
        ...

    def read(self, question: str, passages: Sequence[Told]) -> list[Reading]:
        """Return one reading a passage, in the order given."""
        ...
