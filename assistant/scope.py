"""Which of the plans does a question speak of: by title, place, kind, period and year?

Each that the question names narrows the plans down, as long as some are left. A year alone does
not: a plan for 2021–2025 may well speak of 2035.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.library import Library
from assistant.question import Question
from corpus.catalog import CatalogEntry
from corpus.model import Kind, Metadata
from corpus.normal import normalise
from corpus.years import Years, find_years

_LEVEL = re.compile("(?:特别行政区|(?:[壮回]族|维吾尔)?自治区|自治州|自治县|[省市区县州盟旗])$")
_TITLE = re.compile("《([^《》]{2,60})》")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("报告", re.compile("工作报告")),
    # 用哪些办法 names no document.
    ("办法", re.compile("条例|(?<![些么的种个样有用想新好没])办法")),
    ("规划", re.compile("规划纲要|五年规划|五年计划|专项规划")),
)
_NATIONAL = "国务院"


@dataclass(frozen=True, slots=True)
class Scope:
    """The plans to search, and the places named that none of them is of.

    What is said of such a place counts only where the text itself names it.
    """

    plan_ids: tuple[str, ...]
    is_narrowed: bool
    elsewhere: tuple[str, ...]


def entries_within(library: Library, plan_ids: Sequence[str] | None) -> list[CatalogEntry]:
    """Return what has been taken in, or of that only these plans."""
    entries = library.catalog.entries()
    return entries if plan_ids is None else [entry for entry in entries if entry.id in plan_ids]


def narrow(question: Question, entries: Sequence[CatalogEntry]) -> Scope:
    """Return the plans that the question speaks of; all if it names none of them."""
    stems = {place: place_stem(place) for place in question.places}
    found = {place: [e for e in entries if is_of(stem, e)] for place, stem in stems.items()}
    named = {entry.id for of_place in found.values() for entry in of_place}
    kind = next((kind for kind, pattern in _KINDS if pattern.search(question.normal)), None)
    periods = [years for years in find_years(question.normal) if years.first is not None]
    wanted: list[Callable[[CatalogEntry], bool]] = [
        lambda entry: _is_titled(question.normal, entry),
        lambda entry: entry.id in named,
        lambda entry: _NATIONAL in question.normal and _NATIONAL in entry.title,
        lambda entry: kind is not None and entry.metadata.kind == kind,
        lambda entry: any(_is_for(period, entry.metadata) for period in periods),
    ]
    left = list(entries)
    for is_wanted in wanted:
        left = [entry for entry in left if is_wanted(entry)] or left
    if len(left) < len(entries):
        left = _of_years(question.years, left)
    elsewhere = tuple(stems[place] for place, of_place in found.items() if not of_place)
    return Scope(tuple(entry.id for entry in left), len(left) < len(entries), elsewhere)


def place_stem(place: str) -> str:
    """Return a place's name without its level: 温州市 and 温州 are the same place."""
    stem = _LEVEL.sub("", place)
    return stem if len(stem) > 1 else place


def is_of(stem: str, entry: CatalogEntry) -> bool:
    """Tell whether the plan is the place's own: 温州市瓯海区 is of 瓯海, not of 温州."""
    region = entry.metadata.region
    return stem in entry.title or (region is not None and place_stem(region).endswith(stem))


def _is_titled(normal: str, entry: CatalogEntry) -> bool:
    title = normalise(entry.title)
    return any(name in title or title in name for name in _TITLE.findall(normal))


def _is_for(period: Years, metadata: Metadata) -> bool:
    return (period.first, period.last) == (metadata.start_year, metadata.end_year)


def _of_years(years: Sequence[int], entries: list[CatalogEntry]) -> list[CatalogEntry]:
    """Return the plans for one of the years, the reports of and after it; all if there is none."""
    return [e for e in entries if any(covers(e.metadata, year) for year in years)] or entries


def covers(metadata: Metadata, year: int) -> bool:
    """Tell whether the plan is for the year, or a report that was given in it or of the year."""
    start, end = metadata.start_year, metadata.end_year
    if start is None or end is None:
        return metadata.date is not None and metadata.date.startswith(str(year))
    # A year's report tells what the year before has brought.
    return (start - 1 if metadata.kind == "报告" else start) <= year <= end
