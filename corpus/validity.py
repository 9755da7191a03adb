"""Until when a policy holds, as its own words tell: 有效期3年, 至2025年12月31日止, 暂定三年."""

import re
from calendar import monthrange
from datetime import date

from corpus.criteria_thresholds import read_number

_DAY = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_UNTIL = re.compile(
    rf"(?:起至|有效期(?:至|到)|执行至|施行至|止于|日至|起到|截至){_DAY}|至{_DAY}止|日(?:至|到|-|—){_DAY}"
)
_SAME_YEAR = re.compile(r"(\d{4})年\d{1,2}月\d{1,2}日(?:至|到|-|—)(\d{1,2})月(\d{1,2})日")
_TERM = re.compile(
    r"(?:有效期(?:为|限为?)?|暂定|试行(?:期)?(?:为)?|执行期(?:限)?为?)([一二两三四五六七八九十]|\d{1,2})年"
)
_FROM = re.compile(rf"(?:自|从)?{_DAY}起")
_ENDS = re.compile(r"(\d{4})年失效|(?:在|于)\d{4}(?:-|—|至)(\d{4})年内?有效")
_SELF = re.compile(r"本(?:意见|办法|措施|政策|通知|细则|规定|方案|条例)|有效期")


def read_until(words: str, *, issued: date | None = None) -> date | None:
    """Return the last day, None where the words (a compact view) name none.

    A term without a first day (自印发之日起有效期3年) counts from `issued`.
    """
    if found := _UNTIL.search(words):
        return _day([part for part in found.groups() if part])
    if found := _SAME_YEAR.search(words):
        return _day(list(found.groups()))
    if found := _ENDS.search(words):
        return date(int(found[1] or found[2]), 12, 31)
    term = _TERM.search(words)
    if term is None:
        return None
    begin = _FROM.search(words)
    start = _day(list(begin.groups())) if begin else issued
    return None if start is None else _later(start, int(read_number(term[1])))


def speaks_of_itself(words: str) -> bool:
    """Tell whether a sentence is about how long the document holds."""
    return bool(_SELF.search(words)) and bool(_TERM.search(words) or _UNTIL.search(words))


def _day(parts: list[str]) -> date | None:
    year, month, day = map(int, parts)
    # What no calendar has is a misprint, and tells nothing.
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _later(start: date, years: int) -> date:
    year = start.year + years
    return start.replace(year=year, day=min(start.day, monthrange(year, start.month)[1]))
