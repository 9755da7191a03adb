"""The actual value of a year that a question gives, held against the target of what it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library import Library
from assistant.monitoring.model import Actual, Progress
from assistant.monitoring.monitor import judge
from assistant.operation import Given, read_given
from assistant.question import Question
from assistant.tools.calculation import mentioned_in
from assistant.tools.indicators import find_indicators
from corpus.arithmetic import Incalculable
from corpus.model import Indicator

_ASKS_PROGRESS = re.compile(
    "进度|进展|滞后|落后|超前|领先|跟得?上|赶得?上|来得及|如期|序时|按计划|按期|[快慢]|还差|达标"
    "|完成(?:率|情况|得|了?多少)|怎么?样|如何|正常"
)
# More rows of one name than this are of plans that nobody asked for.
_MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator with the user's figure: where it stands, or why that cannot be told."""

    indicator: Indicator
    given: Given
    progress: Progress | None = None
    refusal: str = ""


def find_progress(
    question: Question, library: Library, *, plan_ids: Sequence[str] | None = None
) -> list[Asked]:
    """Return where the user's figure of a year stands, for each indicator of the name.

    Empty if the question gives no figure of one year on the way to the target.
    """
    if not question.years or _ASKS_PROGRESS.search(question.normal) is None:
        return []
    named = _named(question, library, plan_ids)
    rows = [(row, year) for row in named if (year := _year(question, row)) is not None]
    nearest = min((row.target_year or 0 for row, _ in rows), default=0)
    rows = [(row, year) for row, year in rows if (row.target_year or 0) == nearest]
    if len(rows) > _MOST_ROWS:
        return []
    found = (_judged(question, row, year, library) for row, year in rows)
    return [asked for asked in found if asked is not None]


def _named(question: Question, library: Library, plan_ids: Sequence[str] | None) -> list[Indicator]:
    mentioned = mentioned_in(question, library.catalog.indicators(plan_ids))
    if not mentioned:
        found = find_indicators(question, library, plan_ids=plan_ids)
        return [] if found.selection else [row.indicator for row in found.rows]
    return mentioned[0][1] if len(mentioned) == 1 else []


def _year(question: Question, row: Indicator) -> int | None:
    """Return the one year that is neither the target's nor the base's, before the target's."""
    known = {row.base_year, row.target_year}
    years = [year for year in question.years if year not in known]
    if len(years) != 1 or row.target_year is None or years[0] > row.target_year:
        return None
    return years[0]


def _judged(question: Question, row: Indicator, year: int, library: Library) -> Asked | None:
    given = read_given(question, (row.base, row.target))
    if given is None:
        return None
    value = given.in_unit(row.unit)
    if value is None:
        return Asked(row, given, refusal=f"您给出的{given.shown}与目标的单位（{row.unit}）不同")
    actual = Actual(row.name, given.value, given.unit, year, "提问")
    entry = next(entry for entry in library.catalog.entries() if entry.id == row.plan_id)
    try:
        return Asked(row, given, judge(row, {year: (actual, value)}, entry))
    except Incalculable as reason:
        return Asked(row, given, refusal=str(reason))
