"""Rows of a table that no rule parts: a frame and its columns, figures below each other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.readers.pdf_layout import Cell, Grid

# Fewer lines in every cell may be a header that breaks its lines.
_LINES = 3
_COLUMNS = 3
# Lines of one row stand at one height, to within so much of their size.
_ALIGNED = 0.4


def split_rows(grid: Grid) -> Grid:
    """Part each row whose cells all hold as many lines, at the same heights."""
    shifts = [0] * (grid.row_count + 1)
    parted: dict[int, int] = {}
    for row in range(grid.row_count):
        count = _lines_in_row([cell for cell in grid.cells if cell.row <= row < cell.row_end])
        if count:
            parted[row] = count
        shifts[row + 1] = shifts[row] + (count or 1)
    if not parted:
        return grid
    cells = [new for cell in grid.cells for new in _parted(cell, parted, shifts)]
    return replace(grid, row_count=shifts[-1], cells=tuple(cells))


def _lines_in_row(cells: Sequence[Cell]) -> int:
    """Return into how many rows this one falls apart, 0 if it does not."""
    inked = [cell for cell in cells if cell.lines]
    if len(inked) < _COLUMNS or any(cell.row_end - cell.row > 1 for cell in cells):
        return 0
    first = inked[0].lines
    if len(first) < _LINES or any(len(cell.lines) != len(first) for cell in inked):
        return 0
    is_aligned = all(
        abs(line.top - other.top) <= _ALIGNED * line.size
        for cell in inked[1:]
        for line, other in zip(first, cell.lines, strict=True)
    )
    return len(first) if is_aligned else 0


def _parted(cell: Cell, parted: dict[int, int], shifts: Sequence[int]) -> Iterator[Cell]:
    count = parted.get(cell.row, 0)
    if not count:
        yield replace(cell, row=shifts[cell.row], row_end=shifts[cell.row_end])
        return
    for number in range(count):
        row = shifts[cell.row] + number
        lines = cell.lines[number : number + 1]
        yield replace(cell, row=row, row_end=row + 1, lines=lines)
