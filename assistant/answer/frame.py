"""The parts of a question: where and when, the subject, what is asked about it.

Example: 上海2026年城镇新增就业的目标是多少 -> 上海, 2026年 | 城镇新增就业 | 的目标是多少
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.segment import base_segmenter
from corpus.terms import load_aspects, load_generic, load_places, load_stopwords, synonyms

YEAR = re.compile(
    r"(?<![\d.])(?:(?:19|20)\d\d|[1-5]\d)年(?!级)(?:底|末|度)?|(?<![\d.])(?:19|20)\d\d(?![\d.年])"
)
_TITLE = re.compile(
    "(?:《[^《》]+》|[^,，。?？里中的]{0,24}?(?:工作报告|规划纲要|规划|纲要|五年计划|条例|办法|意见|方案|通知))"
    "(?:里面|里头|里|中|上)?(?:提出|提到)?的?[,，]?(?=.)"
)
_IN_TITLE = re.compile("[》里中上到出的,，]$")
# What opens or ends a sentence and says nothing.
_OPENING = re.compile(
    "^(?:(?:那个(?=[,，])|那么|那(?![个些份种条项本部])|嗯|好的?|哦|请问|麻烦|我?想(?:问|知道|了解)(?:一?下)?|帮我?(?:查|看)(?:一?下)?|查一?下|再问)[,，、\\s]*)+"
)
_ENDING = re.compile("[\\s?？!！。.~～,，呢啊呀呗嘛哈]+$")
_JOINS = frozenset("和与及跟、的占之为/（）()&-") | {"以及"}
# 浙江 in 浙江碳中和技术创新研究院 is part of a name.
_NAMED_AFTER_PLACE = re.compile(
    "^.{0,20}(?:研究院|研究所|实验室|大学|学院|公司|集团|医院|协会|基金)"
)
_NO_NAME = re.compile(r"[\W\d_]+")
# Part of a name where more is asked of it: 投资增速的目标.
_MEASURES = frozenset(
    [
        "占比",
        "比重",
        "比例",
        "增速",
        "增长率",
        "数量",
        "总量",
        "单位",
        "年均",
        "项目",
        "平台",
        "投资",
    ]
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A question cut up: `head + subject + tail` is the question without opening and ending.

    `scope` are the places and titles of the head, `years` its years.
    """

    head: str
    scope: str
    years: str
    subject: str
    tail: str

    @property
    def phrase(self) -> str:
        """Return the subject with its place or plan."""
        return f"{self.scope}{self.subject}"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    is_year: bool

    @property
    def is_place(self) -> bool:
        return self.text in load_places()

    @property
    def is_generic(self) -> bool:
        asks = load_aspects() | load_generic()
        return self.text in asks or not asks.isdisjoint(synonyms(self.text))

    @property
    def names(self) -> bool:
        """Tell whether the word may name a subject."""
        known = self.is_year or self.text in load_stopwords() or self.is_generic
        return not known and not _NO_NAME.fullmatch(self.text)


def bare(text: str) -> str:
    """Return a question without what merely opens and ends it: 那高企呢？ -> 高企."""
    return _ENDING.sub("", _OPENING.sub("", text.strip()))


def cut(text: str, names: Sequence[str] = ()) -> Frame:
    """Cut a question up; `names` are subjects that it is known to be about."""
    text = bare(text)
    title = _title(text)
    words = _words(text)
    start, end = _subject(text, words, len(title))
    for name in names:
        found = text.lower().find(name.lower())
        if found >= 0:
            start, end = min(start, found) if start < end else found, max(end, found + len(name))
    before = [word for word in words if len(title) <= word.start and word.end <= start]
    if before and before[-1].is_place and _NAMED_AFTER_PLACE.match(text[start:end]):
        start = before.pop().start
    return Frame(
        head=text[:start],
        scope=title + _joined(text, [word for word in before if word.is_place]),
        years="".join(match[0] for match in YEAR.finditer(text, len(title), start)),
        subject=text[start:end],
        tail=text[end:],
    )


def names_subject(text: str) -> bool:
    """Tell whether a question says what it is about, a place or a year apart."""
    return any(word.names and not word.is_place for word in _words(text))


def places_of(text: str) -> list[str]:
    """Return the places in the text, in order."""
    return [word.text for word in _words(text) if word.is_place]


def _title(text: str) -> str:
    match = _TITLE.match(text)
    return match[0] if match and _IN_TITLE.search(match[0]) else ""


def _words(text: str) -> list[_Word]:
    years = [match.span() for match in YEAR.finditer(text)]
    return [
        _Word(
            span.of(text),
            span.start,
            span.end,
            any(start <= span.start < end for start, end in years),
        )
        for span in base_segmenter().words(text)
    ]


def _subject(text: str, words: list[_Word], after: int) -> tuple[int, int]:
    """Return where the subject begins and ends; an empty stretch at the end if there is none."""
    telling = [word.names and not word.is_place and word.start >= after for word in words]
    if True not in telling:
        return len(text), len(text)
    first = last = telling.index(True)
    for position in range(first + 1, len(words)):
        if _goes_on(words, position, last):
            last = position
        elif words[position].text not in _JOINS:
            break
    return words[first].start, words[last].end


def _goes_on(words: list[_Word], position: int, last: int) -> bool:
    """Tell whether the word belongs to the subject that the word at `last` has reached."""
    word = words[position]
    if word.names or word.is_place:
        return True
    if len(word.text) == 1 and word.is_generic and position + 1 < len(words):
        # 高 in 高价值 asks nothing.
        return position == last + 1 and words[position + 1].names
    asked_of = any(later.is_generic for later in words[position + 1 :])
    return word.text in _MEASURES and position == last + 1 and asked_of


def _joined(text: str, words: list[_Word]) -> str:
    return text[words[0].start : words[-1].end] if words else ""
