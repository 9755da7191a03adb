"""When a document was made, and which years it plans."""

import re
import unicodedata
from datetime import date
from itertools import pairwise

from corpus.metadata_head import Head

_CHINESE_DIGIT = "[〇○零O一二三四五六七八九]"
_DATE = re.compile(
    rf"(?P<year>(?:19|20)\d\d|[一二]{_CHINESE_DIGIT}{{3}})[年.\-/\uff0e](?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})"
    r"[月.\-/\uff0e](?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日?"
)
_AFTER = re.compile(r"^(?:[(\uff08].*[)\uff09]|\d{1,2}:\d\d(?::\d\d)?|发布|印发)?$")
_MADE_FIELDS = ("成文日期", "成文时间", "发文日期", "印发日期")
_PUBLISHED_FIELDS = ("发布日期", "发布时间", "公开日期", "发表时间", "时间", "日期", "公布日期")
_BEFORE_MEETING = re.compile("[(\uff08\\-\u2013—\u2500\u4e00]*")
_MEETING = re.compile(r"会议|通过|人民代表大会|批准|公布|修订")
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_HEAD_MEETING = 25

_ORDINALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九十", start=1)}
_FIVE_YEARS = re.compile(
    r"[“\"‘「]?(?P<short>十[一二三四五六七八九]|[一二三四五六七八九十])五[”\"’」]?"
    r"(?=规划|计划|时期|期间|发展|[^一二三四五六七八九十年]*(?:规划|计划|纲要))"
    r"|第(?P<full>十[一二三四五六七八九]|[一二三四五六七八九十])个五年"
)
_RANGE = re.compile(
    r"(?P<first>(?:19|20)\d\d)年?\s*[-\u2013—\u2014~\uff5e－至到一]{1,2}\s*(?P<last>(?:19|20)\d\d)(?!\d)"
)
_ONE_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年(?!版|远景|修|第|\d)(?=.)")
_FIRST_PLAN = 1953
_LONGEST_PERIOD = 50


def find_signed_date(lines: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return the lines that are nothing but a date, with the date."""
    found = []
    for place, line in enumerate(lines):
        made = read_date(line, whole=True)
        if made is not None:
            found.append((place, made))
    return found


def find_made_field(head: Head) -> str | None:
    """Return the date that a field gives as that of the document itself."""
    return _field_date(head, _MADE_FIELDS)


def find_published(head: Head) -> str | None:
    """Return the date on which the page says that the document was published."""
    return _field_date(head, _PUBLISHED_FIELDS)


def find_meeting_date(head: Head) -> str | None:
    """Return the date of the meeting that heard or passed the document: （2026年1月27日在…上）."""
    for line, following in pairwise((*head.lines[:_HEAD_MEETING], "")):
        # A narrow page breaks the line before 会议通过.
        is_open = line.startswith(("(", "\uff08")) and not line.endswith((")", "\uff09"))
        words = "".join((line + following if is_open else line).split())
        found = _DATE.search(words[:40])
        if found is None or not _BEFORE_MEETING.fullmatch(words[: found.start()]):
            continue
        if _MEETING.search(words, found.end()) and len(words) < 90:
            return _iso(found)
    return None


def read_date(words: str, *, whole: bool = False) -> str | None:
    """Return the date in the words as 2021-03-12; with `whole`, only if there is nothing else."""
    words = "".join(words.split())
    found = _DATE.match(words) if whole else _DATE.search(words)
    if found is None or (whole and not _AFTER.match(words[found.end() :])):
        return None
    return _iso(found)


def find_period(title: str) -> tuple[int, int] | None:
    """Return the first and the last year that a title speaks of: 十五五, 2018—2035年, 2026年."""
    words = unicodedata.normalize("NFKC", "".join(title.split()))
    spanned = _RANGE.search(words)
    if spanned is not None:
        first, last = int(spanned["first"]), int(spanned["last"])
        return (first, last) if first <= last <= first + _LONGEST_PERIOD else None
    counted = _FIVE_YEARS.search(words)
    if counted is not None:
        numeral = counted["short"] or counted["full"]
        return _plan_years(sum(_ORDINALS[character] for character in numeral))
    one = _ONE_YEAR.search(words)
    return (int(one["year"]), int(one["year"])) if one is not None else None


def _plan_years(number: int) -> tuple[int, int]:
    """Return the years of the plan with this number: three lay between the second and third."""
    first = _FIRST_PLAN + 5 * (number - 1) + (3 if number > 2 else 0)
    return first, first + 4


def _field_date(head: Head, names: tuple[str, ...]) -> str | None:
    for name in names:
        made = read_date(head.fields.get(name, ""))
        if made is not None:
            return made
    return None


def _iso(found: re.Match[str]) -> str | None:
    year = int(found["year"].translate(_DIGITS))
    try:
        return date(year, _number(found["month"]), _number(found["day"])).isoformat()
    except ValueError:
        return None


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.partition("十")
    if not ten:
        return _ORDINALS[words[-1]]
    return 10 * (_ORDINALS[tens] if tens else 1) + (_ORDINALS[ones] if ones else 0)
