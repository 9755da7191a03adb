"""Tables whose cells a character parts: Markdown's pipes, the tabs of a pasted sheet."""

import re
from collections.abc import Iterator, Sequence

from corpus.model import Span, Table
from corpus.tables_lines import Line

_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-*:?\s*)*")
_MARKUP = "* \t\u3000"


def find_grids(text: str, lines: Sequence[Line]) -> Iterator[Table]:
    """Return the tables of pipes or tabs: rows that follow each other with as many cells."""
    position = 0
    while position < len(lines):
        cells = _cells(lines[position])
        if len(cells) < 2:
            position += 1
            continue
        end = position + 1
        while end < len(lines) and _follows(lines, end, len(cells)):
            end += 1
        block = [line for line in lines[position:end] if not _is_rule(line)]
        has_rule = end - position > len(block)
        if len(block) >= (2 if has_rule or len(cells) > 2 else 3):
            yield _table(block)
        position = end


def _follows(lines: Sequence[Line], number: int, width: int) -> bool:
    line, above = lines[number], lines[number - 1]
    if line.number != above.number + 1:
        return False
    return _is_rule(line) if "|" in line.text and _is_rule(line) else len(_cells(line)) == width


def _is_rule(line: Line) -> bool:
    return "|" in line.text and _RULE.fullmatch(line.text) is not None


def _cells(line: Line) -> list[Span]:
    """Return the row's cells without the blanks and stars around them; none if it is no row."""
    inside = line.text.strip()
    mark = "|" if inside.startswith("|") and inside.endswith("|") and len(inside) > 2 else "\t"
    if mark not in inside:
        return []
    text, start = line.text, line.span.start
    if mark == "|":
        start += line.text.index("|") + 1
        text = inside[1:-1]
    cells: list[Span] = []
    for part in text.split(mark):
        left = len(part) - len(part.lstrip(_MARKUP))
        bare = part.strip(_MARKUP)
        cells.append(Span(start + left, start + left + len(bare)) if bare else Span(start, start))
        start += len(part) + 1
    # A tab in front is an indent.
    return cells if mark == "|" or len(cells[0]) or sum(map(bool, map(len, cells))) > 1 else []


def _table(block: Sequence[Line]) -> Table:
    rows = tuple(tuple(_cells(line)) for line in block)
    return Table(Span(block[0].trimmed.start, block[-1].trimmed.end), rows)
