"""Builds a document's canonical text piece by piece, noting where each piece stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from corpus.model import Document, Span, StyledHeading, Table

# A cell is one line of the canonical text; its own line breaks and tabs become blanks.
_BREAKS = re.compile(r"[\t\r\n\f\v\u2028\u2029]+")


@dataclass(slots=True)
class DocumentBuilder:
    """Collects lines, tables and pages in reading order.

    Paragraphs end with a line break. A table is one line a row, its cells parted by tabs.
    """

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _tables: list[Table] = field(default_factory=list)
    _headings: list[StyledHeading] = field(default_factory=list)
    _page_starts: list[int] = field(default_factory=list)
    _warnings: list[str] = field(default_factory=list)

    def start_page(self, at: int | None = None) -> None:
        """Begin the next page here, or at an offset inside the paragraph or table added last.

        The first call comes before any text.
        """
        self._page_starts.append(self._length if at is None else at)

    def add_paragraph(self, text: str, *, heading_level: int | None = None) -> Span | None:
        """Add one paragraph; return where it stands, None if there is nothing in it."""
        text = text.strip("\r\n")
        if not text.strip():
            return None
        span = self._append(text)
        self._append("\n")
        if heading_level is not None:
            self._headings.append(StyledHeading(span, heading_level))
        return span

    def add_table(self, rows: Sequence[Sequence[str]], *, header_rows: int = 1) -> None:
        """Add a table without merged cells; short rows are filled up with blank cells."""
        numbers = count()
        self.add_grid(
            [[(next(numbers), text) for text in row] for row in rows], header_rows=header_rows
        )

    def add_grid(
        self, rows: Sequence[Sequence[tuple[int, str]]], *, header_rows: int = 1
    ) -> tuple[int, ...]:
        """Add a table whose places are (cell number, text): equal numbers are one merged cell.

        The text of a merged cell is written once, in its first place. Return the offset at which
        each row's line begins, nothing if the table is blank.
        """
        width = max((len(row) for row in rows), default=0)
        if not any(text.strip() for row in rows for _, text in row):
            return ()
        start = self._length
        written: dict[int, Span] = {}
        grid: list[tuple[Span, ...]] = []
        row_starts: list[int] = []
        for row in rows:
            row_starts.append(self._length)
            spans: list[Span] = []
            for place in range(width):
                if place:
                    self._append("\t")
                if place >= len(row):
                    spans.append(Span(self._length, self._length))
                    continue
                number, text = row[place]
                if number not in written:
                    written[number] = self._append(_BREAKS.sub(" ", text).strip())
                spans.append(written[number])
            grid.append(tuple(spans))
            self._append("\n")
        self._tables.append(Table(Span(start, self._length - 1), tuple(grid), header_rows))
        return tuple(row_starts)

    def warn(self, message: str) -> None:
        """Note in Chinese what of the file could not be read."""
        self._warnings.append(message)

    def build(self, *, title: str | None = None) -> Document:
        """Return the finished document."""
        return Document(
            text="".join(self._parts),
            tables=tuple(self._tables),
            headings=tuple(self._headings),
            page_starts=tuple(self._page_starts),
            title=title,
            warnings=tuple(dict.fromkeys(self._warnings)),
        )

    def _append(self, text: str) -> Span:
        self._parts.append(text)
        self._length += len(text)
        return Span(self._length - len(text), self._length)
