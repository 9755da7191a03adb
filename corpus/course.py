"""Is an indicator on course? Its way from base to target, and where an actual value stands on it.

What is expected of a year:

* compound: the target tells its 年均增长; the same rate in every year.
* linear: the change is told as 累计, is summed up over the period, or nothing is told of the way;
  the same part of the change in every year.
* limit: what is not to be passed (以内, 不低于 …) and is kept already, or is a rate of every year;
  the target itself in every year.
* end: no base; the target is due in the target year, nothing before it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from corpus.arithmetic import (
    Incalculable,
    Working,
    completion,
    completion_of_rise,
    compound_growth,
    compound_step,
    difference,
    linear_step,
    round_as,
    yearly_change,
)
from corpus.model import Indicator
from corpus.normal import normalise

CourseKind: TypeAlias = Literal["compound", "linear", "limit", "end"]
Standing: TypeAlias = Literal["ahead", "on_course", "behind", "unknown"]

# Targets that are not to be passed (5.5%以内), and what is better the less there is of it.
_CEILING = re.compile(r"以内|之内|以下|不超|不高于|不大于|(?<!不)(?:低于|小于|少于)|[≤≦⩽<]")
_FLOOR = re.compile(r"以上|不低于|不少于|不小于|(?<!不)(?:超|高于|大于|多于)|突破|[≥≧⩾>]")
_LESS_IS_BETTER = re.compile("失业率|赤字|死亡率|浓度|事故|能耗|排放")
# 单位GDP能耗降低, 排放减少: of a fall, more is better.
_TELLS_A_FALL = re.compile("降低|下降|减少|削减|减排|压减")
# These words hold in every year; 60%以上 may be reached by the end.
_KEPT = re.compile("以内|之内|不")
_LOOSE = re.compile("左右|上下|约|近")
_SUMMED_UP = re.compile("累计")
_SHARES = ("%", "‰")


@dataclass(frozen=True, slots=True)
class Course:
    """The way to a target; `is_ceiling` tells that less is better.

    `is_loose` is a target with 左右 or 约: it is held against what is rounded as it is printed.
    """

    kind: CourseKind
    base: Decimal | None
    base_year: int | None
    target: Decimal
    target_year: int | None
    unit: str
    is_ceiling: bool = False
    is_loose: bool = False

    def meets(self, actual: Decimal, wanted: Decimal) -> bool:
        """Tell whether the one is at least as good as the other, as loosely as the target is."""
        if self.is_loose:
            actual, wanted = round_as(actual, self.target), round_as(wanted, self.target)
        return self.is_as_good(actual, wanted)

    def is_as_good(self, actual: Decimal, wanted: Decimal) -> bool:
        """Tell whether the one is at least as good as the other."""
        return actual <= wanted if self.is_ceiling else actual >= wanted


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where an actual value stands.

    `expected` is what the year asks for, None where only the target year asks for something;
    `gap` is actual − expected (or − target); `remaining` the rate or the part of the change that
    each remaining year needs; `completion` the share of the way that is done. `is_final` tells that
    the target year has come, `is_reached` that the target is.
    """

    standing: Standing
    year: int
    expected: Working | None
    gap: Working
    remaining: Working | None
    completion: Working | None
    years_left: int
    is_final: bool
    is_reached: bool


def is_ceiling(indicator: Indicator) -> bool:
    """Tell whether the target is not to be passed: by its bound, its name or its fall."""
    bound = indicator.bound or ""
    if _CEILING.search(bound):
        return True
    if _FLOOR.search(bound) or indicator.change is not None or indicator.is_cumulative:
        return False
    base, target = indicator.base, indicator.target
    if base is not None and target is not None and target < base:
        return True
    name = normalise(indicator.name)
    return _LESS_IS_BETTER.search(name) is not None and not _TELLS_A_FALL.search(name)


def read_course(indicator: Indicator, *, start_year: int | None = None) -> Course:
    """Return the way that an indicator is to take; `start_year` is the first of its plan's period.

    Raises:
        Incalculable: if the target is no figure.
    """
    ceiling = is_ceiling(indicator)
    target = indicator.target_high if ceiling else None
    target = target if target is not None else indicator.target
    if target is None:
        raise Incalculable(f"{indicator.name}的目标不是一个数值，无法衡量进度")
    base, base_year = None if indicator.change else indicator.base, indicator.base_year
    if _is_summed_up(indicator):
        # Nothing of it is done when the period begins, whatever the last one came to.
        base = Decimal(0)
        base_year = base_year or (start_year and start_year - 1)
    kind = _kind(indicator, base, base_year, target)
    return Course(
        kind,
        base if kind != "end" else None,
        base_year,
        target,
        indicator.target_year,
        indicator.unit,
        ceiling,
        _LOOSE.search(indicator.bound or "") is not None,
    )


