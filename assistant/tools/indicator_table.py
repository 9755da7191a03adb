"""The indicators of all plans as one table: filtered, sorted, and as rows of a sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from assistant.library import Library
from assistant.sheets import Cell
from corpus.arithmetic import Check, CheckStatus, check_growth
from corpus.catalog import CatalogEntry
from corpus.model import Indicator, Origin, Plan
from corpus.normal import normalise

SortKey: TypeAlias = Literal["name", "base", "target", "growth", "attribute", "check", "plan"]

NO_ATTRIBUTE = "未注明"
CHECK_NAMES: dict[CheckStatus, str] = {
    "pass": "相符",
    "fail": "不符",
    "not_applicable": "无可核算",
}
ORIGIN_NAMES: dict[Origin, str] = {"table": "指标表", "prose": "正文"}
GROWTH_NAMES = {"annual": "年均增长（%）", "cumulative": "累计"}
SHEET_HEAD = (
    *("指标", "类别", "单位", "基数", "基数年份", "目标", "目标年份", "增长", "增长方式", "属性"),
    *("核算", "算式", "文件", "地区", "章节", "页码", "出自", "原文"),
)


class IndicatorNotFound(LookupError):
    """An indicator that was in the table and is gone; its text says so in Chinese."""


@dataclass(frozen=True, slots=True)
class IndicatorFilter:
    """What is to be shown; None or an empty text narrows nothing."""

    words: str = ""
    plan_id: str | None = None
    region: str | None = None
    attribute: str | None = None
    category: str | None = None
    check: CheckStatus | None = None
    origin: Origin | None = None
    sort: SortKey | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator and the plan that it stands in."""

    indicator: Indicator
    entry: CatalogEntry

    @property
    def check(self) -> Check:
        """Return its arithmetic; not for every row of a long table, of which one page is shown."""
        return check_growth(self.indicator)


@dataclass(frozen=True, slots=True)
class IndicatorSource:
    """Where an indicator stands: its words, the words around them, the headings and the page."""

    row: IndicatorRow
    plan: Plan
    path: tuple[str, ...]
    page: int | None

    @property
    def quote(self) -> str:
        """Return the row of the table, or the clause, exactly as it stands in the plan."""
        return self.row.indicator.span.of(self.plan.text)


def filter_indicators(wanted: IndicatorFilter, library: Library) -> list[IndicatorRow]:
    """Return the indicators that fit, in the order asked for."""
    return narrow_rows(read_rows(library, wanted.plan_id), wanted)


def read_rows(library: Library, plan_id: str | None = None) -> list[IndicatorRow]:
    """Return the indicators of a plan, or of all."""
    entries = {entry.id: entry for entry in library.catalog.entries()}
    return [
        IndicatorRow(indicator, entries[indicator.plan_id])
        for indicator in library.catalog.indicators([plan_id] if plan_id else None)
        # One that is being taken in at this moment has no entry yet.
        if indicator.plan_id in entries
    ]


def narrow_rows(rows: Sequence[IndicatorRow], wanted: IndicatorFilter) -> list[IndicatorRow]:
    """Return the rows that fit, in the order asked for.

    Without one, tables come before what prose sets, each by plan and as it stands there.
    """
    words = normalise(wanted.words).split()
    return _sorted([row for row in rows if _fits(row, wanted, words)], wanted)


def find_source(plan_id: str, number: int, library: Library) -> IndicatorSource:
    """Return one indicator with the place that it was read from.

    Raises:
        IndicatorNotFound: if the plan or the indicator is not there any more.
    """
    rows = filter_indicators(IndicatorFilter(plan_id=plan_id), library)
    row = next((row for row in rows if row.indicator.number == number), None)
    if row is None:
        raise IndicatorNotFound("这项指标已不在目录中，请刷新页面")
    return _sources([row], library)[0]


def sheet_rows(rows: Sequence[IndicatorRow], library: Library) -> list[list[Cell]]:
    """Return one row of cells for each indicator, in the order of `SHEET_HEAD`."""
    return [_cells(source) for source in _sources(rows, library)]


def _sources(rows: Sequence[IndicatorRow], library: Library) -> list[IndicatorSource]:
    plan_ids = {row.entry.id for row in rows}
    plans = {plan_id: library.catalog.plan(plan_id) for plan_id in plan_ids}
    sections = {plan_id: library.catalog.sections(plan_id) for plan_id in plan_ids}
    return [
        IndicatorSource(
            row,
            plans[row.entry.id],
            sections[row.entry.id][row.indicator.section].path,
            plans[row.entry.id].page_at(row.indicator.span.start),
        )
        for row in rows
    ]


def _fits(row: IndicatorRow, wanted: IndicatorFilter, words: Sequence[str]) -> bool:
    indicator = row.indicator
    asked_and_found = (
        (wanted.plan_id, row.entry.id),
        (wanted.region, row.entry.metadata.region),
        (wanted.attribute, indicator.attribute or NO_ATTRIBUTE),
        (wanted.category, indicator.category),
        (wanted.origin, indicator.origin),
    )
    if any(asked and asked != found for asked, found in asked_and_found):
        return False
    if wanted.check and wanted.check != row.check.status:
        return False
    if not words:
        return True
    said = normalise(f"{indicator.name} {indicator.category or ''} {row.entry.title}")
    return all(word in said for word in words)


def _sorted(rows: list[IndicatorRow], wanted: IndicatorFilter) -> list[IndicatorRow]:
    """Return the rows in order; those without the figure stand last, whichever the direction."""
    if wanted.sort is None:
        return sorted(rows, key=_place)
    key = _SORT_KEYS[wanted.sort]
    known = [row for row in rows if key(row) is not None]
    unknown = [row for row in rows if key(row) is None]
    return sorted(known, key=key, reverse=wanted.descending) + unknown


def _place(row: IndicatorRow) -> tuple[bool, str, str, int]:
    is_prose = row.indicator.origin == "prose"
    return is_prose, row.entry.title, row.entry.id, row.indicator.number


_SORT_KEYS: dict[SortKey, Callable[[IndicatorRow], Any]] = {
    "name": lambda row: row.indicator.name,
    "base": lambda row: row.indicator.base,
    "target": lambda row: row.indicator.target,
    "growth": lambda row: row.indicator.growth,
    "attribute": lambda row: row.indicator.attribute,
    "check": lambda row: None if row.check.status == "not_applicable" else row.check.status,
    "plan": lambda row: row.entry.title,
}


def _cells(source: IndicatorSource) -> list[Cell]:
    row, indicator = source.row, source.row.indicator
    return [
        *(indicator.name, indicator.category, indicator.unit),
        *(_figure(indicator.base, indicator.base_text), indicator.base_year),
        # A target with a bound (7.5%左右) is more than its figure.
        indicator.target_text or indicator.target,
        indicator.target_year,
        _figure(indicator.growth, indicator.growth_text),
        GROWTH_NAMES[indicator.growth_kind] if indicator.growth_kind else None,
        indicator.attribute,
        *(CHECK_NAMES[row.check.status], row.check.formula),
        *(row.entry.title, row.entry.metadata.region),
        *(" > ".join(source.path), source.page),
        *(ORIGIN_NAMES[indicator.origin], source.quote),
    ]


def _figure(value: Decimal | None, text: str) -> Cell:
    return text if value is None else value
