"""What is to come, and by when: a document's own time, its headings, the words of a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.model import Plan, Section
from corpus.targets_words import any_of
from corpus.years import Years, find_years

_REPORT = re.compile("工作报告")
_PLAN = re.compile("规划|纲要|计划")
_GOALS = re.compile(
    r"目标(?:任务)?(?:初步|拟|建议)?(?:安排|确定|设定)?(?:是|为|[:：]|包括|主要有|如下)"
)
_RELATIVE = {"今年": 0, "本年": 0, "全年": 0, "年内": 0, "明年": 1}
_COMPARED = re.compile(r"(?:比|较|由|从|自|以|是|于|按)\s*$")
_COMPARED_AFTER = re.compile(
    r"\s*(?:[底末]?(?:的\d|基数|水平|提高|基础上|下降|降低|增长|增加|减少|翻)|以来|时的)"
)
_TITLE_LENGTH = 40
# Sentences, items of a list and figures are no titles.
_NO_TITLE = re.compile(
    r"[。；;，！：:]|^\s*[—●·\-]|[\d０-９]\s*(?:[%％万亿个人家]|倍)|(?:加|高|降|达|长)到\s*\d"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time in which a document stands: its targets are for `first` to `last`.

    None where it does not tell. `is_report` marks reports, which look back before they look ahead,
    `is_plan` plans, which are all about what is to come; of others only what they call a goal is.
    """

    first: int | None
    last: int | None
    is_report: bool
    is_plan: bool


def read_clock(plan: Plan) -> Clock:
    """Return the document's time: its own words on it, else its title's."""
    metadata = plan.metadata
    is_report = metadata.kind == "报告" or _REPORT.search(plan.title) is not None
    is_plan = metadata.kind == "规划" or (not is_report and _PLAN.search(plan.title) is not None)
    first, last = metadata.start_year, metadata.end_year
    if is_report or (first is None and last is None):
        # A report is one year's, even if it speaks of a period to come.
        named = _title_years(plan.title, is_report)
        first, last = named if named[0] is not None else (first, last)
    if first is None and last is None and metadata.date:
        first = int(metadata.date[:4])
        last = first if is_report else None
    return Clock(last if first is None else first, last, is_report, is_plan)


def _title_years(title: str, is_report: bool) -> tuple[int | None, int | None]:
    """Return the years that a title is about; a mere number (_2021) ends no period."""
    named = find_years(title)
    if named:
        return named[-1].first or named[-1].last, named[-1].last
    loose = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", title)
    if not loose:
        return None, None
    return int(loose[-1]), int(loose[-1]) if is_report else None


@cache
def _headings() -> tuple[re.Pattern[str], ...]:
    kinds = ("past heading", "deed heading", "future heading")
    return tuple(re.compile(any_of(kind)) for kind in kinds)


def heading_stance(title: str, clock: Clock) -> bool | None:
    """Tell whether what stands under the title is to come; None if it does not say."""
    past, deed, future = _headings()
    is_past = past.search(title) is not None and deed.search(title) is None
    years = [years.last for years in find_years(title)]
    if clock.first is not None and years:
        if min(years) >= clock.first and not is_past:
            return True
        if max(years) < clock.first:
            return False
        if is_past and max(years) >= clock.first > min(years):
            # “十三五”成就和“十四五”目标: the text itself goes over from one to the other.
            return None
    if is_past:
        return False
    return True if future.search(title) else None


def section_stances(sections: Sequence[Section], clock: Clock) -> list[bool | None]:
    """Return for each section whether it looks ahead, by its headings; None if none says so."""
    stances: list[bool | None] = []
    for section in sections:
        own = heading_stance(section.title, clock) if section.path else None
        above = None if section.parent is None else stances[section.parent]
        # 落实国家战略任务 under 工作回顾 is past as well: only a year to come changes that.
        if own is None or (own and above is False and not named_years(section.title, clock)):
            own = above
        stances.append(own)
    return stances


def is_title_line(line: str) -> bool:
    """Tell whether the line is short and no sentence, as a heading without a number is."""
    return 0 < len(line.strip()) <= _TITLE_LENGTH and _NO_TITLE.search(line) is None


def sets_goals(sentence: str) -> bool:
    """Tell whether the sentence says that it sets goals: 主要预期目标是……"""
    return _GOALS.search(sentence) is not None


def years_ahead(text: str) -> list[Years]:
    """Return the years that the text names, but for those that something is compared with."""
    return [
        years
        for years in find_years(text)
        if not _COMPARED.search(text, max(0, years.start - 4), years.start)
        and not _COMPARED_AFTER.match(text, years.end)
    ]


def relative_year(text: str, end: int, clock: Clock) -> int | None:
    """Return the year that 今年 or 明年 before `end` means, in a report of one year."""
    if not clock.is_report or clock.last is None:
        return None
    found = [(text.rfind(word, 0, end), shift) for word, shift in _RELATIVE.items()]
    position, shift = max(found)
    return None if position == -1 else clock.last + shift


def heading_year(section: Section, clock: Clock) -> int | None:
    """Return the one year or period to come that the section's headings name, innermost first."""
    for title in reversed(section.path):
        named = named_years(title, clock)
        if named:
            return named.pop() if len(named) == 1 else None
    return None


def named_years(title: str, clock: Clock) -> set[int]:
    """Return the years to come, and the last ones of periods, that a title names."""
    named = {
        years.last
        for years in find_years(title)
        if clock.first is None or years.last >= clock.first
    }
    if "今年" in title and clock.is_report and clock.last is not None:
        named.add(clock.last)
    return named
