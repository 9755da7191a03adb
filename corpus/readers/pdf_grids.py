"""Drawn rules → tables: which cells they make, and what stands in them.

Own code where pdfplumber has a table finder: that one needs every cell closed on four sides, and
tables of official documents are often open to the left and right.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

from corpus.readers.pdf_layout import Cell, Glyph, Grid, Rule
from corpus.readers.pdf_lines import find_lines
from corpus.readers.pdf_unruled import split_rows

# Rules so near to each other (points) are one: double lines, the two sides of a thick one.
_NEAR = 3.0
# More than this on one page is a drawing, or made to keep us busy.
_MAX_RULES = 20_000
_MAX_PAIRS = 1_000_000
_MAX_CELLS = 20_000
_MAX_FRAMES = 200


def find_grids(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> tuple[list[Grid], list[Glyph]]:
    """Return the tables from top to bottom, and the characters that stand in none of them.

    A frame of one column is no table: what stands in it is text.
    """
    frames = [frame for part in _connected(rules)[:_MAX_FRAMES] if (frame := _frame(part))]
    grids: list[Grid] = []
    rest = list(glyphs)
    for frame in frames:
        inside = [glyph for glyph in rest if frame.holds(glyph)]
        if inside:
            grids.append(split_rows(_grid(frame, inside)))
            rest = [glyph for glyph in rest if not frame.holds(glyph)]
    return sorted(grids, key=lambda grid: (grid.top, grid.columns)), rest


@dataclass(slots=True)
class _Part:
    """Rules that touch each other."""

    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The lattice of a table; `owner` names the cell of each place, row by row."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[int, ...], ...]

    def holds(self, glyph: Glyph) -> bool:
        """Tell whether a character stands within the outer border."""
        x = (glyph.x0 + glyph.x1) / 2
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= glyph.middle <= self.ys[-1]

    def cell_of(self, glyph: Glyph) -> int:
        """Return the cell in which a character stands."""
        x = (glyph.x0 + glyph.x1) / 2
        row = min(bisect_right(self.ys, glyph.middle), len(self.ys) - 1) - 1
        column = min(bisect_right(self.xs, x), len(self.xs) - 1) - 1
        return self.owner[row][column]


def _connected(rules: Sequence[Rule]) -> list[_Part]:
    """Return the groups of rules that touch, each of which may be a table."""
    if len(rules) > _MAX_RULES:
        return []
    horizontal = _merge([rule for rule in rules if rule.is_horizontal], is_horizontal=True)
    vertical = _merge([rule for rule in rules if not rule.is_horizontal], is_horizontal=False)
    if len(horizontal) * len(vertical) > _MAX_PAIRS:
        return []
    groups = _Groups(len(horizontal) + len(vertical))
    for i, across in enumerate(horizontal):
        for j, down in enumerate(vertical, start=len(horizontal)):
            if _touch(across, down):
                groups.join(i, j)
    parts: defaultdict[int, _Part] = defaultdict(_Part)
    for i, across in enumerate(horizontal):
        parts[groups.find(i)].horizontal.append(across)
    for j, down in enumerate(vertical, start=len(horizontal)):
        parts[groups.find(j)].vertical.append(down)
    return [part for part in parts.values() if part.horizontal and part.vertical]


def _merge(rules: Iterable[Rule], *, is_horizontal: bool) -> list[Rule]:
    """Join the pieces of one line; Word draws a border cell by cell."""

    def place(rule: Rule) -> float:
        return rule.top if is_horizontal else rule.x0

    def start(rule: Rule) -> float:
        return rule.x0 if is_horizontal else rule.top

    tracks: list[list[Rule]] = []
    for rule in sorted(rules, key=place):
        if not tracks or place(rule) - place(tracks[-1][0]) > _NEAR:
            tracks.append([])
        tracks[-1].append(rule)
    merged: list[Rule] = []
    for track in tracks:
        end = -inf
        for rule in sorted(track, key=start):
            if start(rule) > end + _NEAR:
                merged.append(rule)
            else:
                last = merged[-1]
                merged[-1] = Rule(
                    last.x0, max(last.x1, rule.x1), last.top, max(last.bottom, rule.bottom)
                )
            end = max(end, rule.x1 if is_horizontal else rule.bottom)
    return merged


def _touch(across: Rule, down: Rule) -> bool:
    return (
        across.x0 - _NEAR <= down.x0 <= across.x1 + _NEAR
        and down.top - _NEAR <= across.top <= down.bottom + _NEAR
    )


class _Groups:
    """Union-find: which of the numbers 0 to n - 1 belong together."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, number: int) -> int:
        """Return the number that stands for the group."""
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, first: int, second: int) -> None:
        """Make two groups one; the smaller number stands for it."""
        first, second = self.find(first), self.find(second)
        self._parent[max(first, second)] = min(first, second)


