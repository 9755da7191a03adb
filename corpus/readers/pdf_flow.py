"""Pages of lines and tables → paragraphs and tables that run on over the page's end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.readers.builder import DocumentBuilder
from corpus.readers.pdf_layout import Cell, Grid, Line, Page
from corpus.readers.pdf_margins import MarginBook, Margins

_NUMERAL = "[一二三四五六七八九十百零〇两]"
_LABEL = re.compile(
    rf"第(?:{_NUMERAL}{{1,5}}|\d{{1,3}})[篇章节条编]|{_NUMERAL}{{1,3}}[、是]|专栏|附[件录表]"
    rf"|[(\uff08](?:{_NUMERAL}{{1,3}}|\d{{1,2}})[)\uff09]|\d{{1,2}}(?:[.\uff0e](?!\d)|、)"
    r"|[①-⑳●•◆■▪◇□○★]|——"
)
_SENTENCE_END = re.compile(r"[。！!？?；;：:][”’\"」』）)》]{0,4}\Z")
# 第一章 总则 ........ 12: an entry of a table of contents ends here, though its line is full.
_LEADER_END = re.compile(r"(?:\.{3}|…|·{3})\s{0,3}[-\d ivxlIVXL]{0,12}\Z")
# What cannot be parted at a line's end: a word or figure, or a character with what follows it.
_TOKEN = re.compile(r"[!-~]+|.[\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff09\u300b\u201d]*")

# A row whose widest cell has so many lines is prose in a frame: it is read as paragraphs.
_PROSE_LINES = 4
_PROSE_WIDTH = 0.5
_SAME_COLUMN = 5.0
_MAX_HEADER_ROWS = 4


def write_pages(pages: Sequence[Page], builder: DocumentBuilder) -> None:
    """Write what the pages hold, each paragraph and table as one, whatever page it ends on."""
    writer = _Writer(builder, MarginBook(pages))
    for number, page in enumerate(pages):
        writer.start_page(number)
        if not page.blocks:
            # A blank page, or one that could not be read: nothing runs on across it.
            writer.close()
        for block in page.blocks:
            if isinstance(block, Line):
                writer.add_line(block)
            else:
                writer.add_grid(block)
    writer.close()


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that may still go on; `breaks` are the offsets at which pages begin in it."""

    text: str
    last: Line
    page: int
    breaks: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table that may still go on; `breaks` are the rows with which pages begin."""

    columns: tuple[float, ...]
    rows: list[list[tuple[int, str]]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    numbers: int = 0
    # The last row as prose, should it turn out to go on over the page.
    tail: tuple[Line, ...] = ()

    def takes(self, grid: Grid) -> bool:
        """Tell whether the grid, on top of a page, is the rest of this table."""
        mine, its = self.columns, grid.columns
        return (
            bool(self.breaks)
            and self.breaks[-1] == len(self.rows)
            and abs(mine[0] - its[0]) <= _SAME_COLUMN
            and abs(mine[-1] - its[-1]) <= _SAME_COLUMN
            and (_are_among(mine, its) or _are_among(its, mine))
        )

    def widen(self, columns: tuple[float, ...]) -> None:
        """Let the rows have the places of a lattice with more columns."""
        if len(columns) > len(self.columns):
            self.rows = [_remap(row, self.columns, columns) for row in self.rows]
            self.columns = columns


class _Writer:
    """Holds the paragraph or table under way back until it is known where it ends."""

    def __init__(self, builder: DocumentBuilder, margins: MarginBook) -> None:
        self._builder = builder
        self._margins = margins
        self._page = 0
        self._open: _Paragraph | _Table | None = None

    def start_page(self, number: int) -> None:
        """Begin a page, which may be in the middle of what is under way."""
        self._page = number
        if self._open is None:
            self._builder.start_page()
        elif isinstance(self._open, _Paragraph):
            self._open.breaks.append(len(self._open.text))
        else:
            self._open.breaks.append(len(self._open.rows))

    def add_line(self, line: Line) -> None:
        """Add a line to its paragraph, or begin one."""
        paragraph = self._open
        if isinstance(paragraph, _Paragraph) and self._goes_on(paragraph, line):
            paragraph.text += _glue(paragraph.text, line.text) + line.text
            paragraph.last, paragraph.page = line, self._page
            return
        self.close()
        self._open = _Paragraph(line.text, line, self._page)

    def add_grid(self, grid: Grid) -> None:
        """Add a table, or its next rows; rows that are prose become paragraphs."""
        rows = _rows(grid)
        prose = _prose_rows(grid)
        if self._is_rest_of_prose(grid):
            prose[0] = list(next(cell for cell in grid.cells if cell.row == 0 and cell.lines).lines)
        table = self._open
        if isinstance(table, _Table) and table.takes(grid):
            table.widen(grid.columns)
            start = _repeated_header(table, rows)
        else:
            if isinstance(table, _Table):
                self.close()
            start = _title_rows(grid)
            for line in (line for cell in grid.cells if cell.row < start for line in cell.lines):
                self.add_line(line)
        for number, row in enumerate(rows[start:], start=start):
            if number in prose:
                for line in prose[number]:
                    self.add_line(line)
            elif any(text for _, text in row):
                self._add_row(row, grid)
        if isinstance(self._open, _Table):
            self._open.numbers += len(grid.cells)
            self._open.tail = _tail(grid)

    def close(self) -> None:
        """Write what is under way."""
        done, self._open = self._open, None
        if isinstance(done, _Paragraph):
            span = self._builder.add_paragraph(done.text)
            for offset in done.breaks:
                is_inside = span is not None and offset < len(done.text)
                self._builder.start_page(span.start + offset if span and is_inside else None)
        elif done is not None:
            starts = self._builder.add_grid(done.rows)
            for row in done.breaks:
                self._builder.start_page(starts[row] if row < len(starts) else None)

    def _is_rest_of_prose(self, grid: Grid) -> bool:
        """Tell whether the first row is the end of a text that began on the page before.

        If that stands in a table yet, as a short row does, it is taken out to be read as text.
        """
        number, cells = next(_inked_rows(grid), (0, []))
        if number or len(cells) != 1 or not cells[0].column:
            return False
        block = cells[0].lines[0].block
        if isinstance(self._open, _Paragraph):
            return self._open.last.block == block and bool(self._open.breaks)
        if self._open is None or not self._open.takes(grid) or not self._open.tail:
            return False
        if self._open.tail[-1].block != block:
            return False
        self._reopen(self._open)
        return True

    def _reopen(self, table: _Table) -> None:
        """Write the table but its last row, and that as text which may go on."""
        del table.rows[-1]
        table.breaks.pop()
        for line in table.tail:
            self.add_line(line)
        if isinstance(self._open, _Paragraph):
            self._open.breaks.append(len(self._open.text))

    def _add_row(self, row: list[tuple[int, str]], grid: Grid) -> None:
        if not isinstance(self._open, _Table):
            self.close()
            self._open = _Table(grid.columns)
        table = self._open
        numbered = [(table.numbers + number, text) for number, text in row]
        table.rows.append(_remap(numbered, grid.columns, table.columns))

    def _goes_on(self, paragraph: _Paragraph, line: Line) -> bool:
        last = paragraph.last
        if not last.block or not line.block or not _are_alike(last, line):
            return False
        if _LEADER_END.search(last.text):
            return False
        here = self._margins.of(paragraph.page, last.block)
        there = self._margins.of(self._page, line.block)
        return _is_full(last, line, here) and _is_rest(paragraph.text, line, there)


def _are_alike(last: Line, line: Line) -> bool:
    """Tell lines of one size, next to each other or parted by a page or column."""
    if not 0.85 < last.size / line.size < 1.18:
        return False
    return line.top < last.top or line.top - last.bottom < 2 * line.size


def _is_full(last: Line, line: Line, margins: Margins) -> bool:
    """Tell a line that has no room for the first word of the next one."""
    token = _TOKEN.match(line.text)
    width = sum(0.55 if character.isascii() else 1.0 for character in token[0]) if token else 1.0
    return margins.right - last.x1 < (0.5 + min(width, 20)) * line.size


def _is_rest(text: str, line: Line, margins: Margins) -> bool:
    """Tell whether the line after a full one belongs to the same paragraph."""
    is_indented = line.x0 - margins.left > 0.8 * line.size
    is_labelled = _LABEL.match(line.text) is not None
    if _SENTENCE_END.search(text):
        return margins.has_indents and not is_indented and not is_labelled
    return not is_labelled or (margins.has_indents and not is_indented)


def _glue(before: str, after: str) -> str:
    """Return what stands for the line break: a blank between words of Latin script only."""
    are_words = before[-1].isascii() and after[0].isascii()
    return " " if are_words and before[-1].isalnum() and after[0].isalpha() else ""


def _rows(grid: Grid) -> list[list[tuple[int, str]]]:
    """Return the places row by row: the number of the cell and its text."""
    rows = [[(-1, "")] * (len(grid.columns) - 1) for _ in range(grid.row_count)]
    for number, cell in enumerate(grid.cells):
        text = _cell_text(cell.lines)
        for row in range(cell.row, cell.row_end):
            for column in range(cell.column, cell.column_end):
                rows[row][column] = (number, text)
    return rows


def _cell_text(lines: Sequence[Line]) -> str:
    """Join a cell's lines; a blank stands where a sentence ends or an item begins."""
    text = ""
    for line in lines:
        if text and (_SENTENCE_END.search(text) or _LABEL.match(line.text)):
            text += " "
        elif text:
            text += _glue(text, line.text)
        text += line.text
    return text


