"""The same indicator, place and year stated twice: in one plan, or in two."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product

from assistant.checking.model import Checked, Finding, Outcome
from assistant.common_names import common_name
from assistant.operation import Given
from corpus.catalog import CatalogEntry
from corpus.model import Change, Indicator
from corpus.normal import normalise
from corpus.terms import load_indicator_names

# Another measure of the same thing, or a part of it: 新增高新技术企业, 其中…, 分别….
_OTHER_MEASURE = re.compile("新增|净增|累计|其中|分别|均|每年|各|五年|期间|合计")
_WHOSE = re.compile("^(?:全[国省市区县州旗]|[我本][国省市区县州])")
_HARD = "，,；;：:。！!？?\n"
# A shorter name in prose may leave out whose it is: 申请量, 占比.
_FULL_NAME = 6
# So far before its name a clause may begin.
_LEAD = 24

_Key = tuple[str, Change | None, bool, int | None]


def check_agreement(checked: Checked) -> Iterator[Finding]:
    """Check what one plan states more than once: table against prose, prose against prose."""
    for group in _groups(checked.indicators).values():
        tables = [one for one in group if one.origin == "table"]
        for one, other in _pairs(group, tables):
            finding = _compare(checked, one, checked, other)
            if finding is not None:
                yield finding


def check_rivals(chosen: Sequence[Checked], beside: Sequence[Checked]) -> Iterator[Finding]:
    """Check what two plans of one place set for the same year, one of them chosen."""
    for one, other in [*combinations(chosen, 2), *product(chosen, beside)]:
        place = place_of(one.entry)
        # The same document in two formats agrees with itself.
        if place and place == place_of(other.entry) and one.plan.text != other.plan.text:
            yield from _rivals(one, other)


def place_of(entry: CatalogEntry) -> str | None:
    """Return whose plan it is; None where it does not say."""
    metadata = entry.metadata
    return metadata.region or (metadata.level if metadata.level == "国家" else None)


def _rivals(one: Checked, other: Checked) -> Iterator[Finding]:
    theirs = _groups(other.indicators)
    for key, mine in _groups(one.indicators).items():
        found = theirs.get(key)
        if found and (finding := _compare(one, mine[0], other, found[0])) is not None:
            yield finding


def _groups(indicators: Sequence[Indicator]) -> dict[_Key, list[Indicator]]:
    """Return the indicators that measure the same, those of tables first."""
    groups: dict[_Key, list[Indicator]] = {}
    for one in sorted(indicators, key=lambda one: (one.origin != "table", one.number)):
        if one.target is not None and one.target_year is not None:
            is_annual = one.growth_kind == "annual" and one.origin == "prose"
            key = (common_name(one), one.change, is_annual, one.target_year)
            groups.setdefault(key, []).append(one)
    return groups


def _pairs(
    group: Sequence[Indicator], tables: Sequence[Indicator]
) -> Iterator[tuple[Indicator, Indicator]]:
    """Return each later statement with the first: that of the table, or of a name that is known."""
    if len(group) < 2 or (not tables and common_name(group[0]) not in _known()):
        return
    for other in group[1:]:
        if other.span != group[0].span:
            yield group[0], other


def _known() -> frozenset[str]:
    return frozenset(term.name for term in load_indicator_names())


def _compare(
    one_plan: Checked, one: Indicator, other_plan: Checked, other: Indicator
) -> Finding | None:
    """Return how two statements agree; None where they measure different things."""
    is_one_plan = one_plan is other_plan
    if _is_other_measure(one_plan, one) or _is_other_measure(other_plan, other):
        return None
    value = _in_unit(other, one.unit)
    high = other.target_high if other.unit == one.unit else None
    if value is None:
        return None
    outcome, remark = _judge(one, other, value, high, is_one_plan=is_one_plan)
    if outcome == "FAIL" and not is_one_plan:
        outcome, remark = _judge_rivals(one_plan, other_plan)
    if outcome == "FAIL" and not _is_full_name(one, other):
        outcome, remark = "UNCERTAIN", "，但名称不全，可能各指一事"
    if outcome == "FAIL" and _whose(one) != _whose(other):
        outcome, remark = "UNCERTAIN", "，两处所说的范围可能不同"
    if is_one_plan:
        where = "表中" if one.origin == "table" else "前文"
        again = "表中另一行" if other.origin == "table" else "正文"
        sides = f"{where}为{one.target_text}，{again}为{other.target_text}"
    else:
        sides = (
            f"《{one_plan.plan.title}》为{one.target_text}，"
            f"《{other_plan.plan.title}》为{other.target_text}"
        )
    relation = "相同" if outcome == "PASS" else "不同"
    shown = _converted(one, other, value)
    statement = f"{one.target_year}年“{one.name}”的目标，{sides}{shown}，两处{relation}{remark}。"
    evidence = (one_plan.evidence(one), other_plan.evidence(other))
    return Finding("agreement" if is_one_plan else "rival", outcome, one.name, statement, evidence)


def _judge(
    one: Indicator, other: Indicator, value: Decimal, high: Decimal | None, *, is_one_plan: bool
) -> tuple[Outcome, str]:
    same = value == one.target and (high == one.target_high or one.unit != other.unit)
    if not same:
        return "FAIL", ""
    if _bound(one) != _bound(other):
        where = "同一文件" if is_one_plan else "两份文件"
        words = "、".join(bound or "没有限定词" for bound in (_bound(one), _bound(other)))
        return "UNCERTAIN", f"：数值相同，{where}所用的限定词不同（{words}）"
    return "PASS", ""


def _judge_rivals(one: Checked, other: Checked) -> tuple[Outcome, str]:
    """Judge two plans that differ: a report may set anew what a plan has set."""
    kinds = (one.entry.metadata.kind, other.entry.metadata.kind)
    periods = [
        (plan.entry.metadata.start_year, plan.entry.metadata.end_year) for plan in (one, other)
    ]
    if kinds[0] != kinds[1] or periods[0] != periods[1]:
        return "UNCERTAIN", "；文件种类或时期不同，可能是后来调整，也可能一为当年、一为全期"
    return "FAIL", ""


def _is_other_measure(checked: Checked, one: Indicator) -> bool:
    """Tell whether words around a name in prose say that something else is measured."""
    if one.origin == "table":
        return one.is_cumulative
    text = checked.plan.text
    start = max(0, one.span.start - _LEAD)
    lead = text[start : one.span.start]
    lead = lead[max(lead.rfind(mark) for mark in _HARD) + 1 :]
    clause = lead + one.span.of(text).replace(one.name, "", 1)
    return _OTHER_MEASURE.search(clause) is not None


def _in_unit(other: Indicator, unit: str) -> Decimal | None:
    if other.target is None:
        return None
    if normalise(other.unit) == normalise(unit):
        return other.target
    return Given(other.target, normalise(other.unit)).in_unit(normalise(unit)) if unit else None


def _converted(one: Indicator, other: Indicator, value: Decimal) -> str:
    if normalise(one.unit) == normalise(other.unit):
        return ""
    return f"（{other.target}{other.unit}即{value}{one.unit}）"


def _bound(one: Indicator) -> str:
    return one.bound or ""


def _is_full_name(one: Indicator, other: Indicator) -> bool:
    """Tell whether the name says by itself what is measured; a table's does."""
    is_of_table = "table" in (one.origin, other.origin)
    return is_of_table or common_name(one) in _known() or len(one.name) >= _FULL_NAME


def _whose(one: Indicator) -> str:
    match = _WHOSE.match(one.name)
    return match[0] if match else ""