def _frame(part: _Part) -> _Frame | None:
    """Return the lattice, None if it has one column only."""
    # The outer border may be missing: the ends of the rules stand for it.
    xs = _places(
        [rule.x0 for rule in part.vertical],
        [rule.x0 for rule in part.horizontal] + [rule.x1 for rule in part.horizontal],
    )
    ys = _places(
        [rule.top for rule in part.horizontal],
        [rule.top for rule in part.vertical] + [rule.bottom for rule in part.vertical],
    )
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _MAX_CELLS:
        return None
    owner = _owners(part, xs, ys)
    # One cell in every row: boxes one below the other.
    return _Frame(xs, ys, owner) if any(len(set(row)) > 1 for row in owner) else None


def _places(rules: Sequence[float], ends: Sequence[float]) -> tuple[float, ...]:
    """Return the positions of a lattice's rules, those that are near to each other as one."""
    places: list[float] = []
    for place in sorted([*rules, min(ends), max(ends)]):
        if not places or place - places[-1] > _NEAR:
            places.append(place)
    return tuple(places)


def _owners(
    part: _Part, xs: tuple[float, ...], ys: tuple[float, ...]
) -> tuple[tuple[int, ...], ...]:
    """Return for each place of the lattice its cell: places without a rule between are one."""
    rows, columns = len(ys) - 1, len(xs) - 1
    across = [[rule for rule in part.horizontal if abs(rule.top - y) <= _NEAR] for y in ys]
    down = [[rule for rule in part.vertical if abs(rule.x0 - x) <= _NEAR] for x in xs]
    groups = _Groups(rows * columns)
    for row in range(rows):
        y = (ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            x = (xs[column] + xs[column + 1]) / 2
            place = row * columns + column
            if column + 1 < columns and not any(
                rule.top <= y <= rule.bottom for rule in down[column + 1]
            ):
                groups.join(place, place + 1)
            if row + 1 < rows and not any(rule.x0 <= x <= rule.x1 for rule in across[row + 1]):
                groups.join(place, place + columns)
    owner = _rectangles([groups.find(place) for place in range(rows * columns)], columns)
    return tuple(tuple(owner[row * columns : (row + 1) * columns]) for row in range(rows))


def _rectangles(owner: Sequence[int], columns: int) -> list[int]:
    """Let the places of a cell that is no rectangle stand alone."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(owner):
        places[number].append(place)
    result = list(owner)
    for inside in places.values():
        top, bottom, left, right = _extent(inside, columns)
        if (bottom - top) * (right - left) != len(inside):
            for place in inside:
                result[place] = place
    return result


def _extent(places: Sequence[int], columns: int) -> tuple[int, int, int, int]:
    rows = [place // columns for place in places]
    places_across = [place % columns for place in places]
    return min(rows), max(rows) + 1, min(places_across), max(places_across) + 1


def _grid(frame: _Frame, glyphs: Sequence[Glyph]) -> Grid:
    columns = len(frame.xs) - 1
    content: defaultdict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        content[frame.cell_of(glyph)].append(glyph)
    places: defaultdict[int, list[int]] = defaultdict(list)
    for row, owners in enumerate(frame.owner):
        for column, number in enumerate(owners):
            places[number].append(row * columns + column)
    cells = []
    for number, inside in places.items():
        top, bottom, left, right = _extent(inside, columns)
        # A cell that goes on over the page has the same margins there: so it is named by them.
        block = f"cell {frame.xs[left]:.0f} {frame.xs[right]:.0f}"
        cells.append(
            Cell(top, left, bottom, right, tuple(find_lines(content.get(number, ()), block)))
        )
    return Grid(frame.ys[0], frame.ys[-1], frame.xs, len(frame.ys) - 1, tuple(cells))
