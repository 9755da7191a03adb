"""The numbers that open headings: 第一章, 一、, （一）, 1., ①, 专栏1, 附件 2 ….

Knows the labels only: whether what follows one is a title is judged elsewhere.
"""

import re
import unicodedata
from dataclasses import dataclass

BLANKS = " \t\u3000\xa0\u2002\u2003\u2009"
BLANK = f"[{BLANKS}]"
_CHINESE = "[一二三四五六七八九十百零〇○两]"
CHINESE_NUMERAL = rf"{_CHINESE}(?:{BLANK}?{_CHINESE}){{0,5}}"
_ARABIC = "[0-9\uff10-\uff19]{1,3}"
_NUMBER = rf"(?:{CHINESE_NUMERAL}|{_ARABIC})"
# 1.5 is a figure, 1.2025年 an item that starts with a year.
_DOT = r"[.\uff0e](?!\d(?!\d{3}年))"

# From widest to narrowest; what comes later in the list nests in what comes before, whatever a
# text starts with or leaves out. Only a box goes where it stands (see outline_tree).
LABELS: tuple[tuple[str, str], ...] = (
    (
        "annex",
        rf"附{BLANK}?[件录表图]{BLANK}{{0,3}}(?:{_NUMBER}(?:[-\uff0d—]\d{{1,2}})?)?"
        rf"(?=[\s:\uff1a“\"《]|$|(?<=\d)[\u4e00-\u9fff])",
    ),
    ("part", rf"第{BLANK}{{0,2}}{_NUMBER}{BLANK}{{0,2}}(?:[篇编]|部{BLANK}?分)"),
    ("chapter", rf"第{BLANK}{{0,2}}{_NUMBER}{BLANK}{{0,2}}章"),
    ("section", rf"第{BLANK}{{0,2}}{_NUMBER}{BLANK}{{0,2}}节"),
    ("ordinal", rf"{CHINESE_NUMERAL}{BLANK}?(?:、|{_DOT})"),
    ("box", rf"专{BLANK}?栏{BLANK}{{0,3}}(?:{_NUMBER}(?:[-\uff0d—]\d{{1,2}})?|(?=[\s:\uff1a]))"),
    (
        "bracket",
        rf"[(\uff08]{BLANK}?{CHINESE_NUMERAL}{BLANK}?[)\uff09]{BLANK}?[、.\uff0e]?|[\u3220-\u3229]",
    ),
    ("article", rf"第{BLANK}{{0,2}}{_NUMBER}{BLANK}{{0,2}}条"),
    ("arabic", rf"{_ARABIC}{BLANK}?(?:{_DOT}|、)|[\u2488-\u249b]"),
    # Never read as such: 1． within 1. is told by what stands around it (see outline_dots).
    ("inner arabic", "(?!)"),
    (
        "arabic bracket",
        rf"[(\uff08]{BLANK}?{_ARABIC}{BLANK}?[)\uff09]、?|{_ARABIC}[)\uff09]|[\u2474-\u2487]",
    ),
    ("circled", r"[\u2460-\u2473]"),
)
RANKS = {kind: rank for rank, (kind, _) in enumerate(LABELS, start=1)}

# Kinds that name what they open and are hardly ever anything else at the head of a line.
NAMED = frozenset({"part", "chapter", "section", "annex", "box"})
# Kinds that number items and sentences as often as headings.
WEAK = frozenset({"arabic", "inner arabic", "arabic bracket", "circled"})

_LABEL = re.compile(
    "|".join(f"(?P<{kind.replace(' ', '_')}>{pattern})" for kind, pattern in LABELS)
)
# 一、二季度; 三、五年内: two numerals of a phrase.
_PHRASE = re.compile(r"[一二三四五六七八九十]{1,2}(?:季度|[产线级类期年次等、])")
# 第十二条第二款, 第三章规定的: a reference, not what it refers to.
_REFERENCE = re.compile(
    r"[、,\uff0c的之]|[和及或与至到][第附]|所[列述称指示]|规定|中[的所,\uff0c]|[款项]"
)
_DIGITS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
}
_CHINESE_RUN = re.compile(rf"{_CHINESE}+")
_ARABIC_RUN = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Label:
    """A number at `start`..`end`; `value` is 0 for a box or an annex without one."""

    kind: str
    value: int
    start: int
    end: int

    @property
    def rank(self) -> int:
        """Return the kind's place among the kinds, 1 for the widest."""
        return RANKS[self.kind]


def read_label(text: str, start: int, end: int) -> Label | None:
    """Return the label that stands at `start`, None if there is none."""
    found = _LABEL.match(text, start, end)
    if found is None or found.lastgroup is None:
        return None
    kind = found.lastgroup.replace("_", " ")
    if (kind in NAMED or kind == "article") and _REFERENCE.match(text, found.end(), end):
        return None
    if kind == "article" and text.startswith("第", found.end(), end):
        return None
    if kind == "ordinal" and _PHRASE.match(text, found.end(), end):
        return None
    return Label(kind, label_value(found[0]), found.start(), found.end())


def label_value(label: str) -> int:
    """Return the number in a label: 第二十一章 21, （3） 3, ③ 3; 0 if there is none."""
    words = unicodedata.normalize("NFKC", "".join(label.split()))
    arabic = _ARABIC_RUN.search(words)
    if arabic is not None:
        return int(arabic[0])
    chinese = _CHINESE_RUN.search(words)
    return _numeral_value(chinese[0]) if chinese is not None else 0


def _numeral_value(numeral: str) -> int:
    """Return the number: 二十一 21, 一百零三 103, 一二 12."""
    total = current = 0
    for character in numeral:
        if character == "十":
            total += (current or 1) * 10
            current = 0
        elif character == "百":
            total += (current or 1) * 100
            current = 0
        else:
            current = current * 10 + _DIGITS[character]
    return total + current
