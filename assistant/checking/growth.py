"""Rows of tables: does the printed growth follow, and does the target lead where it should?"""

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from assistant.checking.model import Checked, Finding, Outcome
from corpus.arithmetic import Check, annual_growth, check_growth, round_as
from corpus.model import Indicator
from corpus.targets_words import words
from corpus.terms import load_directions

_FLOORS = ("以上", "不低于", "不少于", "高于", "≥", "大于", "超过", ">")
_CEILINGS = ("以内", "以下", "不超过", "不高于", "低于", "≤", "小于", "之内", "<")


def check_rows(checked: Checked) -> Iterator[Finding]:
    """Check every row that prints a growth: is it what base and target give?"""
    for indicator in checked.indicators:
        check = check_growth(indicator)
        if indicator.origin != "table" or check.status == "not_applicable":
            continue
        outcome, remark = _judge(indicator, check)
        kind = "累计数" if indicator.growth_kind == "cumulative" else "年均增长"
        relation = "相符" if check.status == "pass" else "不符"
        statement = (
            f"“{indicator.name}”的{kind}按所印基数和目标重算：{check.formula}，"
            f"与所印的{indicator.growth_text}{relation}{remark}。"
        )
        yield Finding("growth", outcome, indicator.name, statement, (checked.evidence(indicator),))


def check_directions(checked: Checked) -> Iterator[Finding]:
    """Check every row with base and target: does the target lie on the better side?"""
    for one in checked.indicators:
        if one.origin != "table" or one.base is None or one.target is None or one.change:
            continue
        if one.is_cumulative:
            continue
        judged = _direction(one)
        if judged is None:
            continue
        outcome, remark = judged
        relation = "低于" if one.target < one.base else "高于" if one.target > one.base else "等于"
        statement = (
            f"“{one.name}”的目标{one.target_text}{relation}基数{one.base_text}"
            f"（{one.target} − {one.base} = {one.target - one.base}）{remark}。"
        )
        yield Finding("direction", outcome, one.name, statement, (checked.evidence(one),))


def _judge(indicator: Indicator, check: Check) -> tuple[Outcome, str]:
    if check.status == "pass":
        return "PASS", ""
    base, target, printed = indicator.base, indicator.target, indicator.growth
    if base is None or target is None or printed is None:
        return "UNCERTAIN", ""
    if indicator.growth_kind == "cumulative":
        return _judge_change(base, target, printed)
    low, high = _rates(indicator, base, target)
    if low <= printed <= high:
        return "UNCERTAIN", "；但基数若是四舍五入所得，取整前的基数可以得出所印的数，请核对底数"
    exact = annual_growth(base, target, _years(indicator))
    step = Decimal(1).scaleb(min(int(printed.as_tuple().exponent), 0))
    if exact.quantize(step, ROUND_DOWN) == printed:
        return "UNCERTAIN", "；但所印的数是舍去尾数所得，不是四舍五入"
    return "FAIL", "，取整误差解释不了"


def _judge_change(base: Decimal, target: Decimal, printed: Decimal) -> tuple[Outcome, str]:
    """Judge a change over the period: a difference has no more places than what it is taken of."""
    if _places(printed) > max(_places(base), _places(target)):
        return "FAIL", "，而且小数位数多于基数和目标，不能由所印的数得出"
    slack = (_half(base) + _half(target) + _half(printed)) if _places(base) else Decimal(0)
    if abs(target - base - printed) <= slack:
        return "UNCERTAIN", "；但相差不超过各数四舍五入的误差，请核对取整前的数"
    return "FAIL", "，取整误差解释不了"


def _rates(indicator: Indicator, base: Decimal, target: Decimal) -> tuple[Decimal, Decimal]:
    """Return the lowest and highest rate as printed if the base was rounded; counts never are."""
    printed = indicator.growth or Decimal(0)
    is_count = indicator.unit in (*words("count"), "件", "人") and not _places(base)
    half = Decimal(0) if is_count else _half(base)
    years = _years(indicator)
    rates = [
        round_as(annual_growth(one, target, years), printed)
        for one in (base - half, base + half)
        if one > 0
    ]
    return min(rates), max(rates)


def _years(indicator: Indicator) -> int:
    return (indicator.target_year or 0) - (indicator.base_year or 0)


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _half(value: Decimal) -> Decimal:
    """Return half a unit of the last printed place."""
    return Decimal(1).scaleb(-_places(value)) / 2


def _direction(one: Indicator) -> tuple[Outcome, str] | None:
    """Return what a target on the worse side means; None where no side is known to be better."""
    if one.base is None or one.target is None:
        return None
    wanted = next((way for way, ends in load_directions().items() if one.name.endswith(ends)), None)
    if wanted is None:
        wanted = "falls" if any(w in one.name for w in load_directions()["falls"]) else None
    if wanted is None:
        return None
    is_worse = one.target < one.base if wanted == "rises" else one.target > one.base
    better = "越高越好" if wanted == "rises" else "越低越好"
    if not is_worse:
        return "PASS", f"，方向与{better}的指标一致"
    bounds = _FLOORS if wanted == "rises" else _CEILINGS
    if one.bound in bounds:
        return (
            "UNCERTAIN",
            f"，这项指标一般{better}；但目标写的是底线（{one.bound}），请核对是否有意",
        )
    return "FAIL", f"，这项指标一般{better}，而表中没有写明理由"
