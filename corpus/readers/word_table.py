"""The grid of a Word table: which of its cells stand in which places."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.readers.merged import count_header_rows
from corpus.readers.word_text import choose
from corpus.readers.word_xml import child, is_on, number, value
from corpus.readers.zipped import Element, local_name

# What may stand between a container and its paragraphs, rows or cells without being one.
TRANSPARENT = frozenset(("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_MOST_COLUMNS = 63  # that Word allows


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the grid: the number of the cell in it, and the cell where it begins there."""

    number: int
    cell: Element | None


@dataclass(frozen=True, slots=True)
class WordGrid:
    """A table's places, row by row, and how many rows make up the header."""

    rows: list[list[Place]]
    header_rows: int


def children(element: Element, wanted: frozenset[str]) -> Iterator[Element]:
    """Yield the wanted children, through wrappers that mean nothing here."""
    for item in element:
        name = local_name(item)
        if name in wanted:
            yield item
        elif name in TRANSPARENT:
            yield from children(item, wanted)
        elif name == "AlternateContent":
            yield from children(choose(item), wanted)


def find_rows(table: Element) -> list[list[Element]]:
    """Return the cells of each row that is not deleted."""
    return [list(children(row, frozenset(("tc",)))) for row in _rows(table)]


def read_grid(table: Element) -> WordGrid:
    """Lay the cells out: merged ones stand in every place that they cover."""
    grid: list[list[Place]] = []
    marked = 0
    next_number = 0
    above: dict[int, int] = {}
    for row in _rows(table):
        places: list[Place] = []
        merged: dict[int, int] = {}
        next_number = _blanks(places, number(row, "trPr", "gridBefore"), next_number)
        for cell in children(row, frozenset(("tc",))):
            column = len(places)
            merge = child(cell, "tcPr", "vMerge")
            is_continued = merge is not None and value(merge) != "restart" and column in above
            cell_number = above[column] if is_continued else next_number
            next_number += not is_continued
            if merge is not None:
                merged[column] = cell_number
            span = min(max(number(cell, "tcPr", "gridSpan") or 1, 1), _MOST_COLUMNS)
            places.append(Place(cell_number, None if is_continued else cell))
            places.extend([Place(cell_number, None)] * (span - 1))
        next_number = _blanks(places, number(row, "trPr", "gridAfter"), next_number)
        above = merged
        marked += len(grid) == marked and is_on(row, "trPr", "tblHeader")
        grid.append(places)
    numbers = [[place.number for place in places] for places in grid]
    return WordGrid(grid, marked if 0 < marked < len(grid) else count_header_rows(numbers))


def _rows(table: Element) -> Iterator[Element]:
    for row in children(table, frozenset(("tr",))):
        if child(row, "trPr", "del") is None:
            yield row


def _blanks(places: list[Place], count: int | None, next_number: int) -> int:
    count = min(count or 0, _MOST_COLUMNS)
    places.extend(Place(next_number + i, None) for i in range(count))
    return next_number + count
