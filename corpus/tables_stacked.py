"""Indicator tables that lost their grid: one cell a line, header first.

Only a table whose header and rows can be told for sure is one; its rows may leave out the
category that is merged with the row above.
"""

import re
from collections.abc import Iterator, Sequence

from corpus.figures import is_blank, read_value
from corpus.model import Span, Table
from corpus.normal import normalise
from corpus.tables_header import Column, read_column, read_layout
from corpus.tables_lines import Line
from corpus.terms import unit_pattern

_FIRST = {"serial", "category", "name"}
_MIN_COLUMNS, _MAX_COLUMNS = 3, 12
_LONGEST = {"serial": 4, "unit": 12, "attribute": 8, "category": 20, "name": 60, "item": 60}
_LONGEST_TEXT = 80
_LONGEST_WORD = 8
_ATTRIBUTE = re.compile(r"(?:预期|约束|引导|指导)性?(?:指标)?")
_UNIT = re.compile(rf"[(]?[十百千万亿]*(?:{unit_pattern()})(?:/{unit_pattern()})?[)]?|[-—/]+")


def find_stacked_tables(text: str, lines: Sequence[Line]) -> Iterator[Table]:
    """Return the indicator tables that stand one cell a line."""
    position = 0
    while position < len(lines):
        columns = _header(lines, position)
        if columns is None:
            position += 1
            continue
        rows, end = _rows(lines, position + len(columns), columns)
        if not rows:
            position += 1
            continue
        header = tuple(line.trimmed for line in lines[position : position + len(columns)])
        yield Table(Span(header[0].start, lines[end - 1].trimmed.end), (header, *rows))
        position = end


def _header(lines: Sequence[Line], start: int) -> list[Column] | None:
    """Return the columns of the header that starts here, None if none does."""
    columns: list[Column] = []
    for line in lines[start : start + _MAX_COLUMNS]:
        if len(line.text) > 40:
            break
        column = read_column(line.text)
        if column.kind == "other" or (not columns and column.kind not in _FIRST):
            break
        columns.append(column)
    kinds = {column.kind for column in columns}
    proven = kinds & {"unit", "attribute", "base", "growth"}
    if len(columns) < _MIN_COLUMNS or not proven or "name" not in kinds:
        return None
    return columns if read_layout(columns) else None


def _rows(
    lines: Sequence[Line], position: int, columns: Sequence[Column]
) -> tuple[list[tuple[Span, ...]], int]:
    """Return the rows that follow and the line after them."""
    rows: list[tuple[Span, ...]] = []
    merged = next((i for i, column in enumerate(columns) if column.kind == "category"), None)
    while position < len(lines):
        row = _row(lines[position : position + len(columns)], columns)
        taken = len(columns)
        if row is None and merged is not None and rows:
            rest = [column for i, column in enumerate(columns) if i != merged]
            shorter = _row(lines[position : position + len(rest)], rest)
            if shorter is not None:
                row = (*shorter[:merged], rows[-1][merged], *shorter[merged:])
                taken = len(rest)
        if row is None:
            break
        rows.append(row)
        position += taken
    return rows, position


def _row(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[Span, ...] | None:
    """Return the cells if each line is what its column holds."""
    if len(lines) < len(columns) or lines[-1].number - lines[0].number >= len(columns):
        return None
    anchors = {"serial", "attribute", "unit"} & {column.kind for column in columns}
    for line, column in zip(lines, columns, strict=True):
        cell = normalise(line.text).strip()
        if len(line.text.strip()) > _LONGEST.get(column.kind, _LONGEST_TEXT):
            return None
        if not _fits(cell, column.kind, is_anchored=len(anchors) > 1):
            return None
    return tuple(line.trimmed for line in lines)


def _fits(cell: str, kind: str, *, is_anchored: bool) -> bool:
    if kind == "serial":
        return cell.strip("().").isdigit()
    if kind == "unit":
        is_word = is_anchored and len(cell) <= _LONGEST_WORD and not any(map(str.isdigit, cell))
        return is_word or _UNIT.fullmatch(cell) is not None
    if kind == "attribute":
        return _ATTRIBUTE.fullmatch(cell) is not None
    if kind in ("name", "category", "item"):
        return read_value(cell) is None and not is_blank(cell) and not _ATTRIBUTE.fullmatch(cell)
    # A target in words is one only where the cells beside it leave no doubt.
    is_figure = read_value(cell) is not None or is_blank(cell)
    return is_figure or (is_anchored and kind in ("target", "growth"))
