"""What a measure pays: fixed sums, ranges, grades by a threshold, shares of a base, and caps.

Amounts are in 元, thresholds as corpus/criteria.py has them. Formulas, as the texts define them:
share paid = base × rate, at most the cap (按……的X%给予补助，最高Y); grades pay the sum of the
highest grade that is reached (2000万元以上奖励10万元，5000万元以上奖励20万元); R&D spending =
revenue × its share of revenue (研发投入强度 = 研发投入 ÷ 营业收入, 国家统计局).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.criteria import Threshold
from corpus.criteria_thresholds import read_number, read_thresholds
from corpus.model import Measure, Span
from corpus.normal import NormalView, normalise
from corpus.vocabulary import enterprise_types

_MONEY = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?:(?:-|—|–|~|至|到)(?P<second>\d[\d,]*(?:\.\d+)?))?(?P<unit>[百千万亿]*)元?"
    r"(?:(?:-|—|–|~|至|到)(?P<last>\d[\d,]*(?:\.\d+)?)(?P<last_unit>[百千万亿]*)元)?"
)
_CAP = re.compile(
    r"(?:最高|上限为?|不超过|不高于|不得超过|封顶)[^,。;\d]{0,14}?(?P<sum>\d[\d,.]*[百千万亿]*元|\d[\d,.]*[百千万亿]+)"
)
_SUM = re.compile(r"\d[\d,.]*[百千万亿]*元")
_FURTHER = re.compile(
    r"(?P<low>\d[\d,.]*[百千万亿]*元)(?:\(含\))?及?以上的?,?[^,。;\d]{0,16}?(?P<sum>\d[\d,.]*[百千万亿]*元)"
)
_PAID_SUM = re.compile(r"(?:奖励|给予|补助|补贴|资助|奖补)[^,。;\d]{0,8}(\d[\d,.]*[百千万亿]*元)")
_WAN = Decimal(10_000)
_UNITS = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_PER_ITEM = re.compile(
    r"每(?!年|家|个企业|户|位?企业|个自然年度)[^,。;\d]{1,8}$|(?:每满|每新增|每增加)[^,。;]{0,12}$"
)
_EACH = re.compile(r"^元?(?:/|每)")
_AT_LEAST = re.compile(r"^(?:及?以上|左右|起|规模|总额|(?:的)?(?:引导)?(?:基金|担保|增信))")
_PER_ENTERPRISE = re.compile(
    r"(?:单个|单家|每家|每个|每户|同一|一家|年度)(?:[^,。;\d]{0,8})?企业|企业[^,。;\d]{0,6}(?:年度|累计|总)|"
    r"每家(?!次)|单家"
)
_PART = re.compile(r"其中[^,。;]{0,14}$")
_PAYS = frozenset({"奖励", "补助", "补贴", "资助", "贴息", "返还"})
_BASE = re.compile(r"按照?(?P<base>[^,。;]{2,24}?)的?(?:最高|不超过|不高于)?(?:的)?$")
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
    a profile knows of it. `cap` is the most that is paid.
    """

    spans: tuple[Span, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    grades: tuple[Grade, ...] = ()
    rate: Decimal | None = None
    base: str = ""
    base_kind: str = ""
    cap: Decimal | None = None


def read_payment(view: NormalView, measure: Measure) -> PaymentRule | None:
    """Return how much the measure pays, None where its text settles no sum."""
    if not _PAYS & set(measure.instruments) and not re.search(r"支持|奖", view.text):
        return None
    return (
        _graded(view)
        or (_fixed(view, measure.amount) if measure.amount else None)
        or _shared_or_capped(view, measure.rate)
    )


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
    if len(set(_PAID_SUM.findall(view.text))) > 1:
        return None
    low = _value(match["number"], match["unit"] or "")
    if match["second"]:
        # 10-20万元: the unit stands behind the second figure only.
        high = _value(match["second"], match["unit"])
    elif match["last"]:
        high = _value(match["last"], match["last_unit"])
    else:
        high = low
    if _PER_ITEM.search(view.text[max(0, at - 16) : at]):
        return None
    return PaymentRule((view.back(at, end),), low=low, high=high)


def _is_no_single_sum(text: str, start: int, end: int) -> bool:
    """Tell whether the sum is paid for each of something, or is a size and no payment."""
    return bool(
        _EACH.match(text[end : end + 4])
        or _AT_LEAST.match(text[end : end + 8])
        or re.search(r"(?:规模|总额|总量)[^,]{0,4}$", text[:start])
    )


def _shared_or_capped(view: NormalView, rate_words: str | None) -> PaymentRule | None:
    caps = [(Span(*match.span("sum")), match["sum"]) for match in _CAP.finditer(view.text)]
    chosen = _choose(view.text, [span for span, _ in caps])
    by_type = () if chosen else _by_type(view, caps)
    if by_type:
        return PaymentRule(tuple(grade.span for grade in by_type), grades=by_type)
    cap = None if chosen is None else read_sum(chosen.of(view.text))
    spans = () if chosen is None else (view.back(chosen.start, chosen.end),)
    share = _share(view, rate_words)
    if share is None:
        return PaymentRule(spans, cap=cap) if cap is not None else None
    rate, base, kind, span = share
    if cap is None and (caps or not kind):
        return None
    return PaymentRule((span, *spans), rate=rate, base=base, base_kind=kind, cap=cap)


def _choose(text: str, caps: Sequence[Span]) -> Span | None:
    """Return the cap that holds for an enterprise, where there is one only."""
    if len(caps) > 1:
        own = [one for one in caps if _PER_ENTERPRISE.search(_before(text, one, 16))]
        whole = [one for one in caps if not _PART.search(_before(text, one, 24))]
        caps = own if len(own) == 1 else whole
    if len(caps) != 1 or text[caps[0].end : caps[0].end + 1] == "、":
        return None
    if _PER_ITEM.search(_before(text, caps[0], 16)) and not _PER_ENTERPRISE.search(text):
        return None
    return caps[0]


def _before(text: str, span: Span, length: int) -> str:
    return text[max(0, span.start - length) : span.start]


def _by_type(view: NormalView, caps: Sequence[tuple[Span, str]]) -> tuple[Grade, ...]:
    """Return caps of which each names the types that it is for, the last one perhaps the others."""
    grades: list[Grade] = []
    start = 0
    for span, words in caps:
        types = tuple(one.name for one in enterprise_types().find(view.text, start, span.start))
        is_rest = "其他" in view.text[start : span.start]
        if not types and not is_rest:
            return ()
        told = () if is_rest else types
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
    if _REVENUE.match(base["base"]):
        kind = "revenue"
    elif _RESEARCH.match(base["base"]):
        kind = "research"
    return Decimal(words[:-1]), base["base"], kind, view.back(base.start("base"), at + len(words))
