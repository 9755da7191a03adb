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
_FIRST_ITEM = re.compile(r"\s*[（(]?[1一][）)．.、]")
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

    def top_of(self, label: Span, end: int, *, lowest: int = 0) -> int | None:
        """Return where the cell of a label begins that ends before line `end`."""
        above = self.above(label)
        middle = 2 * above - min(end, self.bottom(above))
        places = [middle + fewer for fewer in _FEWER_ABOVE]
        fitting = [at for at in places if lowest <= at <= above and at < end]
        return max(fitting, key=self._is_top, default=None)

    def _is_top(self, place: int) -> int:
        """Tell how much speaks for a cell to begin here: what stands above is complete."""
        start = self.spans[place].start
        if _LATER_ITEM.match(self.text, start):
            return 0
        is_item = _FIRST_ITEM.match(self.text, start) is not None
        is_end = place == 0 or _SENTENCE_END.search(self.spans[place - 1].of(self.text))
        return (2 if is_end else 0) + is_item


def read_cell(
    text: str, label: Span, below: Span | None, others: Sequence[Span], rows: Span
) -> Span | None:
    """Return the cell of the label within the rows; `below` is the label of the row below it."""
    lines = _read_lines(text, [label, *others], rows)
    if not lines.spans:
        return None
    end = len(lines.spans)
    if below is not None:
        found = lines.top_of(below, end, lowest=max(lines.above(label), 1))
        if found is None:
            return None
        end = found
    start = lines.top_of(label, end)
    if start is None:
        return None
    return Span(lines.spans[start].start, lines.spans[end - 1].end)


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
