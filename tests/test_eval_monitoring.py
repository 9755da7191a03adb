"""The monitoring cases worked by hand, and whether a wrong outcome would be told."""

from decimal import Decimal

import pytest

from eval.monitoring.run import PARTS, Case, judge_case, judge_cases, load_cases, shares

CASES = [case for part in PARTS for case in load_cases(part)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_worked_by_hand_comes_out_the_same(case: Case) -> None:
    assert judge_case(case) == []


def test_there_are_enough_cases_and_a_third_of_them_is_held_out() -> None:
    assert len(CASES) >= 50
    assert len(load_cases("held_out")) * 3 >= len(CASES) - 3
    assert {part: found["all"].total for part, found in shares(judge_cases()).items()} == {
        part: len(load_cases(part)) for part in PARTS
    }


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"expected": Decimal("379.9")}, "应达到：应为 379.9，得 379.8"),
        ({"standing": "on_course"}, "判断：应为 on_course，得 behind"),
        ({"remaining": "35.5%"}, "余下每年：应为 35.5%，得 35.4%"),
        ({"completion": None}, "完成：应为 None，得 24.7%"),
    ],
)
def test_a_wrong_outcome_is_told(change: dict[str, object], fault: str) -> None:
    (case,) = (case for case in CASES if case.id == "m01")
    assert judge_case(case.model_copy(update=change)) == [fault]
