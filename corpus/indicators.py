"""Tables → rows of indicators. A row that cannot be read for sure is left as text.

Knows an indicator table by its header; where the years are not in it they come from the caption,
else from the plan's own period.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.figures import Value, is_blank, read_growth, read_value
from corpus.model import Attribute, Indicator, Plan, Section, Span, Table
from corpus.normal import normalise
from corpus.tables import find_tables
from corpus.tables_header import Layout, header_columns, read_layout
from corpus.terms import unit_pattern

_ATTRIBUTES: tuple[Attribute, ...] = ("预期性", "约束性")
# Marks that lead to a note: 研发投入①, 人均预期寿命*, 单位能耗[1], 占比1.
_MARK = re.compile(
    r"(?:\s*(?:[①-⑳*＊※¹²³⁴-⁹]|[\[［【]\d{1,2}[\]］】])|(?<=[\u4e00-\u9fff)）])\d{1,2})+$"
)
_SERIAL = re.compile(r"^(?:[(（]\d{1,2}[)）]|\d{1,2}(?:[、．)）]|\.(?!\d)))\s*")
_UNIT = re.compile(
    rf"[(（](?P<unit>[十百千万亿]*(?:{unit_pattern()}|[％‰])(?:[/／每][\w\u4e00-\u9fff]{{1,6}})?)[)）]$"
)
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,2}[、．])\s*"
)
_NOTE = re.compile(r"\s*(?:注|备注|说明|附注)\s*[:：\d①]")
# What the notes under a table say of its brackets: 注：[ ]内为五年累计数。
_BRACKET_NOTE = re.compile(r"([\[［〔【〖(（])\s*[\]］〕】〗)）](?P<meaning>[^。；;\n]{0,40})")
_NOTES_LENGTH = 600
# A table goes on over a page without its header: nothing but a page's number stands between.
_PAGE_BREAK = re.compile(r"[\s\d\-—–·第页共/续表（）()]{0,30}")


@dataclass(frozen=True, slots=True)
class _Reader:
    """What all rows of one table are read by."""

    plan: Plan
    layout: Layout
    header: Span
    brackets: str


def read_indicators(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] | None = None
) -> tuple[Indicator, ...]:
    """Return the rows of every indicator table in the plan, in order.

    Without `tables`, those that stand in the plan's text are looked for.
    """
    found = find_tables(plan.text) if tables is None else tables
    starts = [section.own.start for section in sections]
    rows: list[Indicator] = []
    last: tuple[_Reader, Table] | None = None
    for table in found:
        reader, first_row = _reader(plan, table), table.header_rows
        if reader is None and last is not None and _goes_on(plan.text, last[1], table):
            reader, first_row = last[0], 0
        if reader is None:
            last = None
            continue
        last = (reader, table)
        for indicator in _read_rows(reader, table.rows[first_row:]):
            section = sections[max(0, bisect_right(starts, indicator.span.start) - 1)]
            rows.append(replace(indicator, number=len(rows), section=section.number))
    return tuple(rows)


def _reader(plan: Plan, table: Table) -> _Reader | None:
    """Return how to read the table, None where it is not one of indicators."""
    head = table.rows[: table.header_rows]
    if not head or len(table.rows) <= table.header_rows:
        return None
    caption = table.caption.of(plan.text) if table.caption else ""
    columns = header_columns(plan.text, head)
    layout = read_layout(columns, caption, plan.metadata)
    if layout is None:
        return None
    cells = [cell for row in head for cell in row if len(cell)]
    header = Span(min(cell.start for cell in cells), max(cell.end for cell in cells))
    if table.caption and columns[layout.target].year is None:
        header = Span(min(table.caption.start, header.start), max(table.caption.end, header.end))
    return _Reader(plan, layout, header, _summing_brackets(plan.text, table))


def _summing_brackets(text: str, table: Table) -> str:
    """Return the opening brackets that mark what is summed up, as the note says or as is usual."""
    summing = {"[", "〔", "【", "〖"}
    inside = " ".join(cell.of(text) for cell in dict.fromkeys(table.rows[-1]))
    notes = inside + text[table.span.end : table.span.end + _NOTES_LENGTH]
    for match in _BRACKET_NOTE.finditer(notes):
        opening = normalise(match[1])
        if "累计" in match["meaning"]:
            summing.add(opening)
        elif opening != "(":
            summing.discard(opening)
    return "".join(sorted(summing))


def _goes_on(text: str, before: Table, table: Table) -> bool:
    """Tell whether the table is the rest of the one before it, on the next page."""
    between = text[before.span.end : table.span.start]
    return (
        len(before.rows[0]) == len(table.rows[0])
        and len(between) <= 40
        and _PAGE_BREAK.fullmatch(between) is not None
    )


def _read_rows(reader: _Reader, rows: Sequence[Sequence[Span]]) -> Iterator[Indicator]:
    text, layout = reader.plan.text, reader.layout
    group: str | None = None
    above: set[Span] = set()
    for cells in rows:
        filled = list(dict.fromkeys(cell for cell in cells if cell.of(text).strip()))
        own = [cell for cell in filled if cell not in above]
        if filled and _NOTE.match(filled[0].of(text)):
            return
        title = _group_title(text, cells, layout)
        if title is not None:
            group = title
        elif own:
            row = _read_row(reader, cells, own, group)
            if row is not None:
                yield row
        above = set(filled)


def _group_title(text: str, cells: Sequence[Span], layout: Layout) -> str | None:
    """Return the title of the rows to come if the row holds nothing else."""
    others = {i for i in range(len(cells)) if i not in layout.names and i not in layout.categories}
    texts = {i: cell.of(text).strip() for i, cell in enumerate(cells)}
    filled = dict.fromkeys(cells[i] for i in texts if texts[i])
    if len(filled) == 1:
        (only,) = filled
        return _NUMBERING.sub("", only.of(text).strip()) or None
    # A serial number of its own beside the title: 一 | 经济发展.
    beside = [i for i in others if texts[i]]
    named = [texts[i] for i in layout.names if texts[i]]
    is_numeral = len(beside) == 1 and re.fullmatch(r"[一二三四五六七八九十]+", texts[beside[0]])
    return named[0] if is_numeral and named else None


def _read_row(
    reader: _Reader, cells: Sequence[Span], own: Sequence[Span], group: str | None
) -> Indicator | None:
    layout, text = reader.layout, reader.plan.text
    titles = list(dict.fromkeys(cells[i] for i in layout.names if cells[i].of(text).strip()))
    if not titles or titles[-1] not in own:
        return None
    name, name_unit = _read_name(titles[-1].of(text))
    if not any(character.isalpha() for character in name):
        return None
    target_text = _text(text, cells, layout.target)
    base_text, growth_text = _text(text, cells, layout.base), _text(text, cells, layout.growth)
    if not (target_text or base_text or growth_text):
        return None
    column_unit = _text(text, cells, layout.unit)
    unit = name_unit if is_blank(column_unit) else column_unit
    target = read_value(target_text, brackets=reader.brackets)
    base = read_value(base_text, brackets=reader.brackets)
    unit = unit or next((value.unit for value in (target, base) if value and value.unit), "")
    target, base = _in_unit(target, unit), _in_unit(base, unit)
    growth = read_growth(
        growth_text,
        brackets=reader.brackets,
        bare="cumulative" if layout.is_growth_cumulative else "annual",
    )
    return Indicator(
        plan_id=reader.plan.id,
        number=0,
        section=0,
        name=name,
        unit=unit,
        base=base.number if base and base.high is None else None,
        base_year=layout.base_year,
        target=target.number if target else None,
        target_year=layout.target_year,
        bound=target.bound if target else None,
        growth=growth[0] if growth else None,
        growth_kind=growth[1] if growth else None,
        attribute=_attribute(_text(text, cells, layout.attribute)),
        span=Span(min(cell.start for cell in own), max(cell.end for cell in own)),
        header=reader.header,
        category=_category(text, cells, layout, titles[:-1]) or group,
        target_high=target.high if target else None,
        change=target.change if target else None,
        is_cumulative=target.is_cumulative if target else False,
        base_text=base_text,
        target_text=target_text,
        growth_text=growth_text,
    )


def _text(text: str, cells: Sequence[Span], column: int | None) -> str:
    return "" if column is None else cells[column].of(text).strip()


def _in_unit(value: Value | None, unit: str) -> Value | None:
    """Return the value if its cell counts in the row's unit: 1.2万 in a row of 人 is no 1.2."""
    if value is None or not value.unit or normalise(value.unit) == normalise(unit):
        return value
    return None


def _read_name(printed: str) -> tuple[str, str]:
    """Return the name without number, note marks and unit, and the unit in its brackets."""
    name = _SERIAL.sub("", printed.strip())
    name = _MARK.sub("", name).rstrip()
    match = _UNIT.search(name)
    if match is None or match.start() == 0:
        return name, ""
    return _MARK.sub("", name[: match.start()].rstrip()), match["unit"]


def _attribute(cell: str) -> Attribute | None:
    """Return the attribute; a cell may print it without 性 or with 指标 after it."""
    return next((one for one in _ATTRIBUTES if normalise(cell).startswith(one[:2])), None)


def _category(
    text: str, cells: Sequence[Span], layout: Layout, titles: Sequence[Span]
) -> str | None:
    """Return the innermost group that the row stands under."""
    groups = [cells[i] for i in layout.categories] + list(titles)
    named = [cell.of(text).strip() for cell in groups if cell.of(text).strip()]
    return _NUMBERING.sub("", named[-1]) or None if named else None
