"""The places and years that are set against each other, and the plans that may tell of each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.question import Question
from assistant.scope import is_of, place_stem
from corpus.catalog import CatalogEntry
from corpus.model import Kind, Level
from corpus.years import find_years

NATION = "全国"
_NATION = re.compile("国务院|全国|国家")
_EACH: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("省", re.compile("各省|各地|哪一?个?省|哪些省|所有省|省份|各自治区")),
    ("市", re.compile("各市|哪一?个?市|所有市")),
    ("区县", re.compile("各区|各县|哪一?个?[区县]|所有区")),
)
_FROM_TO = re.compile(r"((?:19|20)\d\d)年?[到至~—–-]+((?:19|20)\d\d)年?(?!增长|的增)")
_MOST_YEARS = 15
# What sets goals of its own place; policies and rules rarely do.
_SETS_GOALS: tuple[Kind, ...] = ("报告", "规划")


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


def find_parties(question: Question, entries: Sequence[CatalogEntry]) -> list[Party]:
    """Return the places and years that the question sets against each other."""
    places: dict[str, list[CatalogEntry]] = {}
    level = next((level for level, pattern in _EACH if pattern.search(question.normal)), None)
    for place in question.places:
        name, of_place = _of_place(place, entries)
        places[name] = of_place
    if _NATION.search(question.normal) and (national := _of_level("国家", entries)):
        places[NATION] = national
    if not question.places and level is not None:
        for entry in _of_level(level, entries):
            if entry.metadata.region:
                places.setdefault(entry.metadata.region, []).append(entry)
    periods = {years.last for years in find_years(question.normal) if years.first is not None}
    years: Sequence[int | None] = sorted(periods | _years(question)) or [None]
    parties = [
        _party(place, of_place, year, periods)
        for place, of_place in places.items()
        for year in years
    ]
    if len(places) < 2 and not any(party.reports for party in parties):
        # Two years of one plan stand in one row of its table.
        return []
    if level is not None and any(party.reports for party in parties):
        return [party for party in parties if party.reports]
    return parties


def parties_of(
    entries: Sequence[CatalogEntry], places: Sequence[str], years: Sequence[int], kind: Kind | None
) -> list[Party]:
    """Return the parties of these places and years; all that the plans are of where none is given.

    Each report is the party of its place and year, each plan that of its place and last year.
    """
    kinds = _SETS_GOALS if kind is None else (kind,)
    usable = [one for one in entries if one.metadata.kind in kinds and one.metadata.end_year]
    if places and years:
        return [
            _party(*_of_place(place, usable), year, set()) for place in places for year in years
        ]
    chosen = [one for place in places for one in _of_place(place, usable)[1]] if places else usable
    found: dict[tuple[str, int], list[CatalogEntry]] = {}
    for entry in chosen:
        year = entry.metadata.end_year
        if year and (not years or year in years):
            found.setdefault((place_of(entry), year), []).append(entry)
    parties = [
        Party(place, year, ids := tuple(entry.id for entry in group), ids, is_asked=True)
        for (place, year), group in sorted(found.items(), key=lambda one: one[0])
    ]
    absent = [place for place in places if not _of_place(place, usable)[1]]
    return [*parties, *(Party(place, None, (), (), is_asked=False) for place in absent)]


def place_of(entry: CatalogEntry) -> str:
    """Return the place that a plan is of, as comparisons name it."""
    return entry.metadata.region or (NATION if entry.metadata.level == "国家" else entry.title)


def _of_place(place: str, entries: Sequence[CatalogEntry]) -> tuple[str, list[CatalogEntry]]:
    """Return the place's own plans and the name that they give it."""
    if place == NATION or _NATION.fullmatch(place):
        return NATION, _of_level("国家", entries)
    found = [entry for entry in entries if is_of(place_stem(place), entry)]
    regions = [entry.metadata.region for entry in found if entry.metadata.region]
    return min(regions, key=len, default=place), found


def _party(
    place: str, of_place: Sequence[CatalogEntry], year: int | None, periods: set[int]
) -> Party:
    reported = year or _latest(of_place)
    reports = tuple(
        entry.id for entry in of_place if _reports(entry, reported, reported in periods)
    )
    plans = reports or tuple(entry.id for entry in of_place)
    return Party(place, reported, plans, reports, year is not None)


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
