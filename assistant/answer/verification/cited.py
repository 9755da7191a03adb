"""What a statement cites, made ready to be compared with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answer.model import Citation
from assistant.answer.verification.figures import Figure, source_figures
from corpus.normal import normalise

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Cited:
    """Citations and the views of their words; each view is made once, and only if needed."""

    citations: tuple[Citation, ...]

    @cached_property
    def literal(self) -> str:
        """Return the quotes, one a line; a heading over two lines is shown on one."""
        return "\n".join(" ".join(citation.quote.split()) for citation in self.citations)

    @cached_property
    def text(self) -> str:
        """Return the quotes in normal form."""
        return "\n".join(normalise(citation.quote) for citation in self.citations)

    @cached_property
    def packed(self) -> str:
        """Return the quotes and where they stand, without blanks and quotation marks."""
        return pack(f"{self.literal}\n{self.around}")

    @cached_property
    def around(self) -> str:
        """Return the titles and headings under which the quotes stand, in normal form."""
        return normalise(
            "\n".join(f"{citation.plan_title}\n{citation.section}" for citation in self.citations)
        )

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of the plans, the longest first."""
        found = {citation.plan_title for citation in self.citations}
        return tuple(sorted(found, key=len, reverse=True))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Return all figures of the quotes."""
        return tuple(
            figure for citation in self.citations for figure in source_figures(citation.quote)
        )

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """Return the quotes in normal form, cut at commas and line ends."""
        return tuple(
            clause
            for citation in self.citations
            for line in _lines(citation.quote)
            for clause in split_clauses(line)
        )


def cite(citations: Sequence[Citation]) -> Cited:
    """Put citations together as what one statement rests on."""
    return Cited(tuple(citations))


def split_clauses(text: str) -> list[str]:
    """Cut a (normalised) text at its commas, stops and line ends."""
    # Not at the comma of 1,200.
    found = re.split(r"(?<!\d),|,(?!\d{3})|[。;:!?\n]", text)
    return [clause.strip() for clause in found if clause.strip()]


def pack(text: str) -> str:
    """Return the text as quotations are compared: one width, no blanks, no quotation marks."""
    return re.sub(r"[“”‘’「」『』\"']", "", _BLANKS.sub("", normalise(text)))


def _lines(quote: str) -> list[str]:
    """Return a quote as its own lines, and as one text where a sentence is broken over lines."""
    whole = normalise(quote)
    single = [normalise(line) for line in quote.split("\n")]
    return [whole] if len(single) == 1 else [*single, whole]
