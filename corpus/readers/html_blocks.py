"""The text of a web page's main part, line by line as a browser sets it, and its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

from lxml import etree

from corpus.readers.merged import count_header_rows
from corpus.readers.word_text import SUPERSCRIPTS
from corpus.readers.zipped import Element

# What is no text of a document, wherever it stands.
# fmt: off
SKIPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed",
    "video", "audio", "nav", "footer", "aside", "button", "input", "select", "textarea", "map",
    "head"
))
# fmt: on
# fmt: off
BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figure", "figcaption", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul"
))
# fmt: on
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_MOST_COLUMNS = 1000
_MOST_PLACES = 2_000_000
# One cell with nearly all of the text: the table only sets the page.
_LAYOUT_SHARE = 0.8
_LAYOUT_LENGTH = 500

Grid: TypeAlias = list[list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; a heading has a level."""

    text: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class GridBlock:
    """A table: its places as the builder takes them."""

    grid: Grid
    header_rows: int


Block: TypeAlias = Line | GridBlock


def is_hidden(element: Element) -> bool:
    """Tell whether the page itself says that the element is not shown."""
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def is_layout(table: Element) -> bool:
    """Tell whether a table only sets the page: one column, tables inside, or one great cell."""
    rows = list(_rows(table))
    if all(len(row) <= 1 for row in rows) or next(table.iterdescendants("table"), None) is not None:
        return True
    lengths = [sum(map(len, cell.itertext())) for row in rows for cell in row]
    total = sum(lengths)
    return total > _LAYOUT_LENGTH and max(lengths) > _LAYOUT_SHARE * total


@dataclass(slots=True)
class _Lines:
    """Collects pieces of text until the line ends."""

    blocks: list[Block] = field(default_factory=list)
    level: int | None = None
    preserved: int = 0  # depth of <pre>
    raised: int = 0  # depth of <sup>
    _parts: list[str] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self.raised:
            text = text.translate(SUPERSCRIPTS)
        if not self.preserved:
            self._parts.append(text)
            return
        first, *more = text.split("\n")
        self._parts.append(first)
        for line in more:
            self.end()
            self._parts.append(line)

    def end(self) -> None:
        text = _BLANKS.sub(" ", "".join(self._parts)).strip()
        self._parts.clear()
        if text:
            self.blocks.append(Line(text, self.level))


def read_blocks(root: Element, dropped: set[Element]) -> list[Block]:
    """Return the lines and tables inside of an element, without the `dropped` ones."""
    lines = _Lines()
    # Pages nest deeper than Python recurses.
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag
        if event == "end":
            _leave(lines, name)
            lines.add(element.tail if element is not root else None)
        elif name in SKIPPED or element in dropped or is_hidden(element):
            walk.skip_subtree()
        elif name == "table" and not is_layout(element):
            lines.end()
            lines.blocks.extend(_read_table(element))
            walk.skip_subtree()
        else:
            _enter(lines, name)
            lines.add(element.text)
    lines.end()
    return lines.blocks


def _enter(lines: _Lines, name: object) -> None:
    if name in BLOCKS or name == "br":
        lines.end()
    if name in _HEADINGS:
        lines.level = _HEADINGS[str(name)]
    lines.preserved += name == "pre"
    lines.raised += name == "sup"


def _leave(lines: _Lines, name: object) -> None:
    if name in BLOCKS:
        lines.end()
    if name in _HEADINGS:
        lines.level = None
    lines.preserved -= name == "pre" and lines.preserved > 0
    lines.raised -= name == "sup" and lines.raised > 0


def _read_table(table: Element) -> Iterator[Block]:
    for caption in table.findall("caption"):
        yield Line(_cell_text(caption))
    rows = list(_rows(table))
    grid = _lay_out(rows)
    if len(grid) * max(map(len, grid), default=0) <= _MOST_PLACES:
        yield GridBlock(grid, _header_rows(table, rows, grid))
    else:
        # Rows of absurdly different lengths: no table, but its text is kept.
        for row in grid:
            yield Line(" ".join(text for _, text in row if text))


def _lay_out(rows: list[list[Element]]) -> Grid:
    """Put each cell in every place that it covers; spans beyond reason count as none."""
    most_down, most_across = len(rows), _MOST_COLUMNS
    covered = sum(
        _span(cell, "rowspan", most_down) * _span(cell, "colspan", most_across)
        for row in rows
        for cell in row
    )
    if covered > _MOST_PLACES:
        most_down = most_across = 1
    numbers = count()
    grid: Grid = []
    # For each column, the cell that reaches down into it and how many rows it still has to go.
    reaching: dict[int, tuple[tuple[int, str], int]] = {}
    for row in rows:
        places: dict[int, tuple[int, str]] = {}
        for column, (place, left) in list(reaching.items()):
            places[column] = place
            reaching[column] = (place, left - 1)
            if left == 1:
                del reaching[column]
        column = 0
        for cell in row:
            while column in places:
                column += 1
            place = (next(numbers), _cell_text(cell))
            height = _span(cell, "rowspan", most_down)
            for _ in range(_span(cell, "colspan", most_across)):
                places.setdefault(column, place)
                if height > 1:
                    reaching[column] = (place, height - 1)
                column += 1
        width = max(places, default=-1) + 1
        grid.append([places[i] if i in places else (next(numbers), "") for i in range(width)])
    return grid


def _rows(table: Element) -> Iterator[list[Element]]:
    """Yield the cells of each row of the table itself."""
    for part in table:
        if part.tag == "tr":
            yield [cell for cell in part if cell.tag in {"td", "th"}]
        elif part.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(part)


def _span(cell: Element, name: str, most: int) -> int:
    text = cell.get(name, "1").strip()
    if not text.isdecimal() or len(text) > 6:
        return 1
    # A rowspan of 0 reaches to the last row.
    return min(int(text) or most, most)


def _header_rows(table: Element, rows: list[list[Element]], grid: Grid) -> int:
    head = table.find("thead")
    marked = 0 if head is None else len(list(_rows(head)))
    if not marked:
        while marked < len(rows) and rows[marked] and all(c.tag == "th" for c in rows[marked]):
            marked += 1
    if 0 < marked < len(rows):
        return marked
    return count_header_rows([[number for number, _ in row] for row in grid])


def _cell_text(cell: Element) -> str:
    """Return a cell's text in one line."""
    if not len(cell):
        return _BLANKS.sub(" ", cell.text or "").strip()
    lines = _Lines()
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            _leave(lines, element.tag)
            lines.add(element.tail if element is not cell else None)
        elif element.tag in SKIPPED or is_hidden(element):
            walk.skip_subtree()
        else:
            _enter(lines, element.tag)
            lines.add(element.text)
    lines.end()
    return " ".join(line.text for line in lines.blocks if isinstance(line, Line))
