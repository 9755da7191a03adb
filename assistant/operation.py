"""Which sum a question asks for, and which figure of their own the user gives for it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from assistant.question import Question
from corpus.terms import unit_pattern

Operation: TypeAlias = Literal[
    "gap",
    "completion",
    "annual",
    "increment",
    "growth",
    "multiple",
    "total",
    "mean",
    "difference",
    "compare",
]

_UNIT_ASKED = "[个家件项人名亿万元条户]|个?百分点"
# Whether printed figures agree is checked elsewhere.
_CHECKS = re.compile("对不对|对得上|对吗|核算|核对|验算|算得对|算错|写错|复核|准确|正确|对不上")
_GAP = re.compile("还差|还缺|还欠|差距|差多少|差几|达标|还要多少|还需多少|还需要多少|还要几")
_COMPLETION = re.compile(
    "完成率|达成率|实现率|进度|完成[^,。?]{0,10}(?:百分之|几成|多少%|比例)|百分之[几多]少?[^,。?]{0,4}完成"
)
# Tried in this order; 年均增长多少 alone asks for the printed figure.
_OPERATIONS: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    (
        "annual",
        re.compile(
            "复合(?:年均)?(?:增速|增长)|(?:算|按目标)[^。]{0,12}(?:年均|平均增速)"
            "|(?:年均|平均增速)[^。]{0,12}算"
        ),
    ),
    (
        "increment",
        re.compile(
            "(?:平均每年|每年平均|每年[^,。]{0,3}平均|年均)[^,。]{0,4}(?:新增|增加|净增|提高|提升|减少|降低|多)"
            f"[^,。]{{0,4}}(?:多少|几)(?:{_UNIT_ASKED})"
        ),
    ),
    (
        "growth",
        re.compile(
            "总增幅|总增长|总涨幅|累计增幅|(?:总共|一共|累计|总的)增长[^,。]{0,4}(?:百分之|多少)"
            "|从[^,。]{1,12}到[^,。]{1,12}增长[^,。]{0,4}百分之"
        ),
    ),
    ("multiple", re.compile("几倍|多少倍|倍数|的[一二两三四五六七八九十]倍吗")),
    ("total", re.compile("合计|总和|加起来|加在一起|之和|相加|加总|求和")),
    ("mean", re.compile("平均(?:值|数|水平)|均值|平均(?:是|为|有)?多少")),
    (
        "difference",
        re.compile(
            "相?差(?:了|着)?(?:多少|几)|相差|差值|差额"
            "|(?<!占)比(?![重例率值])[^,。]{2,24}"
            "(?:多|高|低|少|大|增加|提高|提升|减少|降低)(?:了|出)?"
            f"(?:多少|几(?:{_UNIT_ASKED}))"
            f"|(?:年|期间)[^,。]{{0,4}}增加(?:多少|几)(?:{_UNIT_ASKED})"
        ),
    ),
    (
        "compare",
        re.compile(
            "对比|比较|相比|谁|哪[一个家些]?个?(?:省|市|地|区|县|年)?[^,。]{0,4}(?:更|最)?[高低多少大小快慢]"
            "|各省|各市|各县|各区|各地|变化|不同|差别|差异|区别|一样|排名|排序|最[高低多少大]"
        ),
    ),
)
# What is counted by time is no figure of an indicator: 9月底, 3年.
_GIVEN = re.compile(
    rf"(?<![\d.a-z-])(\d[\d,]*(?:\.\d+)?)\s*([十百千万亿]*{unit_pattern()}|[万亿])(?![\d])"
)
_TIMES = frozenset("年月日届期天号")
_SHARES = ("%", "‰", "百分点", "个百分点")
_MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that the user gave, with the unit as they wrote it."""

    value: Decimal
    unit: str

    @property
    def shown(self) -> str:
        """Return the figure as an answer repeats it."""
        return f"{self.value}{self.unit}"

    def in_unit(self, unit: str) -> Decimal | None:
        """Return the figure counted in this unit, None if the two are of another kind.

        Example: 730000人 in 万人 is 73.
        """
        if self.unit in ("", unit) or {self.unit, unit} <= {"%", "个百分点", "百分点"}:
            return self.value
        (mine, bare), (theirs, other) = _parted(self.unit), _parted(unit)
        if bare != other and (bare or other in _SHARES):
            return None
        return Decimal(f"{(self.value * mine / theirs).normalize():f}")


def read_operation(question: Question) -> Operation | None:
    """Return the sum or comparison that the question asks for, if any."""
    text = question.normal
    if _CHECKS.search(text):
        return None
    if any(_given(question)):
        if _COMPLETION.search(text):
            return "completion"
        if _GAP.search(text):
            return "gap"
    return next((name for name, pattern in _OPERATIONS if pattern.search(text)), None)


def read_given(question: Question, known: Collection[Decimal | None]) -> Given | None:
    """Return the one figure that the user gives beside those they know from the plan."""
    given = list(dict.fromkeys(_given(question)))
    new = given if len(given) == 1 else [one for one in given if one.value not in known]
    return new[0] if len(new) == 1 else None


def _given(question: Question) -> Iterator[Given]:
    for match in _GIVEN.finditer(question.normal):
        if match[2] not in _TIMES:
            yield Given(Decimal(match[1].replace(",", "")), match[2])


def _parted(unit: str) -> tuple[Decimal, str]:
    """Return the magnitude in front of a unit and the unit: 万人 -> 10000, 人."""
    bare = unit.lstrip("".join(_MAGNITUDES))
    factor = Decimal(1)
    for character in unit[: len(unit) - len(bare)]:
        factor *= _MAGNITUDES[character]
    return factor, bare
