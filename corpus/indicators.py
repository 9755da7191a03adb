"""Sections → rows of indicators, from tables whose cells are parted by blanks.

Knows the table by its header (指标 单位 2020年基数 2025年目标 年均增长[累计提高] 指标属性), which
may be broken over lines. A row that does not fit the header is left as text, never guessed at.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.figures import Value, is_blank, read_growth, read_value
from corpus.model import Attribute, Indicator, Plan, Section, Span, Table
from corpus.normal import normalise

# In the order in which a header is read; each names the column that it starts.
_COLUMNS = (
    (
        "base",
        re.compile(r"(?:(\d{4})年)?(?:基数|基期值?|现状值?|实际值?|完成值?|实绩)"),
    ),
    ("target", re.compile(r"(?:(\d{4})年)?(?:目标值?|规划值?|预期值?)")),
    (
        "growth",
        re.compile(r"年均(?:增长|增速|提高)(?:率)?(?:\(%\))?(?:[\[〔(]累计[^\]〕)]*[\]〕)])?"),
    ),
    ("attribute", re.compile(r"(?:指标)?属性|(?:指标)?类型")),
    ("name", re.compile(r"(?:主要)?指标(?:名称)?")),
    ("unit", re.compile(r"(?:计量)?单位")),
)
_ATTRIBUTES: dict[str, Attribute] = {"预期性": "预期性", "约束性": "约束性"}
_MAX_HEADER_LINES = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the header, with the year that it is about."""

    kind: str
    year: int | None


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    text: str


def read_indicators(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = ()
) -> tuple[Indicator, ...]:
    """Return the rows of every indicator table in the plan, in order."""
    rows: list[Indicator] = []
    for section in sections:
        rows.extend(_read_table(plan, section, len(rows)))
    return tuple(rows)


def read_header(header: str) -> tuple[Column, ...]:
    """Return the columns of a header, its line breaks already blanks; empty if it is none."""
    text = re.sub(r"\s+", "", normalise(header))
    columns: list[Column] = []
    position = 0
    while position < len(text):
        for kind, pattern in _COLUMNS:
            if match := pattern.match(text, position):
                year = match.group(1) if match.groups() else None
                columns.append(Column(kind, int(year) if year else None))
                position = match.end()
                break
        else:
            return ()
    kinds = [column.kind for column in columns]
    complete = kinds[:1] == ["name"] and "target" in kinds and len(set(kinds)) == len(kinds)
    return tuple(columns) if complete else ()


def _read_table(plan: Plan, section: Section, number: int) -> Iterator[Indicator]:
    lines = [
        _Line(
            Span(section.own.start + match.start(), section.own.start + match.end()),
            match[0],
        )
        for match in re.finditer(r"[^\n]+", section.own.of(plan.text))
    ]
    position = 0
    while position < len(lines):
        header = _find_header(lines, position)
        if header is None:
            position += 1
            continue
        columns, first_row = header
        header_span = Span(lines[position].span.start, lines[first_row - 1].span.end)
        position = first_row
        while position < len(lines):
            row = _read_row(plan, section, lines[position], columns, header_span, number)
            if row is None:
                break
            yield row
            number += 1
            position += 1


def _find_header(lines: Sequence[_Line], start: int) -> tuple[tuple[Column, ...], int] | None:
    """Return the columns and the first row's line, if a header starts here and a row follows."""
    if not normalise(lines[start].text).lstrip().startswith(("指标", "主要指标")):
        return None
    for end in range(start + 1, min(start + _MAX_HEADER_LINES, len(lines))):
        columns = read_header(" ".join(line.text for line in lines[start:end]))
        if columns and _cells(lines[end].text, columns) is not None:
            return columns, end
    return None


def _cells(line: str, columns: Sequence[Column]) -> list[str] | None:
    """Return the row's cells, the name joined again; None if the line is no row of the table."""
    parts = line.split()
    others = len(columns) - 1
    if len(parts) < len(columns):
        return None
    cells = parts[-others:]
    by_kind = dict(zip([column.kind for column in columns[1:]], cells, strict=True))
    target = by_kind["target"]
    if read_value(target) is None and not is_blank(target):
        return None
    if "attribute" in by_kind and by_kind["attribute"] not in _ATTRIBUTES:
        return None
    name = line[line.index(parts[0]) : _cell_start(line, others)].rstrip()
    return [name, *cells]


def _cell_start(line: str, count: int) -> int:
    """Return where the last `count` cells of the line begin."""
    return [match.start() for match in re.finditer(r"\S+", line)][-count]


def _read_row(
    plan: Plan,
    section: Section,
    line: _Line,
    columns: Sequence[Column],
    header: Span,
    number: int,
) -> Indicator | None:
    cells = _cells(line.text, columns)
    if cells is None:
        return None
    row = dict(zip([column.kind for column in columns], cells, strict=True))
    years = {column.kind: column.year for column in columns}
    base, target = _value(row.get("base")), _value(row["target"])
    growth = read_growth(row["growth"]) if "growth" in row else None
    blanks = (
        len(line.text) - len(line.text.lstrip()),
        len(line.text) - len(line.text.rstrip()),
    )
    return Indicator(
        plan_id=plan.id,
        number=number,
        section=section.number,
        name=row["name"],
        unit=row.get("unit", ""),
        base=base.number if base else None,
        base_year=years.get("base"),
        target=target.number if target else None,
        target_year=years["target"],
        bound=target.bound if target else None,
        growth=growth[0] if growth else None,
        growth_kind=growth[1] if growth else None,
        attribute=_ATTRIBUTES.get(row.get("attribute", "")),
        span=Span(line.span.start + blanks[0], line.span.end - blanks[1]),
        header=header,
    )


def _value(cell: str | None) -> Value | None:
    return None if cell is None else read_value(cell)
