"""Where the tables are: those that a format marks, and those that stand as text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Span, Table
from corpus.tables_aligned import find_aligned_tables
from corpus.tables_grid import find_grids
from corpus.tables_header import count_header_rows
from corpus.tables_lines import Line, read_lines
from corpus.tables_stacked import find_stacked_tables

_CAPTION = re.compile(
    r"[#*\s]*(?:(?:续|附)?表\s*[\d一二三四五六七八九十]|附[件表录]|专栏)"
    r"|.*(?:指标|[一总汇明细览]表|清单|目录|目标|名单)(?:体系)?"
    r"(?:\s*[(\uff08][^()\uff08\uff09]{0,20}[)\uff09])?\W*$"
)
_UNIT_LINE = re.compile(r"\s*[(\uff08]?\s*(?:计量)?单位\s*[:\uff1a]")
_SENTENCE = re.compile(r"[。;\uff1b\uff01!?\uff1f]")
_LONGEST_CAPTION = 60


def find_tables(text: str, known: Sequence[Table] = ()) -> tuple[Table, ...]:
    """Return all tables in the order of the text, each with its caption and header rows.

    `known` are those that the file's format marks; what stands as a table in plain text (pipes,
    tabs, cells aligned by blanks, one cell a line) is found only outside of them.
    """
    tables = sorted((_without_title(text, table) for table in known), key=lambda one: one.span)
    lines = read_lines(text)
    for find in (find_grids, find_aligned_tables, find_stacked_tables):
        free = _outside(lines, tables)
        tables = sorted([*tables, *find(text, free)], key=lambda one: one.span)
    return tuple(_completed(text, lines, tables))


def _outside(lines: Sequence[Line], tables: Sequence[Table]) -> list[Line]:
    """Return the lines that no table covers; `Line.number` tells where one was left out."""
    ends = [table.span.end for table in tables]
    starts = [table.span.start for table in tables]
    return [
        line
        for line in lines
        if bisect_left(starts, line.span.end) == bisect_right(ends, line.span.start)
    ]


def _without_title(text: str, table: Table) -> Table:
    """Take rows that hold one cell alone off the top: the first is the caption."""
    if table.caption is not None:
        return table
    caption: Span | None = None
    position = 0
    while position < len(table.rows) - 1:
        cells = {cell for cell in table.rows[position] if cell.of(text).strip()}
        if len(cells) > 1 or len({*table.rows[position + 1]}) < 2:
            break
        only = next(iter(cells), None)
        if only is not None and caption is None and len(only) <= _LONGEST_CAPTION:
            caption = only
        position += 1
    if not position or len(table.rows[0]) < 2:
        return table
    start = min(cell.start for cell in table.rows[position])
    return Table(
        Span(start, table.span.end),
        table.rows[position:],
        max(1, table.header_rows - position),
        caption,
    )


def _completed(text: str, lines: Sequence[Line], tables: Sequence[Table]) -> list[Table]:
    starts = [line.span.start for line in lines]
    completed: list[Table] = []
    for position, table in enumerate(tables):
        floor = tables[position - 1].span.end if position else 0
        above = lines[: bisect_left(starts, table.span.start)][-3:]
        caption = table.caption or _caption([line for line in above if line.span.start >= floor])
        rows = count_header_rows(text, table) if table.rows else table.header_rows
        completed.append(replace(table, caption=caption, header_rows=rows))
    return completed


def _caption(above: Sequence[Line]) -> Span | None:
    """Return the table's title: the last short line above it that is not about its unit."""
    for line in reversed(above):
        if _UNIT_LINE.match(line.text) and len(line.text) < _LONGEST_CAPTION:
            continue
        is_title = len(line.text) <= _LONGEST_CAPTION and not _SENTENCE.search(line.text)
        return line.trimmed if is_title and _CAPTION.match(line.text) else None
    return None
