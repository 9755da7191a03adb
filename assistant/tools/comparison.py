"""Compares what plans of several places or years say of the same indicators."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from assistant.common_names import bare_name, common_name, names_said, unexplained
from assistant.library import Library
from assistant.operation import Operation, read_operation
from assistant.question import Question
from assistant.scope import is_of, place_stem
from assistant.tools.figures import Figure, common_unit
from corpus.arithmetic import (
    Incalculable,
    Working,
    difference,
    growth,
    mean,
    multiple,
    total,
)
from corpus.catalog import CatalogEntry
from corpus.model import Change, Indicator, Level
from corpus.years import find_years

# The same name, and the same kind of figure: a level, a rise, a rise a year.
_Measured: TypeAlias = tuple[str, Change | None, bool]

NATION = "全国"
_NATION = re.compile("国务院|全国|国家")
_EACH: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("省", re.compile("各省|各地|哪一?个?省|哪些省|所有省|省份|各自治区")),
    ("市", re.compile("各市|哪一?个?市|所有市")),
    ("区县", re.compile("各区|各县|哪一?个?[区县]|所有区")),
)
_GROWTH = re.compile("增长|增速|增幅|涨幅|增加值增|下降|降幅")
_FROM_TO = re.compile(r"((?:19|20)\d\d)年?[到至~—–-]+((?:19|20)\d\d)年?(?!增长|的增)")
_MOST_YEARS = 15
_ALL_GOALS = re.compile("目标|指标")
# All goals of more plans than this make no table that can be read.
_MOST_PARTIES = 4
_MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Party:
    """A place and a year that are compared, with the plans that may tell; `reports` are the year's.

    There are no plans where none of the place has been taken in. Without `is_asked` the year is
    the latest report's: nobody asked for it, and a figure for another year is better than none.
    """

    place: str
    year: int | None
    plan_ids: tuple[str, ...]
    reports: tuple[str, ...]
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sum over the figures of some parties (by position), or why it cannot be done."""

    parties: tuple[int, ...]
    working: Working | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One measured thing: for each party the different figures that its plans print, if any."""

    name: str
    change: Change | None
    is_annual: bool
    figures: tuple[tuple[Figure, ...], ...]
    outcome: Outcome | None

    @property
    def title(self) -> str:
        """Return the name, as printed where all print the same, with the kind of figure."""
        printed = {bare_name(figure.indicator.name) for cell in self.figures for figure in cell}
        name = printed.pop() if len(printed) == 1 else self.name
        kind = {"increase": "增长", "decrease": "下降", None: ""}[self.change]
        return f"{name}{'年均' if self.is_annual else ''}{kind}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the parties say of the series; `is_of_all` where all their goals are compared."""

    operation: Operation
    parties: tuple[Party, ...]
    series: tuple[Series, ...]
    is_of_all: bool


def find_comparison(
    question: Question, library: Library, *, plan_ids: Sequence[str] | None = None
) -> Comparison | None:
    """Return the comparison that the question asks for, None if it asks for none."""
    operation = read_operation(question)
    if operation is None or operation in ("gap", "completion"):
        return None
    entries = [
        entry
        for entry in library.catalog.entries()
        if entry.superseded_by is None and (plan_ids is None or entry.id in plan_ids)
    ]
    parties = find_parties(question, entries)
    if len(parties) < 2:
        return None
    indicators = library.catalog.indicators(plan_ids)
    said = [one.name for one in names_said(question, indicators)]
    if not said:
        # What others set a target for may be asked of places that set none.
        said = [one.name for one in names_said(question, library.catalog.indicators())]
    # 两地目标有什么变化 names nothing: all goals are meant; but not those of something unknown.
    is_of_all = not said
    if is_of_all and not _asks_all(question, parties):
        return None
    rows = _rows(parties, indicators, said or None)
    if said and operation != "growth":
        rows = _of_kind(question, rows)
    if said and not rows:
        # That nobody states it is an answer too.
        rows = {(said[0], None, False): ((),) * len(parties)}
    if not rows:
        return None
    series = [
        Series(*key, figures, _outcome(operation, parties, figures))
        for key, figures in rows.items()
    ]
    if is_of_all:
        # What several say comes first.
        series.sort(key=lambda one: -sum(1 for figures in one.figures if figures))
    return Comparison(operation, tuple(parties), tuple(series[:_MOST_ROWS]), is_of_all)


def find_parties(question: Question, entries: Sequence[CatalogEntry]) -> list[Party]:
    """Return the places and years that the question sets against each other."""
    places: dict[str, list[CatalogEntry]] = {}
    level = next((level for level, pattern in _EACH if pattern.search(question.normal)), None)
    for place in question.places:
        of_place = [entry for entry in entries if is_of(place_stem(place), entry)]
        regions = [entry.metadata.region for entry in of_place if entry.metadata.region]
        places[min(regions, key=len, default=place)] = of_place
    if _NATION.search(question.normal) and (national := _of_level("国家", entries)):
        places[NATION] = national
    if not question.places and level is not None:
        for entry in _of_level(level, entries):
            if entry.metadata.region:
                places.setdefault(entry.metadata.region, []).append(entry)
    periods = {years.last for years in find_years(question.normal) if years.first is not None}
    years: Sequence[int | None] = sorted(periods | _years(question)) or [None]
    parties: list[Party] = []
    for place, of_place in places.items():
        for year in years:
            reported = year or _latest(of_place)
            reports = tuple(
                entry.id for entry in of_place if _reports(entry, reported, reported in periods)
            )
            plans = reports or tuple(entry.id for entry in of_place)
            parties.append(Party(place, reported, plans, reports, year is not None))
    if len(places) < 2 and not any(party.reports for party in parties):
        # Two years of one plan stand in one row of its table.
        return []
    if level is not None and any(party.reports for party in parties):
        return [party for party in parties if party.reports]
    return parties


