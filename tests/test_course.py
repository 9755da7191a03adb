"""What a year asks of an indicator, and where an actual value stands."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.arithmetic import Incalculable, Working, compound_step, linear_step
from corpus.course import Course, assess, expected_at, read_course
from corpus.model import Indicator, Span
from tests.test_properties import PLANS

D = Decimal
_HALF = D("0.05")
NOWHERE = Span(0, 0)
ROW = Indicator(
    *("plan", 0, 0, "高新技术企业数量", "家", D(218), 2020, D(550), 2025),
    *(None, D("20.3"), "annual", "预期性", NOWHERE, NOWHERE),
)
RANK = {"behind": 0, "unknown": 0, "on_course": 1, "ahead": 2}

amounts = st.decimals(min_value=1, max_value=10_000, places=2)


@st.composite
def ways(draw: st.DrawFn) -> Course:
    """A rising or falling way of one to fifteen years."""
    base, target = draw(amounts), draw(amounts)
    start, years = draw(st.integers(2000, 2030)), draw(st.integers(1, 15))
    kind = draw(st.sampled_from(("annual", "cumulative")))
    row = replace(
        ROW, base=base, base_year=start, target=target, target_year=start + years, growth_kind=kind
    )
    return read_course(row)


@settings(PLANS)
@given(ways())
def test_a_way_begins_at_the_base_and_ends_at_the_target(course: Course) -> None:
    assert course.base_year is not None and course.target_year is not None
    start, end = expected_at(course, course.base_year), expected_at(course, course.target_year)
    assert start is not None and end is not None
    assert (start.value, end.value) == (course.base, course.target)


@settings(PLANS)
@given(ways())
def test_what_is_expected_never_turns_back(course: Course) -> None:
    assert course.base_year is not None and course.target_year is not None
    steps = [expected_at(course, year) for year in range(course.base_year, course.target_year + 1)]
    values = [step.value for step in steps if step is not None]
    assert values == sorted(values, reverse=course.is_ceiling)


@settings(PLANS)
@given(ways())
def test_a_series_that_follows_its_way_is_never_behind(course: Course) -> None:
    assert course.base_year is not None and course.target_year is not None
    for year in range(course.base_year, course.target_year + 3):
        expected = expected_at(course, year)
        assert expected is not None
        assert assess(course, expected.value, year).standing == "on_course"


@settings(PLANS)
@given(ways(), amounts, amounts, st.integers(0, 20))
def test_a_better_value_never_stands_worse(
    course: Course, one: Decimal, other: Decimal, passed: int
) -> None:
    assert course.base_year is not None
    worse, better = sorted((one, other), reverse=course.is_ceiling)
    found = [assess(course, value, course.base_year + passed) for value in (worse, better)]
    assert RANK[found[0].standing] <= RANK[found[1].standing]


@settings(PLANS)
@given(ways(), amounts, st.integers(0, 14))
def test_whoever_does_what_remains_reaches_the_target(
    course: Course, actual: Decimal, passed: int
) -> None:
    assert course.base_year is not None
    found = assess(course, actual, course.base_year + passed)
    if found.remaining is None:
        return
    left, each = found.years_left, found.remaining.value
    if found.remaining.unit == "%":
        # The rate is rounded to a tenth of a per cent a year.
        low, high = (float(actual) * (1 + float(each + r) / 100) ** left for r in (-_HALF, _HALF))
        assert low * 0.9999 <= float(course.target) <= high * 1.0001
    else:
        assert float(actual + each * left) == pytest.approx(float(course.target), abs=0.005 * left)


@pytest.mark.parametrize(
    ("fields", "kind", "is_ceiling"),
    [
        ({}, "compound", False),
        ({"growth_kind": None}, "linear", False),
        ({"bound": "不低于"}, "compound", False),
        ({"bound": "不超过"}, "limit", True),
        ({"bound": "以内", "base": D(600)}, "compound", True),
        ({"base": None}, "end", False),
        ({"base": None, "bound": "不少于"}, "limit", False),
        ({"base": D(0)}, "linear", False),
        ({"base_year": 2025}, "end", False),
        ({"name": "城镇登记失业率", "unit": "%", "growth_kind": None}, "limit", True),
        ({"name": "单位GDP能耗降低", "is_cumulative": True, "base": None}, "linear", False),
    ],
)
def test_the_way_that_a_row_tells(fields: dict[str, Any], kind: str, is_ceiling: bool) -> None:
    course = read_course(replace(ROW, **fields))
    assert (course.kind, course.is_ceiling) == (kind, is_ceiling)


def test_what_is_summed_up_counts_from_the_first_year_of_the_plan() -> None:
    row = replace(ROW, base=None, base_year=None, is_cumulative=True)
    course = read_course(row, start_year=2021)
    assert (course.base, course.base_year) == (0, 2020)
    expected = expected_at(course, 2022)
    assert expected is not None and expected.formula == "0 + (550 − 0) × 2 ÷ 5 = 220（家）"


@pytest.mark.parametrize(
    ("step", "formula"),
    [
        (compound_step(D(218), D(550), 3, 5, "家"), "218 × (550 ÷ 218)^(3/5) ≈ 379.8（家）"),
        (linear_step(D("36.5"), D(55), 3, 5, "%"), "36.5 + (55 − 36.5) × 3 ÷ 5 = 47.6（%）"),
        (linear_step(D(-2), D(-1), 1, 2, "度"), "-2 + (-1 − (-2)) × 1 ÷ 2 = -1.5（度）"),
        (linear_step(D(120), D(150), 4, 9, "公顷"), "120 + (150 − 120) × 4 ÷ 9 ≈ 133.3（公顷）"),
    ],
)
def test_a_step_shows_its_figures_and_its_outcome(step: Working, formula: str) -> None:
    assert step.formula == formula


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (lambda: assess(read_course(ROW), D(1), 2019), "早于基期"),
        (lambda: read_course(replace(ROW, target=None)), "不是一个数值"),
        (lambda: linear_step(D(1), D(2), 3, 2, "家"), "算不出"),
        (lambda: compound_step(D(0), D(2), 1, 2, "家"), "不是正数"),
    ],
    ids=["year", "target", "passed", "base"],
)
def test_what_cannot_be_held_against_anything_is_told(
    work: Callable[[], object], reason: str
) -> None:
    with pytest.raises(Incalculable, match=reason):
        work()
