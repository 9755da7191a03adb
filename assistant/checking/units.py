"""Units: is the same indicator counted alike in all plans?"""

from collections.abc import Iterator, Sequence

from assistant.checking.model import Checked, Finding
from assistant.common_names import common_name
from assistant.operation import Given
from corpus.model import Change, Indicator
from corpus.normal import normalise
from corpus.terms import load_indicator_names

_RATES = ("%", "‰", "个百分点", "百分点", "倍")


def check_units(all_checked: Sequence[Checked]) -> Iterator[Finding]:
    """Name each indicator that plans count in different units, with one plan for each unit."""
    known = {term.name for term in load_indicator_names()}
    found: dict[tuple[str, Change | None], dict[str, tuple[Checked, Indicator]]] = {}
    for checked in all_checked:
        for one in checked.indicators:
            name = common_name(one)
            # Rises are told in per cent or in the unit itself: no contradiction.
            if one.target is None or not one.unit or one.change or one.unit in _RATES:
                continue
            if name in known or one.origin == "table":
                of_name = found.setdefault((name, one.change), {})
                of_name.setdefault(normalise(one.unit), (checked, one))
    for (name, _), units in found.items():
        plans = {checked.plan.id for checked, _ in units.values()}
        if len(units) > 1 and len(plans) > 1:
            yield _finding(name, list(units.values()))


def _finding(name: str, sides: Sequence[tuple[Checked, Indicator]]) -> Finding:
    units = [one.unit for _, one in sides]
    first = sides[0][1]
    converted = [
        Given(one.target, normalise(one.unit)).in_unit(normalise(first.unit))
        for _, one in sides
        if one.target is not None
    ]
    remark = (
        "可以换算，但比较前须先换算"
        if all(value is not None for value in converted)
        else "不能按数量级换算，请先核对单位和口径"
    )
    shown = "；".join(f"《{checked.plan.title}》为{one.target_text}" for checked, one in sides)
    statement = f"“{name}”在各文件中的单位不同（{'、'.join(units)}）：{shown}，{remark}。"
    evidence = tuple(checked.evidence(one) for checked, one in sides)
    return Finding("unit", "UNCERTAIN", name, statement, evidence)
