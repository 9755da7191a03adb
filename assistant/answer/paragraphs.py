"""An answer's text → its paragraphs and tables, for whatever shows it.

A table is a line of cells between bars, a line of dashes below it, and at least one row.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

Row: TypeAlias = tuple[str, ...]

_RULE = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+")


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in an answer; every row has as many cells as the head."""

    head: Row
    rows: tuple[Row, ...]


def read_paragraphs(text: str) -> list[str | TextTable]:
    """Return the lines that are not blank, and the tables that others make up, in order."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    found: list[str | TextTable] = []
    place = 0
    while place < len(lines):
        end = _table_end(lines, place)
        if end > place:
            head, *rows = (_cells(line) for line in lines[place:end] if not _RULE.fullmatch(line))
            width = len(head)
            found.append(TextTable(head, tuple((*row, *[""] * width)[:width] for row in rows)))
        else:
            found.append(lines[place])
        place = max(end, place + 1)
    return found


def _table_end(lines: list[str], place: int) -> int:
    """Return where the table that begins here ends; the place itself where none does."""
    is_table = lines[place].startswith("|") and place + 1 < len(lines)
    if not is_table or not _RULE.fullmatch(lines[place + 1]):
        return place
    end = place + 2
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return end if end > place + 2 else place


def _cells(line: str) -> Row:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))
