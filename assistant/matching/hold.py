"""One demand of a measure held against what follows from a profile.

What the profile does not tell is unknown, never failed and never met.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from assistant.matching.facts import Facts, Fit
from assistant.matching.model import Outcome, Reason
from corpus.criteria import (
    AnyOf,
    Asked,
    Criterion,
    Located,
    NoneOf,
    OneOf,
    Refused,
    Subject,
    Threshold,
)
from corpus.model import Plan, Span
from corpus.regions import Position, position

_OUTCOME: dict[Position, Outcome] = {
    "inside": "met",
    "maybe": "unknown",
    "unknown": "unknown",
    "outside": "failed",
}
_FIELDS: dict[Subject, tuple[str, str]] = {
    "营业收入": ("revenue", "贵企业上一年度的营业收入是多少万元？"),
    "职工人数": ("staff", "贵企业有多少名职工？"),
    "研发投入占比": ("research_share", "贵企业的研发投入占营业收入的百分之几？"),
    "成立年限": ("founded", "贵企业是哪一年成立的？"),
}


def hold_all(
    criteria: Sequence[Criterion], facts: Facts, plan: Plan, held: dict[int, Reason]
) -> list[Reason]:
    """Return a reason for each demand that is made of this enterprise.

    `held` keeps the reasons of the same plan by their criteria: many measures share those of their
    section.
    """
    reasons: list[Reason] = []
    for one in _applying(criteria, facts):
        reason = held.get(id(one))
        if reason is None:
            reason = held[id(one)] = _hold(one, facts, plan)
        reasons.append(reason)
    return reasons


def _applying(criteria: Sequence[Criterion], facts: Facts) -> Iterable[Criterion]:
    """Yield the demands without thresholds for other industries; the narrower one counts."""
    special = {
        one.subject
        for one in criteria
        if isinstance(one, Threshold) and facts.industries & set(one.only_for)
    }
    for one in criteria:
        is_wide = isinstance(one, Threshold) and not facts.industries & set(one.only_for)
        if is_wide and isinstance(one, Threshold) and (one.only_for or one.subject in special):
            continue
        yield one


def hold_region(region: str, quote: Span, facts: Facts, plan: Plan) -> Reason:
    """Return whether the enterprise lies where the document holds."""
    return _located(region, quote, facts, plan)


def _hold(criterion: Criterion, facts: Facts, plan: Plan) -> Reason:
    match criterion:
        case Threshold():
            return _threshold(criterion, facts, plan)
        case OneOf(kind="type"):
            return _type(criterion, facts, plan)
        case OneOf():
            return _industry(criterion, facts, plan)
        case NoneOf():
            return _none_of(criterion, facts, plan)
        case Located():
            return _located(criterion.place, criterion.span, facts, plan)
        case Asked():
            return _asked(criterion, facts, plan)
        case Refused():
            return Reason(
                "支持对象", criterion.span.of(plan.text), criterion.span, "企业", "failed"
            )
        case AnyOf():
            return _any_of(criterion, facts, plan)


def _threshold(criterion: Threshold, facts: Facts, plan: Plan) -> Reason:
    key, question = _FIELDS[criterion.subject]
    given, values = _given(criterion.subject, facts)
    quote = criterion.span.of(plan.text)
    held = {criterion.holds(value) for value in values}
    if len(held) != 1:
        if given is not None:
            question = f"贵企业是否符合：“{''.join(quote.split())}”？（只知道{given}）"
            key = "".join(quote.split())
            return _answered(criterion.subject, quote, criterion.span, given, question, key, facts)
        return Reason(criterion.subject, quote, criterion.span, None, "unknown", question, key)
    outcome: Outcome = "met" if held == {True} else "failed"
    return Reason(criterion.subject, quote, criterion.span, given, outcome)


def _answered(
    subject: str, quote: str, span: Span, given: str, question: str, key: str, facts: Facts
) -> Reason:
    answer = facts.profile.answers.get(key)
    if answer is None:
        return Reason(subject, quote, span, given, "unknown", question, key)
    return Reason(subject, quote, span, "是" if answer else "否", "met" if answer else "failed")


def _given(subject: Subject, facts: Facts) -> tuple[str | None, tuple[Decimal, ...]]:
    """Return what the profile says, and the values that this may mean."""
    profile = facts.profile
    if subject == "营业收入" and profile.revenue is not None:
        return f"{profile.revenue.normalize():f}万元", (profile.revenue,)
    if subject == "职工人数" and profile.staff is not None:
        return f"{profile.staff}人", (Decimal(profile.staff),)
    if subject == "研发投入占比" and profile.research_share is not None:
        return f"{profile.research_share.normalize():f}%", (profile.research_share,)
    if subject == "成立年限" and facts.age is not None:
        return f"{profile.founded}年成立", facts.age
    return None, ()


def _type(criterion: OneOf, facts: Facts, plan: Plan) -> Reason:
    quote = criterion.span.of(plan.text)
    known = {name: facts.types[name] for name in criterion.names if name in facts.types}
    met = [name for name, is_one in known.items() if is_one]
    if met:
        return Reason("企业类型", quote, criterion.span, met[0], "met")
    unknown = [name for name in criterion.names if name not in known]
    given = "、".join(f"不是{name}" for name in known) or None
    if not unknown:
        return Reason("企业类型", quote, criterion.span, given, "failed")
    question = f"贵企业是否是{'或'.join(unknown)}？"
    return Reason("企业类型", quote, criterion.span, given, "unknown", question, unknown[0])


def _industry(criterion: OneOf, facts: Facts, plan: Plan) -> Reason:
    quote = criterion.span.of(plan.text)
    fit: Fit = facts.fits(criterion.names, quote)
    given = facts.profile.industry or (
        f"国民经济行业分类{facts.profile.section}门类" if facts.profile.section else None
    )
    if fit != "unknown":
        return Reason("行业", quote, criterion.span, given, fit)
    if given is None:
        return Reason("行业", quote, criterion.span, None, fit, "贵企业做什么行业？", "industry")
    key = "、".join(criterion.names)
    return _answered("行业", quote, criterion.span, given, f"贵企业是否属于{key}行业？", key, facts)


def _none_of(criterion: NoneOf, facts: Facts, plan: Plan) -> Reason:
    """Return failed only if the enterprise surely is what is left out."""
    quote = criterion.span.of(plan.text)
    given = facts.profile.industry or None
    if given is None:
        return Reason(
            "排除", quote, criterion.span, None, "unknown", "贵企业做什么行业？", "industry"
        )
    is_left_out = facts.fits(criterion.names, "") == "met"
    return Reason("排除", quote, criterion.span, given, "failed" if is_left_out else "met")


def _located(place: str, span: Span, facts: Facts, plan: Plan) -> Reason:
    quote = span.of(plan.text)
    given = facts.profile.region
    outcome = "unknown" if given is None else _OUTCOME[position(given, place)]
    if outcome != "unknown":
        return Reason("地区", quote, span, given, outcome)
    if given is None:
        return Reason("地区", quote, span, None, "unknown", "贵企业注册在哪里？", "region")
    key = f"在{place}"
    return _answered("地区", quote, span, given, f"贵企业是否在{place}？", key, facts)


def _asked(criterion: Asked, facts: Facts, plan: Plan) -> Reason:
    quote = criterion.span.of(plan.text)
    answer = facts.profile.answers.get(criterion.key)
    if answer is None:
        return Reason(
            "条件", quote, criterion.span, None, "unknown", criterion.question, criterion.key
        )
    outcome: Outcome = "met" if answer == criterion.yes_meets else "failed"
    return Reason("条件", quote, criterion.span, "是" if answer else "否", outcome)


def _any_of(criterion: AnyOf, facts: Facts, plan: Plan) -> Reason:
    """Return the outcome of the best alternative; what is asked is that of the first open one."""
    parts = [[_hold(one, facts, plan) for one in part] for part in criterion.parts]
    outcomes = [worst(reasons) for reasons in parts]
    given = "、".join(dict.fromkeys(r.given for part in parts for r in part if r.given)) or None
    quote = criterion.span.of(plan.text)
    if "met" in outcomes or "unknown" not in outcomes:
        outcome: Outcome = "met" if "met" in outcomes else "failed"
        return Reason("条件", quote, criterion.span, given, outcome)
    open_part = parts[outcomes.index("unknown")]
    asked = next(reason for reason in open_part if reason.outcome == "unknown")
    return Reason("条件", quote, criterion.span, given, "unknown", asked.question, asked.key)


def worst(reasons: Iterable[Reason]) -> Outcome:
    """Return failed if any has failed, else unknown if any is open."""
    outcomes = {reason.outcome for reason in reasons}
    if "failed" in outcomes:
        return "failed"
    return "unknown" if "unknown" in outcomes else "met"
