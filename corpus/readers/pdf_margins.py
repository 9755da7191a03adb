"""Where lines begin and end, column by column: what tells a full line and an indented one."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.readers.pdf_layout import Line, Page

_BIN = 3.0
# A page counts as shifted (bound left and right in turn) if both of its margins are.
_SHIFT = 6.0


@dataclass(frozen=True, slots=True)
class Margins:
    """The edges of a column; `has_indents` tells whether its paragraphs begin with blanks."""

    left: float
    right: float
    has_indents: bool


class MarginBook:
    """The margins of every column and cell of a document, page by page where they move."""

    def __init__(self, pages: Sequence[Page]) -> None:
        everywhere: defaultdict[str, list[Line]] = defaultdict(list)
        here: defaultdict[tuple[int, str], list[Line]] = defaultdict(list)
        for number, page in enumerate(pages):
            for line in _lines(page):
                everywhere[line.block].append(line)
                here[number, line.block].append(line)
        self._everywhere = {block: _margins(lines) for block, lines in everywhere.items()}
        self._here = {
            key: shifted
            for key, lines in here.items()
            if (shifted := _shifted(self._everywhere[key[1]], lines))
        }

    def of(self, page: int, block: str) -> Margins:
        """Return the margins of a block that stands on the page."""
        return self._here.get((page, block)) or self._everywhere[block]


def _lines(page: Page) -> Iterator[Line]:
    for block in page.blocks:
        if isinstance(block, Line):
            yield block
        else:
            yield from (line for cell in block.cells for line in cell.lines)


def _margins(lines: Sequence[Line]) -> Margins:
    left = _edge([line.x0 for line in lines])
    right = -_edge([-line.x1 for line in lines])
    indented = sum(1.2 * line.size < line.x0 - left < 3 * line.size for line in lines)
    return Margins(left, right, indented * 10 >= len(lines))


def _edge(places: Sequence[float]) -> float:
    """Return the lowest place at which several lines begin; a line that juts out is passed over."""
    bins = Counter(round(place / _BIN) for place in places)
    least = max(2, len(places) // 50)
    for number in sorted(bins):
        if bins[number] + bins[number + 1] >= least:
            return min(place for place in places if round(place / _BIN) in (number, number + 1))
    return min(places)


def _shifted(margins: Margins, lines: Sequence[Line]) -> Margins | None:
    if len(lines) < 5:
        return None
    own = _margins(lines)
    left, right = own.left - margins.left, own.right - margins.right
    if abs(left) > _SHIFT and abs(left - right) < _SHIFT:
        return Margins(own.left, own.right, margins.has_indents)
    return None
