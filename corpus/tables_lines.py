"""The lines of a text that hold anything, each with its place."""

import re
from dataclasses import dataclass

from corpus.model import Span

_FILLED = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number among the lines that are not blank."""

    number: int
    span: Span
    text: str

    @property
    def trimmed(self) -> Span:
        """Return where the line stands without the blanks at its ends."""
        start = self.span.start + len(self.text) - len(self.text.lstrip())
        return Span(start, start + len(self.text.strip()))


def read_lines(text: str) -> list[Line]:
    """Return the lines that are not blank."""
    return [
        Line(number, Span(*match.span()), match[0])
        for number, match in enumerate(_FILLED.finditer(text))
    ]
