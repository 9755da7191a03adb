"""The cell of a label that the layout sets beside its lines, at half their height.

Each label stands after as many lines of its cell as follow it, or up to two fewer; of a cell that
goes on over the page, only the lines on the label's page count.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Span

_LINE = re.compile(r"[^\n]+")
_PAGE = re.compile(r"\s*(?:\d{1,3}|[IVXivx]{1,5})\s*")
_SENTENCE_END = re.compile(r"[。；;!！?？]\s*$")
# 1. opens a list, （1） one that may stand within it.
_FIRST_ITEM = re.compile(r"\s*(?P<inner>[（(])?[1一][）)．.、]")
# 2. and what counts on go with what stands above them.
_LATER_ITEM = re.compile(r"\s*[（(]?(?:[2-9]|\d\d|[二三四五六七八九十]{1,2})[）)．.、](?!\d)")
# How many lines fewer may stand above a label than below it, the likeliest first.
_FEWER_ABOVE = (1, 2, 0, -1)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of some rows without labels and page numbers, and the page of each."""

    text: str
    spans: tuple[Span, ...]
    pages: tuple[int, ...]

    def above(self, label: Span) -> int:
        """Return how many lines stand above the label."""
        return sum(span.start < label.start for span in self.spans)

    def bottom(self, place: int) -> int:
        """Return the number of lines up to the end of the page on which a line stands."""
        page = self.pages[min(place, len(self.pages) - 1)]
        return max(at for at, one in enumerate(self.pages) if one == page) + 1

    def tops(self, label: Span, end: int) -> list[int]:
        """Return where the cell of a label may begin that ends before line `end`."""
        above = self.above(label)
        middle = 2 * above - min(end, self.bottom(above))
        places = [middle + fewer for fewer in _FEWER_ABOVE]
        return [at for at in places if 0 <= at <= above and at < end]

    def unlikeliness(self, label: Span | None, start: int, end: int) -> int:
        """Return how unlikely the label stands where it does, if these are its cell's lines."""
        if label is None:
            return 0
        above = self.above(label)
        fewer = start + min(end, self.bottom(above)) - 2 * above
        likely = fewer in _FEWER_ABOVE
        return _FEWER_ABOVE.index(fewer) if likely else len(_FEWER_ABOVE)

    def opening(self, place: int) -> int:
        """Tell how much speaks for a cell to begin here: what stands above is complete."""
        if place == len(self.spans):
            return 0
        start = self.spans[place].start
        if _LATER_ITEM.match(self.text, start):
            return 0
        item = _FIRST_ITEM.match(self.text, start)
        is_end = place == 0 or _SENTENCE_END.search(self.spans[place - 1].of(self.text))
        return (3 if is_end else 0) + (0 if item is None else 1 if item["inner"] else 2)


def read_cell(
    text: str, column: tuple[Span | None, Span, Span | None], others: Sequence[Span], rows: Span
) -> Span | None:
    """Return the cell of the middle one of three labels of a column, of which two may be missing.

    The first of the rows is the first of the upper label's cell, the last one the last of the
    lower one's.
    """
    upper, label, lower = column
    lines = _read_lines(text, [label, *others], rows)
    size = len(lines.spans)
    ends = [size] if lower is None else lines.tops(lower, size)
    edges = [(start, end) for end in ends for start in lines.tops(label, end)]

    def worth(edge: tuple[int, int]) -> tuple[int, int]:
        start, end = edge
        likely = lines.unlikeliness(upper, 0, start) + lines.unlikeliness(label, start, end)
        return (
            lines.opening(start) + lines.opening(end),
            -likely - lines.unlikeliness(lower, end, size),
        )

    best = max(edges, key=worth, default=None)
    return best and Span(lines.spans[best[0]].start, lines.spans[best[1] - 1].end)


def _read_lines(text: str, labels: Sequence[Span], rows: Span) -> _Lines:
    spans: list[Span] = []
    pages: list[int] = []
    page = 0
    for match in _LINE.finditer(text, rows.start, rows.end):
        line = Span(*match.span())
        if not match[0].strip() or any(line.holds(label) for label in labels):
            continue
        if _PAGE.fullmatch(match[0]):
            page += 1
            continue
        spans.append(line)
        pages.append(page)
    return _Lines(text, tuple(spans), tuple(pages))
