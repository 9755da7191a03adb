"""All measures of a library held against a profile.

Knows nothing of how a profile was told (chat, form, file) or how the outcome is shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from assistant.library import Library
from assistant.matching.facts import Facts, read_facts
from assistant.matching.hold import hold_all, hold_region, worst
from assistant.matching.model import Match, Matching, Need, Profile, Reason, Validity, Verdict
from assistant.matching.payment import settle
from corpus.catalog import CatalogEntry
from corpus.model import Measure, Plan, Span
from corpus.normal import normalise
from corpus.rulebook import PlanRules
from corpus.rules import Rule

# Divisible by up to sixteen open questions of one measure.
_WEIGHT = 720_720
_VERDICTS: tuple[Verdict, ...] = ("符合", "可能符合", "不符合")
_INTANGIBLE = frozenset({"其他", "服务", "便利", "试点"})
# What is wanted, and the instruments and words by which a measure gives it.
_NEEDS: dict[Need, tuple[frozenset[str], tuple[str, ...]]] = {
    "资金": (
        frozenset({"奖励", "补助", "补贴", "资助", "贴息", "返还", "减免", "税收优惠", "基金"}),
        ("资金", "奖励", "补助", "补贴", "税", "费用"),
    ),
    "场地": (frozenset({"场地", "用地"}), ("场地", "厂房", "用房", "房租", "租金", "用地", "入驻")),
    "人才": (frozenset({"人才"}), ("人才", "培训", "就业", "招聘", "职称", "用工", "社保")),
    "研发": (
        frozenset(),
        ("研发", "技术创新", "攻关", "科研", "创新券", "实验室", "技术中心", "仪器"),
    ),
    "融资": (
        frozenset({"融资", "贷款", "担保", "基金", "贴息"}),
        ("融资", "贷款", "信贷", "上市", "挂牌", "担保", "保险"),
    ),
    "成果转化": (
        frozenset(),
        ("成果转化", "转化", "专利", "知识产权", "中试", "产业化", "首创产品"),
    ),
    "市场": (
        frozenset(),
        (
            "市场",
            "参展",
            "展会",
            "出口",
            "采购",
            "品牌",
            "推广",
            "首台",
            "应用场景",
            "贸易",
            "消费",
        ),
    ),
}


def match_measures(
    profile: Profile,
    library: Library,
    *,
    plan_ids: Sequence[str] | None = None,
    today: date | None = None,
) -> Matching:
    """Return every measure with what it means for the profile, the most useful first."""
    day = today or date.today()
    facts = read_facts(profile, day)
    superseded = library.catalog.superseded()
    found: list[Match] = []
    for source in library.rules.of(plan_ids):
        validity: Validity = "已有新版" if source.entry.id in superseded else "现行"
        found += _of_plan(source, facts, validity, day)
    matches = sorted(_without_copies(found), key=_worth)
    return Matching(profile, tuple(matches), _questions(matches))


def _of_plan(source: PlanRules, facts: Facts, validity: Validity, today: date) -> Iterator[Match]:
    where = _region(source, facts)
    if where is not None and where.outcome == "failed":
        # What holds elsewhere need not be read any further.
        for measure in source.measures:
            if _is_wanted(measure, facts.profile.needs):
                yield _elsewhere(measure, source, where, validity)
        return
    held: dict[int, Reason] = {}
    for rule in source.rules:
        if _is_wanted(rule.measure, facts.profile.needs):
            own = "已过期" if validity == "现行" and _has_ended(rule, today) else validity
            reasons = hold_all(rule.criteria, facts, source.plan, held)
            yield _match(rule, source, [where, *reasons] if where else reasons, facts, own)


def _match(
    rule: Rule, source: PlanRules, reasons: Sequence[Reason], facts: Facts, validity: Validity
) -> Match:
    return Match(
        measure=rule.measure,
        plan_title=source.plan.title,
        heading=rule.heading,
        verdict=_verdict(reasons, is_certain=not rule.is_direction and validity == "现行"),
        reasons=tuple(reasons),
        payment=None if rule.payment is None else settle(rule.payment, facts),
        needs_rules=rule.is_direction,
        validity=validity,
        notes=rule.notes,
        page=source.plan.page_at(rule.measure.span.start),
    )


def _elsewhere(measure: Measure, source: PlanRules, where: Reason, validity: Validity) -> Match:
    return Match(
        measure=measure,
        plan_title=source.plan.title,
        heading=" > ".join(source.sections[measure.section].path),
        verdict="不符合",
        reasons=(where,),
        validity=validity,
        page=source.plan.page_at(measure.span.start),
    )


def _verdict(reasons: Iterable[Reason], *, is_certain: bool) -> Verdict:
    outcome = worst(reasons)
    if outcome == "failed":
        return "不符合"
    # A direction, or what is no longer in force, is never promised.
    return "符合" if outcome == "met" and is_certain else "可能符合"


def _has_ended(rule: Rule, today: date) -> bool:
    return rule.until is not None and rule.until < today


def _region(source: PlanRules, facts: Facts) -> Reason | None:
    """Return whether the enterprise is where the document holds; None if that is everywhere."""
    metadata = source.entry.metadata
    if metadata.region is None:
        return None
    return hold_region(metadata.region, _named_in(source.plan, source.entry), facts, source.plan)


def _named_in(plan: Plan, entry: CatalogEntry) -> Span:
    """Return where the document names its place, its first words if it never does."""
    region = entry.metadata.region or ""
    for name in (region, region[-3:], region[:-1], "本市", "我市", "我县", "我区", "全省"):
        start = plan.text.find(name) if len(name) > 1 else -1
        if start >= 0:
            return Span(start, start + len(name))
    return Span(0, min(len(plan.text), 20))


def _is_wanted(measure: Measure, needs: Sequence[Need]) -> bool:
    """Tell whether the measure gives what is needed; everything does if nothing is asked."""
    if not needs:
        return True
    text = normalise(measure.text)
    return any(
        _NEEDS[need][0] & set(measure.instruments) or any(word in text for word in _NEEDS[need][1])
        for need in needs
    )


def _without_copies(found: Iterable[Match]) -> list[Match]:
    """Return of a document that was taken in twice the clauses of one of the two."""
    kept: dict[tuple[str, str], Match] = {}
    others: list[Match] = []
    for match in found:
        wording = f"{match.heading}\n{match.measure.text}"
        key = (match.plan_title, "".join(wording.split()))
        best = kept.get(key)
        if best is not None and best.measure.plan_id == match.measure.plan_id:
            others.append(match)
        elif best is None or _rank(match) < _rank(best):
            kept[key] = match
    return [*kept.values(), *others]


def _rank(match: Match) -> tuple[int, bool]:
    return _VERDICTS.index(match.verdict), match.validity != "现行"


def _worth(match: Match) -> tuple[object, ...]:
    """Return what puts the surest, most specific and most valuable first."""
    met = {reason.subject for reason in match.reasons if reason.outcome == "met"}
    unknown = sum(one.outcome == "unknown" for one in match.reasons)
    paid = match.payment.high if match.payment and match.payment.high else 0
    return (
        *_rank(match),
        "行业" not in met,
        not _is_tangible(match.measure),
        match.needs_rules,
        -len(met),
        unknown,
        -paid,
        match.plan_title,
        match.measure.plan_id,
        match.measure.number,
    )


def _is_tangible(measure: Measure) -> bool:
    """Tell whether the measure gives money or what saves money, not only words or services."""
    return bool(
        measure.amount or measure.rate or measure.cap or set(measure.instruments) - _INTANGIBLE
    )


def _questions(matches: Iterable[Match]) -> tuple[Reason, ...]:
    """Return one open reason a key, that first whose answer settles most.

    A measure counts the less for a question the more of its other conditions are open.
    """
    weights: dict[str, int] = {}
    asked: dict[str, Reason] = {}
    for match in matches:
        if match.verdict != "可能符合" or match.validity != "现行":
            continue
        keys = {one.key: one for one in match.reasons if one.outcome == "unknown" and one.key}
        for key, reason in keys.items():
            weights[key] = weights.get(key, 0) + _WEIGHT // len(keys)
            asked.setdefault(key, reason)
    return tuple(asked[key] for key in sorted(asked, key=lambda key: (-weights[key], key)))
