"""The head of a table → what its columns hold: name, unit, base, target and the years of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from corpus.model import Metadata, Span, Table
from corpus.normal import normalise
from corpus.years import Years, find_years

_LEXICON = Path(__file__).parent / "lexicon" / "indicator_columns.tsv"
_EXACT = ("serial", "category", "name", "item", "unit", "attribute")
_BRACKETS = re.compile(r"[(\[〔【][^()\[\]〔〕【】]{0,20}[)\]〕】]")
_MARKS = re.compile(r"[①-⑳*\u2460-\u2473]")
_NOISE = re.compile(r"[()\[\]〔〕【】“”\"'‘’:/%]|年|末|底|期间|时期|的|值|数|量|情况")
_BARE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A head's cell is a few words; what is longer is a row.
_LONGEST = 40
_MAX_HEADER_ROWS = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, and the year that its head names.

    `kind` is a key of indicator_columns.tsv, "year" where a year stands alone, else "other".
    """

    kind: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of an indicator table holds what; None where there is no such column."""

    names: tuple[int, ...]
    categories: tuple[int, ...]
    target: int
    base: int | None
    unit: int | None
    growth: int | None
    attribute: int | None
    target_year: int | None
    base_year: int | None
    is_growth_cumulative: bool


# A line is looked at once for each column that a header beginning above it may have.
@lru_cache(maxsize=4096)
def read_column(head: str, last: str | None = None) -> Column:
    """Return what a column holds by its head; `last` is the lowest of several cells."""
    text = _plain(head)
    years = find_years(text)
    year = years[-1].last if years else None
    if year is None and (bare := _BARE_YEAR.search(text)):
        year = int(bare[0])
    for candidate in (text, _plain(last) if last is not None else text):
        if kind := _exact_kind(candidate):
            return Column(kind, None)
    rest = _without_years(text, years)
    if not _NOISE.sub("", rest):
        return Column("year" if year else "other", year)
    return Column(_kind_within(rest) or ("year" if year and len(rest) < 4 else "other"), year)


def read_layout(
    columns: Sequence[Column], caption: str = "", metadata: Metadata | None = None
) -> Layout | None:
    """Return the layout of an indicator table, None where the columns are not those of one."""
    kinds = [column.kind for column in columns]
    names, categories = _name_columns(kinds)
    if not names or "past" in kinds:
        return None
    period = _period(caption, metadata)
    target = _target_column(columns, period, caption)
    if target is None:
        return None
    base = _base_column(columns, target, period)
    target_year = columns[target].year or (period.last if period else None)
    base_year = columns[base].year if base is not None else None
    if base is not None and base_year is None and period and period.first:
        base_year = period.first - 1
    return Layout(
        names=names,
        categories=categories,
        target=target,
        base=base,
        unit=_index(kinds, "unit"),
        growth=_index(kinds, "growth"),
        attribute=_index(kinds, "attribute"),
        target_year=target_year,
        base_year=base_year,
        is_growth_cumulative=_index(kinds, "cumulative growth") is not None,
    )


def header_columns(text: str, rows: Sequence[Sequence[Span]]) -> list[Column]:
    """Return the columns of a header; the cells above each other make one head."""
    columns: list[Column] = []
    for cells in zip(*rows, strict=True):
        parts = [cell.of(text) for cell in dict.fromkeys(cells) if len(cell)]
        if any(len(part) > _LONGEST for part in parts):
            columns.append(Column("other", None))
        else:
            columns.append(read_column("".join(parts), parts[-1] if parts else None))
    return columns


def count_header_rows(text: str, table: Table) -> int:
    """Return how many rows the header takes: merged cells and rows of years belong to it."""
    rows = table.rows
    count = max(1, min(table.header_rows, len(rows)))
    while count < min(len(rows), _MAX_HEADER_ROWS) and _continues(text, rows, count):
        count += 1
    return count


def _continues(text: str, rows: Sequence[Sequence[Span]], number: int) -> bool:
    """Tell whether row `number` still belongs to the header above it."""
    above, row = rows[number - 1], rows[number]
    if any(len(cell) and cell == other for cell, other in zip(above, row, strict=True)):
        return True
    is_wide = any(len(cell) and cell == other for cell, other in pairwise(above))
    fresh = [cell for cell in row if len(cell)]
    kinds = [read_column(cell.of(text)).kind for cell in fresh if len(cell) <= _LONGEST]
    is_head = len(kinds) == len(fresh) and bool(kinds) and "other" not in kinds
    return is_head and (is_wide or not len(row[0]))


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    lines = _LEXICON.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {kind: tuple(words) for kind, *words in rows}


@cache
def _exact_words() -> dict[str, str]:
    return {word: kind for kind in _EXACT for word in _lexicon()[kind]}


def _exact_kind(text: str) -> str | None:
    bare = _BRACKETS.sub("", text)
    years = find_years(bare)
    words = _exact_words()
    return words.get(bare) or words.get(_without_years(bare, years).strip('“”"年'))


def _kind_within(text: str) -> str | None:
    """Return the kind whose longest word the head holds; of two alike, the earlier listed."""
    best, longest = None, 0
    for kind in ("past", "distant", "growth", "base", "target"):
        for word in _lexicon()[kind]:
            if word in text and (len(word) > longest):
                best, longest = kind, len(word)
        if best in ("past", "distant", "growth"):
            break
    if best == "growth" and "累计" in _BRACKETS.sub("", text) and "年均" not in text:
        return "cumulative growth"
    return best


def _plain(head: str) -> str:
    return _MARKS.sub("", re.sub(r"\s+", "", normalise(head)))


def _without_years(text: str, years: Sequence[Years]) -> str:
    for found in reversed(years):
        text = text[: found.start] + text[found.end :]
    return _BARE_YEAR.sub("", text)


def _name_columns(kinds: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the columns of the name and those of the groups that it stands under."""
    names = tuple(i for i, kind in enumerate(kinds) if kind == "name")
    categories = [i for i, kind in enumerate(kinds) if kind == "category"]
    items = tuple(i for i, kind in enumerate(kinds) if kind == "item")
    if names:
        return names, tuple(sorted([*categories, *(i for i in items if i < names[0])]))
    # 项目 and 名称 head lists of many kinds: only the other columns tell that this is one.
    proofs = {"base", "year", "growth", "attribute"} & set(kinds)
    if items and proofs and "target" in kinds and "unit" in kinds:
        return items, tuple(categories)
    return (), ()