def _title_rows(grid: Grid) -> int:
    """Return how many rows on top are one cell: the table's title, not its header."""
    width = len(grid.columns) - 1
    whole = {
        cell.row for cell in grid.cells if cell.column_end - cell.column == width and cell.row == 0
    }
    return 1 if whole and grid.row_count > 1 else 0


def _tail(grid: Grid) -> tuple[Line, ...]:
    """Return the last row as prose, nothing if it is not a name and one wide text."""
    rows = list(_inked_rows(grid))
    number, cells = rows[-1] if rows else (0, [])
    if number != grid.row_count - 1 or not _is_named_text(grid, cells):
        return ()
    return (*map(_alone, cells[:-1]), *cells[-1].lines)


def _is_named_text(grid: Grid, cells: Sequence[Cell]) -> bool:
    widest = cells[-1]
    width = grid.columns[widest.column_end] - grid.columns[widest.column]
    return (
        len(cells) <= 2
        and all(cell.row_end - cell.row == 1 for cell in cells)
        and width >= _PROSE_WIDTH * (grid.columns[-1] - grid.columns[0])
    )


def _prose_rows(grid: Grid) -> dict[int, list[Line]]:
    """Return the rows that hold a name and long text, as lines."""
    prose: dict[int, list[Line]] = {}
    for row, cells in _inked_rows(grid):
        if len(cells[-1].lines) >= _PROSE_LINES and _is_named_text(grid, cells):
            prose[row] = [*map(_alone, cells[:-1]), *cells[-1].lines]
    return prose