def _is_summed_up(indicator: Indicator) -> bool:
    """Tell whether the target counts from nothing: 〔15〕, 累计下降13.5%, 新增50万吨."""
    if indicator.is_cumulative:
        return True
    if indicator.change is None or indicator.base is not None:
        return False
    is_share = indicator.unit in _SHARES
    return not is_share or _SUMMED_UP.search(indicator.name + indicator.target_text) is not None


def _kind(
    indicator: Indicator,
    base: Decimal | None,
    base_year: int | None,
    target: Decimal,
) -> CourseKind:
    if indicator.change is not None and base is None:
        # 年均增长5% is asked of every year; 增长65% of the whole period, who knows when.
        return "limit" if indicator.growth_kind == "annual" else "end"
    if base is None:
        return "limit" if _KEPT.search(indicator.bound or "") else "end"
    if not _is_summed_up(indicator) and _is_kept(indicator, base, target):
        return "limit"
    if base_year is None or indicator.target_year is None or base_year >= indicator.target_year:
        return "end"
    is_annual = indicator.growth_kind == "annual" and base > 0 and target > 0
    return "compound" if is_annual else "linear"


def _is_kept(indicator: Indicator, base: Decimal, target: Decimal) -> bool:
    """Tell whether the base is on the right side of the target already."""
    if is_ceiling(indicator):
        return base <= target
    return base == target or (base > target and _FLOOR.search(indicator.bound or "") is not None)


def expected_at(course: Course, year: int) -> Working | None:
    """Return what the year asks for, None if only a later one asks for something.

    After the target year it is the target; at a limit it is the target in every year.

    Raises:
        Incalculable: if the year lies before the base's.
    """
    base, base_year, target_year = course.base, course.base_year, course.target_year
    if base_year is not None and year < base_year:
        raise Incalculable(f"{year}年早于基期（{base_year}年），无法衡量进度")
    is_due = target_year is None or year >= target_year
    if is_due or course.kind == "limit":
        return Working(course.target, course.unit, f"{course.target}{course.unit}")
    if course.kind == "end" or base is None or base_year is None or target_year is None:
        return None
    step = compound_step if course.kind == "compound" else linear_step
    return step(base, course.target, year - base_year, target_year - base_year, course.unit)


def assess(course: Course, actual: Decimal, year: int) -> Assessment:
    """Tell where the actual value of a year stands.

    On course is what is at least as good as expected; ahead, what would be enough a year later or
    has reached the target early. Held against the expected value as it is shown, rounded.

    Raises:
        Incalculable: if the year lies before the base's.
    """
    expected = expected_at(course, year)
    is_reached = course.meets(actual, course.target)
    wanted = course.target if expected is None else expected.value
    years_left = max(0, (course.target_year or year) - year)
    return Assessment(
        _standing(course, actual, year, expected, is_reached=is_reached),
        year,
        expected,
        difference(actual, wanted, course.unit),
        None if is_reached or not years_left else _remaining(course, actual, years_left),
        _completion(course, actual),
        years_left,
        years_left == 0,
        is_reached,
    )


def _standing(
    course: Course, actual: Decimal, year: int, expected: Working | None, *, is_reached: bool
) -> Standing:
    if expected is None:
        return "ahead" if is_reached else "unknown"
    if not course.meets(actual, expected.value):
        return "behind"
    following = expected_at(course, year + 1)
    if following is None or following.value == expected.value:
        return "on_course"
    return "ahead" if course.is_as_good(actual, following.value) else "on_course"


def _remaining(course: Course, actual: Decimal, years_left: int) -> Working | None:
    if course.kind == "limit":
        return None
    if course.kind == "compound" and actual > 0:
        return compound_growth(actual, course.target, years_left)
    return yearly_change(actual, course.target, years_left, course.unit)


def _completion(course: Course, actual: Decimal) -> Working | None:
    """Return the share of the way that is done; without a base, the share of the target."""
    if course.kind == "limit" or course.target == course.base:
        return None
    if course.base:
        return completion_of_rise(actual, course.base, course.target)
    return None if course.is_ceiling or course.target <= 0 else completion(actual, course.target)