def _period(caption: str, metadata: Metadata | None) -> Years | None:
    """Return the years that the table is about where its head is silent: the caption, the plan."""
    named = find_years(normalise(caption))
    if named:
        return named[-1]
    if metadata is None or metadata.end_year is None:
        return None
    return Years(metadata.start_year, metadata.end_year, 0, 0)


def _target_column(columns: Sequence[Column], period: Years | None, caption: str) -> int | None:
    explicit = [i for i, column in enumerate(columns) if column.kind == "target"]
    if not explicit:
        explicit = _year_targets(columns, period, caption)
    if not explicit:
        explicit = [i for i, column in enumerate(columns) if column.kind == "distant"]
    if not explicit:
        return None
    in_time = [i for i in explicit if period and columns[i].year == period.last]
    return max(in_time or explicit, key=lambda i: (columns[i].year or 0, i))


def _year_targets(columns: Sequence[Column], period: Years | None, caption: str) -> list[int]:
    """Return the column that a year alone heads and that is to come: the later of two."""
    kinds = {column.kind for column in columns}
    dated = [i for i, column in enumerate(columns) if column.kind == "year"]
    has_base = "base" in kinds
    if not dated or (len(dated) < 2 and not has_base and period is None):
        return []
    proven = "attribute" in kinds or has_base or re.search("目标|规划|指标|计划", caption)
    if not (proven or (period and any(columns[i].year == period.last for i in dated))):
        return []
    last = max(dated, key=lambda i: columns[i].year or 0)
    return [last] if len(dated) < 3 or period is None else dated


def _base_column(columns: Sequence[Column], target: int, period: Years | None) -> int | None:
    """Return the column of the base: so headed, or a year alone before the target's."""
    end = columns[target].year or (period.last if period else None)
    explicit = [
        i
        for i, column in enumerate(columns)
        if column.kind == "base" and (column.year is None or end is None or column.year < end)
    ]
    if explicit:
        return max(explicit, key=lambda i: (columns[i].year or 0, i))
    if end is None:
        return None
    dated = [i for i, column in enumerate(columns) if column.kind == "year" and i != target]
    before = [i for i in dated if (columns[i].year or end) < end]
    first = period.first if period and period.first else None
    at_start = [i for i in before if first is not None and columns[i].year == first - 1]
    if at_start:
        return at_start[0]
    return before[0] if len(before) == 1 else None


def _index(kinds: Sequence[str], kind: str) -> int | None:
    """Return the first column of the kind; growth may be headed by 累计 alone."""
    return next(
        (i for i, found in enumerate(kinds) if found == kind or found == f"cumulative {kind}"),
        None,
    )
