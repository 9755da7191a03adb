"""What a question asks for: its words, years and places and the kind of thing it wants to know.

Reads the question alone; knows nothing of what has been taken in.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, TypeAlias

from corpus.normal import normalise
from corpus.segment import base_segmenter
from corpus.simplified import simplify
from corpus.terms import load_aspects, load_places, load_terms

Wanted: TypeAlias = Literal[
    "money",
    "percentage",
    "amount",
    "date",
    "contact",
    "person",
    "place",
    "list",
    "text",
]

# Tried in this order; the first that fits tells what a right answer must contain.
_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (
        "contact",
        re.compile("电话|手机号|联系方式|怎么联系|邮箱|网址|网站|公众号|热线|地址"),
    ),
    ("person", re.compile("负责人|联系人|法人|老板|局长|主任是|谁(?!都)|哪位|姓名")),
    (
        "money",
        re.compile(
            "多少钱|多少资金|多少经费|[几多]少?[万亿]元|几个亿|几百万|几千万|投多少|补多少|给多少|奖多少"
            "|(?:金额|资金|投资|补助|补贴|奖励|经费|预算|费用|造价)[^,\uff0c。]{0,6}(?:多少|几何|是几)"
            "|多少[^,\uff0c。]{0,3}(?:投资|补助|补贴|奖励|资金)"
        ),
    ),
    (
        "percentage",
        re.compile("百分之几|百分之多少|几个百分点|几个点|多少个百分点|占比多少|比例多少"),
    ),
    (
        "date",
        re.compile(
            "什么时候|啥时候|何时|哪年|哪一年|几年|几月|几号|哪天|多久|截止|期限|时间表|什么时间|时限"
        ),
    ),
    (
        "place",
        re.compile(
            "(?<!用)在哪(?:里|儿)?(?![些几个方项条])|(?<!用)在什么地方|哪个(?:园区|街道|镇)|位于|选址|坐落"
        ),
    ),
    (
        "list",
        re.compile(
            "哪些|哪[几一二两三四五六七八九十](?:个|项|条|张|类|方面|点|家)|哪几|有什么|有啥|都是啥|都是什么|分别|列出|列一下|列举|包括什么|名单|清单是"
        ),
    ),
    (
        "amount",
        re.compile("多少|几[个家项条件名人位处所户间平公里倍张批类种]|多大|多高|多快|多长"),
    ),
)
_SMALLTALK = re.compile(
    "(?:你好|您好|嗨|哈喽|hello|hi|早上好|下午好|晚上好|在吗|在不在|谢谢|多谢|感谢|再见|拜拜"
    "|你是谁|你能做什么|你会什么|怎么用|帮助)(?:你|您|啊|呀|了|大家|[!?,。\\s\uff01\uff1f])*"
)
_DIGITS = "〇一二三四五六七八九"
_YEAR_IN_WORDS = re.compile("[〇零○一二三四五六七八九]{4}(?=年)")
# 2000家 is a count, 2000年 or a bare 2000 a year.
_YEAR = re.compile(
    r"(?<![\d.])(?:((?:19|20)\d\d)(?!\s*[\d.%家件个项人名亿万元户多余])|([1-5]\d)年(?!级))"
)
_FIGURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")
_COUNTED = re.compile(
    "(?:多少|几)(家|户|人|名|位|件|项|条|所|座|处|套|台|间|公里|亩|倍|辆|床|岁|天|次)"
)
# Which one of a list; chapters are looked up by `chapters`.
_ORDINAL = re.compile("第(?:[一二三四五六七八九十]+|\\d+)(?![章篇部节一二三四五六七八九十\\d])")
_CHAPTER = re.compile(
    "第?([一二三四五六七八九十百]+)(?:章|部分|篇|大部分|节)|第([1-9]\\d?)(?:章|部分|篇|大部分|节)"
)
_NUMERALS = " 一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked and what was read from it.

    `expanded` is the normalised text followed by the words that plans use for those the lexicon
    knows; `words` are the words that carry its meaning. `counted_in` is the measure
    word after 多少 (多少家, 几件).
    """

    text: str
    normal: str
    expanded: str
    words: tuple[str, ...]
    years: tuple[int, ...]
    places: tuple[str, ...]
    chapters: tuple[str, ...]
    ordinals: tuple[str, ...]
    figures: tuple[Decimal, ...]
    wanted: Wanted
    counted_in: str | None

    @property
    def subject(self) -> tuple[str, ...]:
        """Return the words that passages are found by.

        Without the places, which choose the plans, and without 目标, 达到 and the like, unless
        there is nothing else.
        """
        about = tuple(word for word in self.words if word not in self.places)
        return tuple(word for word in about if word not in load_aspects()) or about

    @property
    def is_smalltalk(self) -> bool:
        """Tell whether this greets or thanks and asks nothing."""
        return _SMALLTALK.fullmatch(self.normal) is not None