def _inked_rows(grid: Grid) -> Iterator[tuple[int, list[Cell]]]:
    for row in range(grid.row_count):
        cells = [cell for cell in grid.cells if cell.row <= row < cell.row_end and cell.lines]
        if cells:
            yield row, sorted(cells, key=lambda cell: cell.column)


def _alone(cell: Cell) -> Line:
    """Return a cell as a line that nothing is joined to."""
    first = cell.lines[0]
    return Line(_cell_text(cell.lines), first.x0, first.x1, first.top, first.bottom)


def _are_among(few: Sequence[float], many: Sequence[float]) -> bool:
    return all(any(abs(one - other) <= _SAME_COLUMN for other in many) for one in few)


def _remap(
    row: Sequence[tuple[int, str]], old: Sequence[float], new: Sequence[float]
) -> list[tuple[int, str]]:
    """Return the row on another lattice: each place takes the cell that stands at its middle."""
    if len(old) == len(new):
        return list(row)
    places = []
    for left, right in pairwise(new):
        middle = (left + right) / 2
        column = sum(place <= middle for place in old) - 1
        places.append(row[min(max(column, 0), len(row) - 1)])
    return places


def _repeated_header(table: _Table, rows: Sequence[Sequence[tuple[int, str]]]) -> int:
    """Return how many of the rows say again what the table begins with."""

    def words(row: Sequence[tuple[int, str]]) -> list[str]:
        return list(dict.fromkeys("".join(text.split()) for _, text in row))

    same = 0
    for mine, its in zip(table.rows[:_MAX_HEADER_ROWS], rows, strict=False):
        if words(mine) != words(its):
            break
        same += 1
    return same
