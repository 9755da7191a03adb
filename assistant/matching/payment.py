"""What a measure pays an enterprise, where its rule and the profile settle it.

The formulas are those that corpus/payments.py states.
"""

from decimal import Decimal

from assistant.matching.facts import Facts
from assistant.matching.model import Payment
from corpus.payments import Grade, PaymentRule

_WAN = Decimal(10_000)
_YI = Decimal(100_000_000)
_ZERO = Decimal(0)


def settle(rule: PaymentRule, facts: Facts) -> Payment | None:
    """Return the sum or its bounds, None where the profile does not settle it."""
    if rule.grades:
        return _graded(rule, facts)
    if rule.low is not None and rule.high is not None:
        shown = money(rule.low)
        if rule.high != rule.low:
            shown = f"{shown}至{money(rule.high)}"
        return Payment(f"原文定额：{shown}", rule.low, rule.high, rule.spans)
    if rule.rate is not None:
        base = _base(rule, facts)
        if base is not None:
            return _share(rule, rule.rate, base)
    if rule.cap is None:
        return None
    share = f"{rule.base} × {_plain(rule.rate)}%，" if rule.rate is not None else ""
    lent = "贷款" if rule.is_lent else ""
    return Payment(f"{share}{lent}最高{money(rule.cap)}", _ZERO, rule.cap, rule.spans)


def _graded(rule: PaymentRule, facts: Facts) -> Payment | None:
    if rule.grades[0].threshold is None:
        return _graded_by_type(rule, facts)
    reached: Grade | None = None
    revenue, staff = facts.profile.revenue, facts.profile.staff
    for grade in rule.grades:
        threshold = grade.threshold
        known = {"营业收入": revenue, "职工人数": None if staff is None else Decimal(staff)}
        value = known.get(threshold.subject) if threshold else None
        if threshold is None or value is None:
            return None
        if threshold.holds(value) and (reached is None or grade.sum > reached.sum):
            reached = grade
    if reached is None:
        return None
    given = (
        f"{_plain(revenue)}万元"
        if reached.threshold and reached.threshold.subject == "营业收入"
        else f"{staff}人"
    )
    shown = f"{given}，适用{money(reached.sum)}一档"
    return Payment(shown, reached.sum, reached.sum, (reached.span,))


def _graded_by_type(rule: PaymentRule, facts: Facts) -> Payment | None:
    """Return the cap of the first types that fit; the rest counts only once those are ruled out."""
    for grade in rule.grades:
        known = [facts.types.get(name) for name in grade.types]
        if not grade.types or True in known:
            return Payment(f"最高{money(grade.sum)}", _ZERO, grade.sum, (grade.span,))
        if None in known:
            return None
    return None


def _base(rule: PaymentRule, facts: Facts) -> tuple[str, Decimal] | None:
    """Return the base with how it is shown: revenue, or R&D spending as a share of it."""
    revenue, share = facts.profile.revenue, facts.profile.research_share
    if revenue is None:
        return None
    if rule.base_kind == "revenue":
        return f"{_plain(revenue)}万元", revenue * _WAN
    if rule.base_kind == "research" and share is not None:
        return f"{_plain(revenue)}万元 × {_plain(share)}%", revenue * _WAN * share / 100
    return None


def _share(rule: PaymentRule, rate: Decimal, base: tuple[str, Decimal]) -> Payment:
    shown, value = base
    due = value * rate / 100
    formula = f"{shown} × {_plain(rate)}% = {money(due)}"
    if rule.cap is not None:
        formula += f"，最高{money(rule.cap)}"
        due = min(due, rule.cap)
    return Payment(formula, due, due, rule.spans)


def money(value: Decimal) -> str:
    """Return a sum as it is written: 20万元, 1.5亿元, 5000元."""
    for unit, name in ((_YI, "亿元"), (_WAN, "万元")):
        if value >= unit:
            return f"{_plain(value / unit)}{name}"
    return f"{_plain(value)}元"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
