"""Which indicator an actual value is of: by its whole name, and by a unit that can be converted.

Strict on purpose: a value held against the wrong target is worse than a row handed back.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from assistant.common_names import common_name, names_said
from assistant.monitoring.model import Actual, ActualsError
from assistant.names import match_names
from assistant.operation import Given
from assistant.question import read_question
from corpus.model import Indicator
from corpus.normal import normalise

_MOST_LIKELY = 3
# Most of the name is said, and nothing that is not in it: 财政科技拨款占比.
_RECALL = 0.85


def find_indicator(
    actual: Actual, indicators: Sequence[Indicator], titles: Mapping[str, str]
) -> tuple[Indicator, Decimal]:
    """Return the indicator that the value is of, with the value in the indicator's unit.

    `titles` are those of the plans by their ids.

    Raises:
        ActualsError: if none, or more than one, goes by the name or has such a unit.
    """
    within = _of_plan(actual, indicators, titles)
    named = _named(actual.name, within)
    if not named:
        raise ActualsError(f"没有叫“{actual.name}”的指标{_likely(actual.name, within)}")
    values = {one: _in_unit(actual, one.unit) for one in named}
    counted = [(one, value) for one, value in values.items() if value is not None]
    if not counted:
        units = "、".join(dict.fromkeys(one.unit for one in named))
        raise ActualsError(
            f"{named[0].name}的单位是{units}，填的是{actual.unit}；请按{units}填写，或核对指标"
        )
    due = [found for found in counted if actual.year <= (found[0].target_year or actual.year)]
    nearest = min((found[0].target_year or 0 for found in due), default=0)
    chosen = [found for found in due if (found[0].target_year or 0) == nearest] or counted
    if len(chosen) > 1:
        where = "、".join(dict.fromkeys(f"《{titles[one.plan_id]}》" for one, _ in chosen))
        raise ActualsError(f"{where}中有{len(chosen)}项“{actual.name}”，请写明是哪一份文件的哪一项")
    return chosen[0]


def _of_plan(
    actual: Actual, indicators: Sequence[Indicator], titles: Mapping[str, str]
) -> list[Indicator]:
    wanted = normalise(actual.plan).strip("《》 ")
    if not wanted:
        return list(indicators)
    within = [one for one in indicators if wanted in normalise(titles[one.plan_id])]
    if not within:
        raise ActualsError(f"没有收录文件“{actual.plan}”，请核对“文件”一列，或先收录它")
    return within


def _named(name: str, indicators: Sequence[Indicator]) -> list[Indicator]:
    """Return those of this very name; else those that go by it, or by an alias of it."""
    wanted = normalise(name)
    if same := [one for one in indicators if normalise(one.name) == wanted]:
        return same
    question = read_question(name)
    said = {found.name for found in names_said(question, indicators)}
    if len(said) == 1:
        return [one for one in indicators if common_name(one) in said]
    names = list(dict.fromkeys(one.name for one in indicators))
    matches = [
        names[match.position]
        for match in match_names(question, names)
        if match.recall >= _RECALL and match.precision == 1 and match.is_told_apart
    ]
    return [one for one in indicators if one.name in matches] if len(matches) == 1 else []


def _likely(name: str, indicators: Sequence[Indicator]) -> str:
    names = list(dict.fromkeys(one.name for one in indicators))
    likely = match_names(read_question(name), names)[:_MOST_LIKELY]
    if not likely:
        return "，请用文件中的指标名称（可下载模板）"
    return "，是否指：" + "、".join(names[match.position] for match in likely) + "？"


def _in_unit(actual: Actual, unit: str) -> Decimal | None:
    return Given(actual.value, actual.unit).in_unit(normalise(unit))
