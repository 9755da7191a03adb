"""Indicator tables in plain text: a row is a line, its cells are parted by blanks.

The header (指标 单位 2020年基数 2025年目标 年均增长[累计提高] 指标属性) may be broken over lines. A
row that does not fit the header ends the table.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.figures import is_blank, read_value
from corpus.model import Span, Table
from corpus.normal import normal_view, normalise
from corpus.tables_header import Column, read_column, read_layout
from corpus.tables_lines import Line

_PERIOD = r"(?:\d{4}年?(?:[-—–~至]{1,2}\d{4}年?)?|[“\"]?十[一二三四五六七八九]?五[”\"]?)"
_PERIOD += "(?:[底末]|期间|时期)?"
# The heads by which a header is cut, in the order in which they are tried.
_HEAD = re.compile(
    rf"(?:{_PERIOD})?(?:规划)?(?:"
    r"年均(?:增长|增速|提高|增幅)?率?(?:\(%\))?(?:[\[〔(]累计[^\]〕)]*[\]〕)])?|/?累计(?:增长|提高)?|"
    r"(?:基数|基期|基准|现状|实际|完成|实绩|实现|预计)(?:完成|达到)?[值数]?|"
    r"(?:预期|规划|计划)?目标[值数]?|预期值|规划值)"
    r"|(?:指标|目标)?属性|(?:指标)?(?:类型|性质)"
    r"|序号|编号|(?:指标)?(?:类别|分类)|领域"
    r"|(?:主要|具体|核心|预期)*指标(?:名称)?(?:\(单位\))?"
    rf"|(?:计量)?单位|{_PERIOD}"
)
_OPENS = re.compile(r"\s*(?:序号|编号|类别|分类|领域|(?:主要|具体|核心|预期)*指标)")
_MAX_HEADER_LINES = 12
_LONGEST_HEADER_LINE = 200
_ATTRIBUTES = {"预期性", "约束性"}
_GROUP = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[(\uff08][一二三四五六七八九十]+[)\uff09])\S{2,20}\s*"
)


@dataclass(frozen=True, slots=True)
class _Header:
    columns: tuple[Column, ...]
    cells: tuple[Span, ...]
    target: int
    first_row: int


def find_aligned_tables(text: str, lines: Sequence[Line]) -> Iterator[Table]:
    """Return the indicator tables whose cells are parted by blanks."""
    position = 0
    while position < len(lines):
        header = _find_header(text, lines, position)
        if header is None:
            position += 1
            continue
        rows: list[tuple[Span, ...]] = [header.cells]
        position = end = header.first_row
        while position < len(lines):
            row = _row(lines[position], header, rows[-1] if len(rows) > 1 else None)
            if row is not None:
                rows.append(row)
                end = position + 1
            elif not _is_group(lines, position, header):
                break
            else:
                rows.append((lines[position].trimmed,) * len(header.columns))
            position += 1
        yield Table(Span(header.cells[0].start, lines[end - 1].trimmed.end), tuple(rows))


def read_heads(text: str, start: int, end: int) -> list[tuple[Span, Column]]:
    """Return the columns of the header at `text[start:end]` with their places; none if it is none.

    Line breaks part nothing: 指标↵属性 is one head.
    """
    view = normal_view(text[start:end])
    seen = [i for i, character in enumerate(view.text) if not character.isspace()]
    bare = "".join(view.text[i] for i in seen)
    heads: list[tuple[Span, Column]] = []
    position = 0
    while position < len(bare):
        match = _HEAD.match(bare, position)
        if match is None or not match[0]:
            return []
        place = view.back(seen[position], seen[match.end() - 1] + 1)
        column = read_column(match[0])
        heads.append((Span(start + place.start, start + place.end), column))
        position = match.end()
    return heads


def _find_header(text: str, lines: Sequence[Line], start: int) -> _Header | None:
    """Return the header that starts on this line if a row follows it."""
    if len(lines[start].text) > _LONGEST_HEADER_LINE or not _OPENS.match(lines[start].text):
        return None
    for end in range(start + 1, min(start + _MAX_HEADER_LINES, len(lines))):
        first, last = lines[start], lines[end - 1]
        if last.number - first.number != end - 1 - start or len(last.text) > _LONGEST_HEADER_LINE:
            return None
        heads = read_heads(text, first.span.start, last.span.end)
        if not _each_once([column for _, column in heads[:-1]]):
            # More lines may end the last head (指标↵属性); the others stay.
            return None
        header = _complete(heads, end)
        if header and (_row(lines[end], header, None) or _is_group(lines, end, header)):
            return header
    return None


def _complete(heads: Sequence[tuple[Span, Column]], first_row: int) -> _Header | None:
    columns = tuple(column for _, column in heads)
    layout = read_layout(columns, "指标")
    has_other = "other" in {column.kind for column in columns}
    if layout is None or has_other or len(layout.names) != 1 or not _each_once(columns):
        return None
    if not {column.kind for column in columns[: layout.names[0]]} <= {"serial", "category"}:
        return None
    return _Header(columns, tuple(span for span, _ in heads), layout.target, first_row)


def _each_once(columns: Sequence[Column]) -> bool:
    """Tell whether no column comes twice; only years may be of one kind."""
    kinds = [column.kind for column in columns if column.kind != "year"]
    return len(set(kinds)) == len(kinds) and len(set(columns)) == len(columns)


def _is_group(lines: Sequence[Line], number: int, header: _Header) -> bool:
    """Tell whether the line is the title of the rows after it."""
    if number + 1 >= len(lines) or not _GROUP.fullmatch(lines[number].text):
        return False
    return _row(lines[number + 1], header, None) is not None


def _row(line: Line, header: _Header, above: Sequence[Span] | None) -> tuple[Span, ...] | None:
    """Return the row's cells, the name joined again; None if the line is no row of the table."""
    parts = [
        Span(line.span.start + match.start(), line.span.start + match.end())
        for match in re.finditer(r"\S+", line.text)
    ]
    kinds = [column.kind for column in header.columns]
    name = next(i for i, kind in enumerate(kinds) if kind == "name")
    others = len(kinds) - 1 - name
    leading = _leading(line, parts, kinds[:name], others, above)
    if leading is None or len(parts) - others <= leading[1]:
        return None
    front, used = leading
    tail = parts[len(parts) - others :]
    title = Span(parts[used].start, parts[-others - 1].end)
    cells = (*front, title, *tail)
    texts = [_of(line, cell) for cell in cells]
    for i, kind in enumerate(kinds):
        if kind == "attribute" and normalise(texts[i]) not in _ATTRIBUTES:
            return None
        if kind in ("target", "base", "year") and not _is_figure(texts[i]):
            return None
    return cells


def _leading(
    line: Line,
    parts: Sequence[Span],
    kinds: Sequence[str],
    others: int,
    above: Sequence[Span] | None,
) -> tuple[tuple[Span, ...], int] | None:
    """Return the cells before the name, and how many parts of the line they take.

    A category that is merged with the row above is not printed again.
    """
    full = len(parts) - others - 1
    front: list[Span] = []
    used = 0
    for i, kind in enumerate(kinds):
        is_number = used < len(parts) and _of(line, parts[used]).isdigit()
        if kind == "serial":
            if not is_number:
                return None
        elif is_number or ("serial" not in kinds and full < len(kinds)):
            if above is None:
                return None
            front.append(above[i])
            continue
        if used >= len(parts):
            return None
        front.append(parts[used])
        used += 1
    return tuple(front), used


def _is_figure(cell: str) -> bool:
    return read_value(cell) is not None or is_blank(cell)


def _of(line: Line, span: Span) -> str:
    return line.text[span.start - line.span.start : span.end - line.span.start]
