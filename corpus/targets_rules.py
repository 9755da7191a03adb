"""Which clauses with a figure set a target: those of what is to come, and of a quantity."""

import re
from functools import cache

from corpus.targets_clauses import Clause, is_quantity
from corpus.targets_places import Place, is_past
from corpus.targets_words import any_of, words
from corpus.targets_years import Clock

# What a figure is measured by is no sign of the past: 比上年增长5%.
_COMPARED = re.compile("[比较从由](?:去年|上年|前一年)")
# A figure that describes a thing: 超过1亿元的企业.
_AFTER_FIGURE = re.compile("的(?!目标|预期目标|速度|增速|水平|增长|年均)|(?:企业|项目|单位)")
_NAME = re.compile(r"[^，。；：、“”\s]*[\u4e00-\u9fffA-Za-z]{2}[^，。；：“”\n]*")


def is_target(place: Place, clause: Clause, clock: Clock) -> bool:
    """Tell whether the clause of the sentence sets a target."""
    if is_past(place.years, clock) and not place.is_goal:
        return False
    return _is_to_come(place, clause, clock) and _is_named(clause, is_goal=place.is_goal)


def year_ahead(place: Place, clause: Clause, clock: Clock) -> int | None:
    """Return the year to come that the sentence names nearest before the figure."""
    for years in reversed(place.years):
        if years.start < clause.span.end and (clock.first is None or years.last >= clock.first):
            return years.last
    return None


def _is_to_come(place: Place, clause: Clause, clock: Clock) -> bool:
    """Tell whether the clause speaks of what is to come, and of no gift, condition or report."""
    if not place.is_ahead and year_ahead(place, clause, clock) is None:
        return False
    if _any("past opening").match(place.sentence.lstrip()):
        return False
    is_about_goals = clock.is_report or clock.is_plan or place.is_goal
    if not is_about_goals and not _is_goal(place, clause, clock):
        return False
    start = max(place.sentence.rfind(mark, 0, clause.span.start) for mark in "，：；") + 1
    context = _COMPARED.sub("", place.sentence[start : clause.span.end])
    if not place.is_goal and (_any("never").search(context) or _any("past").search(context)):
        return False
    return _AFTER_FIGURE.match(place.sentence, clause.span.end) is None


def _is_goal(place: Place, clause: Clause, clock: Clock) -> bool:
    """Tell whether a policy's sentence sets a goal: a heading says so, or it says by when."""
    if any("目标" in title for title in place.section.path):
        return True
    before = [years for years in place.years if years.start < clause.span.start]
    if clock.first is not None:
        return any(years.last >= clock.first for years in before)
    return any(place.sentence[: years.start].endswith(("到", "至")) for years in before)


def _is_named(clause: Clause, *, is_goal: bool) -> bool:
    """Tell whether the clause's name is one of a quantity that such a figure may follow."""
    if not _NAME.fullmatch(clause.name) and not (clause.is_split and clause.name):
        return False
    quantity = is_quantity(clause.whole_name)
    if _does_work(clause.name) and not (quantity and clause.verb):
        return False
    if not clause.verb or clause.verb in words("weak"):
        return quantity and (is_goal or _is_told(clause))
    return quantity or clause.verb not in words("deed") or clause.unit not in words("count")


def _is_told(clause: Clause) -> bool:
    """Tell whether a figure with a weak verb or none is one of the quantity before it."""
    if clause.unit == "%" or (clause.bound is not None and clause.bound not in words("no verb")):
        return True
    if clause.whole_name.endswith(words("telling")):
        return True
    return clause.verb != "" and clause.verb not in words("no verb")


def _does_work(name: str) -> bool:
    return any(_work().match(part) for part in name.split("、"))


@cache
def _any(kind: str) -> re.Pattern[str]:
    return re.compile(any_of(kind))


@cache
def _work() -> re.Pattern[str]:
    return re.compile("(?:基本|全面|全部|累计|新|再)?" + any_of("work"))