def read_question(text: str) -> Question:
    """Read one question, in whatever width, case, wording or characters (繁體)."""
    normal = _YEAR_IN_WORDS.sub(_in_digits, normalise(simplify(text)).strip())
    words = base_segmenter().content_words(normal)
    return Question(
        text=text,
        normal=normal,
        expanded=expand(normal),
        words=tuple(words),
        years=tuple(dict.fromkeys(_read_year(match) for match in _YEAR.finditer(normal))),
        places=_places(normal, words),
        chapters=tuple(match[1] or in_words(int(match[2])) for match in _CHAPTER.finditer(normal)),
        ordinals=tuple(_ORDINAL.findall(normal)),
        figures=tuple(Decimal(figure) for figure in _FIGURE.findall(_YEAR.sub("", normal))),
        counted_in=next(iter(_COUNTED.findall(normal)), None),
        wanted=next((kind for kind, pattern in _WANTED if pattern.search(normal)), "text"),
    )


def expand(normal: str) -> str:
    """Put after the text the words of plans for those it has that the lexicon knows.

    Aliases may overlap (区级财政 and 财政科技投入), but one inside a longer one does not count.

    Example: "到25年要有几家高企" -> "到25年要有几家高企 高新技术企业"
    """
    names = _names_by_alias()
    found: list[str] = []
    reached = 0
    for start in range(len(normal)):
        match = _alias_pattern().match(normal, start)
        if match is not None and match.end() > reached:
            reached = match.end()
            found.extend(names[match[0]])
    return " ".join([normal, *dict.fromkeys(found)])


@cache
def _names_by_alias() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for term in load_terms():
        for alias in term.aliases:
            names.setdefault(alias, []).append(term.name)
    return names


@cache
def _alias_pattern() -> re.Pattern[str]:
    longest_first = sorted(_names_by_alias(), key=len, reverse=True)
    # Latin abbreviations are words of their own: not the "cro" of "micro".
    return re.compile(
        "|".join(
            rf"(?<![a-z]){re.escape(alias)}(?![a-z])" if alias.isascii() else re.escape(alias)
            for alias in longest_first
        )
    )


def _places(normal: str, words: list[str]) -> tuple[str, ...]:
    """Return the places, of 浙江省温州市瓯海区 only the last."""
    found = [word for word in words if word in load_places()]
    return tuple(
        place for place in found if not any(f"{place}{inner}" in normal for inner in found)
    )


def in_words(number: int) -> str:
    """Write a number below 100 as plans number their chapters: 12 -> 十二."""
    tens, ones = divmod(number, 10)
    written = (_NUMERALS[tens] if tens > 1 else "") + ("十" if tens else "") + _NUMERALS[ones]
    return written.strip()


def _in_digits(match: re.Match[str]) -> str:
    """Return a year in digits: 二〇二五 -> 2025."""
    return "".join(str(max(0, _DIGITS.find(character))) for character in match[0])


def _read_year(match: re.Match[str]) -> int:
    return int(match[1]) if match[1] else 2000 + int(match[2])
