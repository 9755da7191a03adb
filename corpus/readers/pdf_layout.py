"""What stands where on a page: the types that PDF, OFD and scanned pages have in common.

Positions run to the right and down; the unit is the page's own (points, millimetres, pixels).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and the box that it takes up; `top` to `bottom` is about its size."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """Return the height of the box."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Return the vertical centre."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line, horizontal or vertical; a thin rectangle is one as well.

    `top` is the smaller of its two vertical places, whichever way its page counts.
    """

    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        """Tell which way it runs."""
        return self.x1 - self.x0 >= self.bottom - self.top

    @property
    def thickness(self) -> float:
        """Return the shorter of its sides."""
        return min(self.x1 - self.x0, self.bottom - self.top)

    def thinned(self) -> "Rule":
        """Return the middle line of a thin rectangle."""
        if self.is_horizontal:
            middle = (self.top + self.bottom) / 2
            return Rule(self.x0, self.x1, middle, middle)
        middle = (self.x0 + self.x1) / 2
        return Rule(middle, middle, self.top, self.bottom)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `block` names the column or cell whose margins it keeps."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    block: str = ""

    @property
    def size(self) -> float:
        """Return about the size of its characters."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: the rows and columns that it covers, ends excluded, and its lines."""

    row: int
    column: int
    row_end: int
    column_end: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table on one page; `columns` are the positions of its vertical rules."""

    top: float
    bottom: float
    columns: tuple[float, ...]
    row_count: int
    cells: tuple[Cell, ...]


Point: TypeAlias = tuple[float, float]
Block: TypeAlias = Line | Grid


def outline_rules(
    points: Sequence[Point], *, thin: float, shortest: float, is_stroked: bool
) -> Iterator[Rule]:
    """Yield the rules that a straight-sided outline draws: itself if it is thin, or its sides.

    What is filled but not stroked has no sides: it is the ground of a cell or of marked words.
    """
    whole = _box(points)
    if whole.thickness <= thin:
        sides = [whole]
    else:
        sides = [_box(side) for side in pairwise(points)] if is_stroked else []
    for side in sides:
        if side.thickness <= thin and max(side.x1 - side.x0, side.bottom - side.top) >= shortest:
            yield side.thinned()


def _box(points: Sequence[Point]) -> Rule:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Rule(min(xs), max(xs), min(ys), max(ys))


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines and tables in reading order."""

    width: float
    height: float
    blocks: tuple[Block, ...]