def _of_level(level: Level, entries: Sequence[CatalogEntry]) -> list[CatalogEntry]:
    return [entry for entry in entries if entry.metadata.level == level]


def _years(question: Question) -> set[int]:
    """Return the years, of 2014年到2017年 also those between."""
    years = set(question.years)
    for match in _FROM_TO.finditer(question.normal):
        first, last = int(match[1]), int(match[2])
        years |= set(range(first, last + 1)) if last - first < _MOST_YEARS else set()
    return years


def _reports(entry: CatalogEntry, year: int | None, is_period: bool) -> bool:
    """Tell whether the plan is the report of a year, or the plan of a period that ends in it."""
    metadata = entry.metadata
    if year is None or metadata.end_year != year:
        return False
    return metadata.kind == ("规划" if is_period else "报告")


def _latest(entries: Iterable[CatalogEntry]) -> int | None:
    """Return the year of the latest report."""
    years = [entry.metadata.end_year for entry in entries if entry.metadata.kind == "报告"]
    return max((year for year in years if year), default=None)


def _asks_all(question: Question, parties: Sequence[Party]) -> bool:
    if len(parties) > _MOST_PARTIES or not _ALL_GOALS.search(question.normal):
        return False
    return not unexplained(question.normal)


def _rows(
    parties: Sequence[Party], indicators: Sequence[Indicator], names: Sequence[str] | None
) -> dict[_Measured, tuple[tuple[Figure, ...], ...]]:
    """Return for each thing measured the figures of each party, in the order of the plans."""
    found: dict[_Measured, list[dict[str, Figure]]] = {}
    for position, party in enumerate(parties):
        own = [indicator for indicator in indicators if indicator.plan_id in party.plan_ids]
        figures = _figures(own, party.year, names)
        if not figures and not party.is_asked and names is not None:
            figures = _figures(own, None, names)
        for figure in figures:
            one = figure.indicator
            is_annual = one.growth_kind == "annual" and one.origin == "prose"
            key = (common_name(one), one.change, is_annual)
            cells = found.setdefault(key, [{} for _ in parties])
            cells[position].setdefault(figure.shown, figure)
    return {key: tuple(tuple(cell.values()) for cell in cells) for key, cells in found.items()}


def _figures(
    indicators: Sequence[Indicator], year: int | None, names: Sequence[str] | None
) -> list[Figure]:
    """Return what the indicators of these names print for the year; without one, the targets."""
    figures: list[Figure] = []
    for one in indicators:
        if names is not None and common_name(one) not in names:
            continue
        if year in (None, one.target_year) and (one.target_text or one.target is not None):
            figures.append(Figure(one))
        elif year is not None and year == one.base_year and one.base is not None:
            figures.append(Figure(one, "base"))
    return figures


def _of_kind(
    question: Question, rows: dict[_Measured, tuple[tuple[Figure, ...], ...]]
) -> dict[_Measured, tuple[tuple[Figure, ...], ...]]:
    """Return the rises alone where the question asks for them and as many print them."""
    rises = {key: figures for key, figures in rows.items() if key[1] is not None}
    if not _GROWTH.search(question.normal) or _most(rises) < _most(rows):
        return rows
    return rises


def _most(rows: Mapping[_Measured, Sequence[Sequence[Figure]]]) -> int:
    """Return of how many parties at most a row has figures."""
    return max((sum(1 for cell in cells if cell) for cells in rows.values()), default=0)


def _outcome(
    operation: Operation, parties: Sequence[Party], figures: Sequence[Sequence[Figure]]
) -> Outcome | None:
    """Work out what is asked for over the parties that print something."""
    printed = tuple(position for position, cell in enumerate(figures) if cell)
    if len(printed) < 2:
        return None
    if operation not in ("total", "mean") and len(printed) > 2:
        return None
    try:
        chosen = [_only(figures[position]) for position in printed]
        values = [figure.exact() for figure in chosen]
        unit = common_unit(chosen)
        return Outcome(printed, _work(operation, parties, values, unit))
    except Incalculable as reason:
        return Outcome(printed, refusal=str(reason))


def _only(figures: Sequence[Figure]) -> Figure:
    if len(figures) > 1:
        shown = "、".join(figure.shown for figure in figures)
        raise Incalculable(f"同一文件给出了几个数值（{shown}）")
    return figures[0]


def _work(
    operation: Operation, parties: Sequence[Party], values: Sequence[Decimal], unit: str
) -> Working:
    one, other = values[0], values[1]
    match operation:
        case "total":
            return total(values, unit)
        case "mean":
            return mean(values, unit)
        case "multiple":
            return multiple(one, other)
        case "growth" if unit not in ("%", "‰"):
            return growth(one, other)
        case _:
            # Of two years the later less the earlier one, of two places the higher less the lower.
            if parties[0].place == parties[1].place:
                return difference(other, one, unit)
            return difference(max(one, other), min(one, other), unit)
