"""What a measure pays: fixed sums, ranges, grades by a threshold, shares of a base, and caps.

Amounts are in 元, thresholds as corpus/criteria.py has them. Formulas, as the texts define them:
share paid = base × rate, at most the cap (按……的X%给予补助，最高Y), which the next sentence may
tell (单个项目不超过Y。); grades pay the sum of the highest grade that is reached
(2000万元以上奖励10万元，5000万元以上奖励20万元); R&D spending = revenue × its share of revenue
(研发投入强度 = 研发投入 ÷ 营业收入, 国家统计局).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.criteria import Threshold
from corpus.criteria_thresholds import read_number, read_thresholds
from corpus.model import Measure, Span
from corpus.normal import NormalView, normalise
from corpus.payment_caps import (
    choose_cap,
    is_limited,
    is_limited_behind,
    is_per_item,
    read_cap_behind,
    read_caps,
    read_lent,
)
from corpus.vocabulary import enterprise_types

_MONEY = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?:(?:-|—|–|~|至|到)(?P<second>\d[\d,]*(?:\.\d+)?))?(?P<unit>[百千万亿]*)元?"
    r"(?:(?:-|—|–|~|至|到)(?P<last>\d[\d,]*(?:\.\d+)?)(?P<last_unit>[百千万亿]*)元)?"
)
_SUM = re.compile(r"\d[\d,.]*[百千万亿]*元")
_FURTHER = re.compile(
    r"(?P<low>\d[\d,.]*[百千万亿]*元)(?:\(含\))?及?以上的?,?[^,。;\d]{0,16}?(?P<sum>\d[\d,.]*[百千万亿]*元)"
)
_PAID_SUM = re.compile(r"(?:奖励|给予|补助|补贴|资助|奖补)[^,。;\d]{0,8}(\d[\d,.]*[百千万亿]*元)")
# What all those who apply get together says nothing of what one of them gets.
_ALTOGETHER = re.compile(
    r"(?:全年|年度|累计|总)[^,。;\d]{0,12}(?:最高|不超过|不高于)[^,。;\d]{0,4}\d[\d,.]*[百千万亿]*元"
)
_WAN = Decimal(10_000)
_UNITS = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_EACH = re.compile(r"^元?(?:/|每)")
_AT_LEAST = re.compile(r"^(?:及?以上|左右|起|规模|总额|(?:的)?(?:引导)?(?:基金|担保|增信))")
# 支出金额大于1万元, 不低于1000万元的奖励: no more is told than from where on.
_THRESHOLD = re.compile(r"(?:大于|小于|高于|低于|多于|少于|超过|达到?|至少|满)$")
_PAYS = frozenset({"奖励", "补助", "补贴", "资助", "贴息", "返还"})
_BASE = re.compile(
    r"(?:按照?+|比例)(?:最高)?+(?:为)?+(?:不超过|不高于)?+(?P<base>(?!按)[^,。;]{2,24}?)的?"
    r"(?:最高|不超过|不高于)?(?:的)?$"
)
_AT_MOST = re.compile(r"最高|不超过|不高于")
_REVENUE = re.compile(r"^(?:年度?|上年度?|当年)?(?:主营业务|营业|销售)收入(?:总?额)?$")
_RESEARCH = re.compile(
    r"^(?:年度?|上年度?|当年)?(?:实际)?研(?:究开)?发(?:投入|费用|经费)(?:总?额|支出)?$"
)


@dataclass(frozen=True, slots=True)
class Grade:
    """A sum that is paid from a threshold on, or to enterprises of some types only."""

    sum: Decimal
    span: Span
    threshold: Threshold | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentRule:
    """How much is paid; what is absent is None.

    `low` and `high` are a sum fixed by the text (equal, or the ends of a range). `grades` are sums
    of which one is paid. `rate` is in per cent of `base`, the words of the text, `base_kind` what
    a profile knows of it. `cap` is the most that is paid or, if `is_lent`, that can be borrowed.
    """

    spans: tuple[Span, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    grades: tuple[Grade, ...] = ()
    rate: Decimal | None = None
    base: str = ""
    base_kind: str = ""
    cap: Decimal | None = None
    is_lent: bool = False


@dataclass(frozen=True, slots=True)
class _Cap:
    """The most that is paid, and the words that say so."""

    sum: Decimal
    span: Span


def read_payment(
    view: NormalView, measure: Measure, behind: NormalView | None = None
) -> PaymentRule | None:
    """Return how much the measure pays, None where its text settles no sum.

    `behind` is the sentence that follows the measure's own, which may tell the cap.
    """
    pays = bool(_PAYS & set(measure.instruments))
    if not pays and (lent := _lent(view)) is not None:
        return lent
    if not pays and not re.search(r"支持|奖", view.text):
        return None
    told = _cap_behind(behind) if pays and behind is not None else None
    rule = (
        _graded(view)
        or (_fixed(view, measure.amount) if measure.amount else None)
        or _shared_or_capped(view, measure.rate, told)
    )
    return None if rule is None or _may_be_less(rule, view, behind, told) else rule


def _may_be_less(
    rule: PaymentRule, view: NormalView, behind: NormalView | None, told: _Cap | None
) -> bool:
    """Tell whether a limit that the rule does not hold may leave less than it pays."""
    if rule.rate is not None and rule.cap is None:
        return is_limited(view.text) or (behind is not None and is_limited_behind(behind.text))
    return told is not None and _most(rule) > told.sum


def _cap_behind(behind: NormalView) -> _Cap | None:
    found = read_cap_behind(behind.text)
    if found is None:
        return None
    return _Cap(read_sum(found.of(behind.text)), behind.back(0, len(behind.text)))


def _most(rule: PaymentRule) -> Decimal:
    """Return the most that one may be paid by a fixed sum or a grade."""
    return max([grade.sum for grade in rule.grades] or [rule.high or Decimal(0)])


def _lent(view: NormalView) -> PaymentRule | None:
    caps = read_lent(view.text)
    if len(caps) != 1:
        return None
    words, span = caps[0].of(view.text), view.back(caps[0].start, caps[0].end)
    return PaymentRule((span,), cap=read_sum(words), is_lent=True)


def read_sum(words: str) -> Decimal:
    """Return a sum in 元: 30万元, 1千万元, 1.5亿元."""
    match = _MONEY.search(words)
    if match is None:
        raise ValueError(f"not a sum: {words}")
    return _value(match["number"], match["unit"])


def _value(number: str, unit: str) -> Decimal:
    value = read_number(number)
    for character in unit:
        value *= _UNITS[character]
    return value


def _graded(view: NormalView) -> PaymentRule | None:
    """Return grades by a threshold: each with the sum behind it, the later ones without a name."""
    thresholds = sorted(
        read_thresholds(view.text, 0, len(view.text)), key=lambda one: one.span.start
    )
    grades: list[Grade] = []
    for place, one in enumerate(thresholds):
        stop = thresholds[place + 1].span.start if place + 1 < len(thresholds) else len(view.text)
        found = _SUM.search(view.text, one.span.end, stop)
        if found is not None and one.low is not None:
            span = view.back(one.span.start, found.end())
            grades.append(Grade(read_sum(found[0]), span, one))
            grades += _further(view, one, found.end(), stop)
    subjects = {grade.threshold.subject for grade in grades if grade.threshold}
    if len(grades) < 2 or len(subjects) > 1:
        return None
    return PaymentRule(tuple(grade.span for grade in grades), grades=tuple(grades))


def _further(view: NormalView, first: Threshold, start: int, stop: int) -> list[Grade]:
    """Return the grades that leave out what the first one has named: 5000万元以上的奖励20万元."""
    if first.subject != "营业收入":
        return []
    return [
        Grade(
            read_sum(match["sum"]),
            view.back(match.start("low"), match.end()),
            Threshold(first.subject, read_sum(match["low"]) / _WAN, None, first.span),
        )
        for match in _FURTHER.finditer(view.text, start, stop)
    ]


def _fixed(view: NormalView, amount: str) -> PaymentRule | None:
    words = "".join(normalise(amount).split())
    at = view.text.find(words)
    end = at + len(words)
    match = _MONEY.fullmatch(words)
    if at < 0 or match is None or _is_no_single_sum(view.text, at, end):
        return None
    if len(set(_PAID_SUM.findall(_ALTOGETHER.sub("", view.text)))) > 1:
        return None
    low = _value(match["number"], match["unit"] or "")
    if match["second"]:
        # 10-20万元: the unit stands behind the second figure only.
        high = _value(match["second"], match["unit"])
    elif match["last"]:
        high = _value(match["last"], match["last_unit"])
    else:
        high = low
    if is_per_item(view.text, at):
        return None
    return PaymentRule((view.back(at, end),), low=low, high=high)


def _is_no_single_sum(text: str, start: int, end: int) -> bool:
    """Tell whether the sum is paid for each of something, or is a size and no payment."""
    return bool(
        _EACH.match(text[end : end + 4])
        or _AT_LEAST.match(text[end : end + 8])
        or re.search(r"(?:规模|总额|总量)[^,]{0,4}$", text[:start])
        or _THRESHOLD.search(text[:start])
    )


def _shared_or_capped(
    view: NormalView, rate_words: str | None, told: _Cap | None
) -> PaymentRule | None:
    caps = read_caps(view.text)
    chosen = choose_cap(view.text, caps)
    by_type = () if chosen else _by_type(view, caps)
    if by_type:
        return PaymentRule(tuple(grade.span for grade in by_type), grades=by_type)
    cap = None if caps else told
    if chosen is not None:
        cap = _Cap(read_sum(chosen.of(view.text)), view.back(chosen.start, chosen.end))
    share = _share(view, rate_words)
    if share is None:
        return None if cap is None else PaymentRule((cap.span,), cap=cap.sum)
    rate, base, kind, span = share
    if cap is None:
        return PaymentRule((span,), rate=rate, base=base, base_kind=kind) if kind else None
    return PaymentRule((span, cap.span), rate=rate, base=base, base_kind=kind, cap=cap.sum)


def _by_type(view: NormalView, caps: Sequence[Span]) -> tuple[Grade, ...]:
    """Return caps of which each names the types that it is for, the last one perhaps the others."""
    grades: list[Grade] = []
    start = 0
    for span in caps:
        types = tuple(one.name for one in enterprise_types().find(view.text, start, span.start))
        is_rest = "其他" in view.text[start : span.start]
        if not types and not is_rest:
            return ()
        told = () if is_rest else types
        words = span.of(view.text)
        grades.append(Grade(read_sum(words), view.back(span.start, span.end), types=told))
        start = span.end
    return tuple(grades) if len(grades) > 1 else ()


def _share(view: NormalView, rate_words: str | None) -> tuple[Decimal, str, str, Span] | None:
    words = "".join(normalise(rate_words or "").split())
    if not re.fullmatch(r"\d+(?:\.\d+)?%", words):
        return None
    at = view.text.find(words)
    base = _BASE.search(view.text, max(0, at - 40), at)
    if at < 0 or base is None:
        return None
    kind = ""
    # 按不超过营业收入的5%: less may be paid, so that the revenue settles no sum.
    is_exact = not _AT_MOST.search(view.text, max(0, base.start() - 3), at)
    if is_exact and _REVENUE.match(base["base"]):
        kind = "revenue"
    elif is_exact and _RESEARCH.match(base["base"]):
        kind = "research"
    return Decimal(words[:-1]), base["base"], kind, view.back(base.start("base"), at + len(words))
