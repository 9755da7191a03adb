"""Where labelled words stand in a text, whatever blanks a reader kept or dropped between them."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Span


def squeeze(text: str) -> str:
    """Return the text without blanks and invisible characters."""
    return "".join(character for character in text if _is_visible(character))


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) != "Cf"


@dataclass(frozen=True)
class Places:
    """A text in which words are looked up; positions are those of the text itself."""

    text: str
    visible: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Places":
        """Prepare a text."""
        offsets = tuple(i for i, character in enumerate(text) if _is_visible(character))
        return cls(text, "".join(text[i] for i in offsets), offsets)

    def find(self, words: str, start: int = 0) -> Span | None:
        """Return the first place of the words that starts at `start` or after it, if any."""
        wanted = squeeze(words)
        found = self.visible.find(wanted, bisect_left(self.offsets, start)) if wanted else -1
        if found < 0:
            return None
        return Span(self.offsets[found], self.offsets[found + len(wanted) - 1] + 1)

    def find_all(self, words: str) -> Iterator[Span]:
        """Yield every place of the words."""
        span = self.find(words)
        while span is not None:
            yield span
            span = self.find(words, span.start + 1)


def overlap(left: Span, right: Span) -> int:
    """Return how many characters two spans share."""
    return max(0, min(left.end, right.end) - max(left.start, right.start))
