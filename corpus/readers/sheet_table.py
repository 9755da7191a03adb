"""The cells of one sheet → a table without its blank margins, and the lines around it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpus.readers.builder import DocumentBuilder
from corpus.readers.merged import count_header_rows

MOST_CELLS = 2_000_000
_NOTE = re.compile(r"注|备注|说明|(?:数据|资料)?来源")


class TooManyCells(Exception):
    """More cells than one file may ask for."""


@dataclass(slots=True)
class Sheet:
    """The cells with text by (row, column), and the ranges that are merged."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def collect(rows: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """Take the cells of numbered rows.

    Raises:
        TooManyCells: if there are more than `MOST_CELLS`, blank ones included.
    """
    sheet = Sheet()
    places = 0
    for number, row in rows:
        places += len(row)
        if places > MOST_CELLS:
            raise TooManyCells
        for column, text in enumerate(row):
            if text.strip():
                sheet.texts[number, column] = text
    return sheet


def write_sheet(sheet: Sheet, builder: DocumentBuilder) -> None:
    """Write what stands above the table, the table without blank rows and columns, the notes."""
    rows = sorted({row for row, _ in sheet.texts})
    columns = sorted({column for _, column in sheet.texts})
    if len(rows) * len(columns) > MOST_CELLS:
        raise TooManyCells
    anchors = _spread(sheet, rows, columns)
    numbers = {place: number for number, place in enumerate(sheet.texts)}
    blank = len(numbers)
    grid: list[list[tuple[int, str]]] = []
    for row in rows:
        grid.append([])
        for column in columns:
            place = anchors.get((row, column), (row, column))
            blank += place not in numbers
            grid[-1].append((numbers.get(place, blank), sheet.texts.get(place, "")))
    first, last = _find_table(grid)
    for line in grid[:first]:
        builder.add_paragraph(_only_text(line))
    table = grid[first:last]
    header_rows = count_header_rows([[number for number, _ in row] for row in table])
    builder.add_grid(table, header_rows=header_rows)
    for line in grid[last:]:
        builder.add_paragraph(_only_text(line))


def _spread(
    sheet: Sheet, rows: Sequence[int], columns: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return, for each place that a merged cell covers, the place where it begins."""
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    covered = 0
    for top, left, bottom, right in sheet.merged:
        inner_rows = rows[bisect_left(rows, top) : bisect_right(rows, bottom)]
        inner_columns = columns[bisect_left(columns, left) : bisect_right(columns, right)]
        covered += len(inner_rows) * len(inner_columns)
        if covered > MOST_CELLS:
            raise TooManyCells
        for row in inner_rows:
            for column in inner_columns:
                anchors[row, column] = (top, left)
    return anchors


def _find_table(grid: list[list[tuple[int, str]]]) -> tuple[int, int]:
    """Return the table's rows; a title or unit above and a note below are lines of their own."""
    first, last = 0, len(grid)
    if not grid or len(grid[0]) < 2:
        return first, last
    while first < last and (_only_text(grid[first]) and _is_aside(grid[first])):
        first += 1
    while last > first + 1 and _NOTE.match(_only_text(grid[last - 1])):
        last -= 1
    return first, last


def _only_text(row: Sequence[tuple[int, str]]) -> str:
    """Return the text of a row with a single cell that has any, else nothing."""
    texts = {number: text for number, text in row if text.strip()}
    return next(iter(texts.values())) if len(texts) == 1 else ""


def _is_aside(row: Sequence[tuple[int, str]]) -> bool:
    """Tell whether a row's only text starts on the left, is merged, or gives the unit."""
    return (
        bool(row[0][1].strip())
        or len({number for number, _ in row}) < len(row)
        or "单位" in (_only_text(row))
    )
