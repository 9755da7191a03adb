"""Thresholds in a clause: 年主营业务收入2000万元以上, 职工总数不超过500人, 注册成立不超过5年.

Every function takes a compact view (corpus/measure_words.py) and returns spans of it.
「以上」「以下」「以内」「不超过」 count the bound itself, as the Civil Code says (民法典第1259条);
「超过」「低于」「不满」 do not.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from corpus.criteria import Subject, Threshold
from corpus.model import Span

_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十]{1,3})"
_SUBJECTS: tuple[tuple[Subject, str, str], ...] = (
    (
        "营业收入",
        r"(?:(?:主营业务|营业|销售|经营|产品)收入|营收|销售额|营业额)(?!增|[的]?增[长幅量]|贡献|占)",
        r"百万元|千万元|万元|亿元|元|万|亿",
    ),
    (
        "职工人数",
        r"(?:职工|从业人员|员工|从业人数|用工)(?:总数|人数|总人数|数量)?(?!中|占)",
        r"人|名",
    ),
    (
        "研发投入占比",
        r"研(?:究开)?发(?:投入|费用|经费)?(?:总额|支出|强度)?(?:占[^,。;]{0,16}?|与[^,。;]{0,12}?)?"
        r"(?:比例|比重|占比|之比|比|强度)?",
        r"%",
    ),
    (
        "成立年限",
        r"(?:注册|成立|设立|经营|运营|开业|登记)(?:成立|注册|时间|年限|期限|并[^,。;]{0,10}?经营)?",
        r"周?年|个月",
    ),
)
_MOST = r"不超过|不高于|不大于|不多于|不得超过|低于|小于|少于|不足|不满|未满|≤|<"
_LEAST = r"不低于|不少于|不小于|不得低于|达到|超过|突破|大于|高于|满|≥|>|达|足"
_AFTER_LEAST = r"及?以上|或以上|之上|起"
_AFTER_MOST = r"及?以下|以内|之内|内"
# The words that leave the bound itself out.
_OPEN = frozenset(
    {"超过", "突破", "大于", "高于", ">", "低于", "小于", "少于", "不足", "不满", "未满", "<"}
)
_UNITS = {
    "元": Decimal("0.0001"),
    "万": Decimal(1),
    "万元": Decimal(1),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "亿": Decimal(10000),
    "亿元": Decimal(10000),
    "个月": Decimal(1) / 12,
}
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}


def _pattern(subject: str, units: str) -> re.Pattern[str]:
    figure = rf"(?P<number>{_NUMBER})(?P<unit>{units})?(?P<held>\(含\))?"
    return re.compile(
        rf"{subject}(?:\((?!含)[^()]{{1,40}}\))?[^,。;、\d]{{0,12}}?(?P<before>{_MOST}|{_LEAST})?(?:在|为|约)?{figure}"
        rf"(?:(?:-|—|–|~|至|到)(?:不超过)?(?P<second>{_NUMBER})(?P<second_unit>{units})(?:\(含\))?)?"
        rf"(?:\(含\))?(?P<after>{_AFTER_LEAST}|{_AFTER_MOST})?"
    )


_PATTERNS = tuple((subject, _pattern(words, units)) for subject, words, units in _SUBJECTS)


def read_thresholds(view: str, start: int, end: int) -> Iterator[Threshold]:
    """Yield the thresholds of a part of the view."""
    for subject, pattern in _PATTERNS:
        for match in pattern.finditer(view, start, end):
            threshold = _threshold(subject, match)
            if threshold is not None:
                yield threshold


def _threshold(subject: Subject, match: re.Match[str]) -> Threshold | None:
    span = Span(*match.span())
    unit = match["unit"] or match["second_unit"]
    if unit is None or (subject == "成立年限" and re.search(r"\d{4}$", match["number"])):
        return None
    first = read_number(match["number"]) * _UNITS.get(unit, Decimal(1))
    if match["second"]:
        last = read_number(match["second"]) * _UNITS.get(match["second_unit"], Decimal(1))
        return Threshold(subject, first, last, span)
    before, after = match["before"] or "", match["after"] or ""
    is_open = before in _OPEN and not match["held"] and not after
    if re.fullmatch(_MOST, before) or re.fullmatch(_AFTER_MOST, after):
        return Threshold(subject, None, first, span, is_high_open=is_open)
    if re.fullmatch(_LEAST, before) or re.fullmatch(_AFTER_LEAST, after):
        return Threshold(subject, first, None, span, is_low_open=is_open)
    return None


def read_number(words: str) -> Decimal:
    """Read a figure in digits or in Chinese numerals up to ninety-nine: 2,000, 十二, 两."""
    if words[0].isdigit():
        return Decimal(words.replace(",", ""))
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return Decimal(_DIGITS.get(words[-1], 0))
    return Decimal(_DIGITS.get(tens[-1:], 1) * 10 + _DIGITS.get(ones[-1:], 0))
