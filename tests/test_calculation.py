"""Sums over cited figures: the right value with its formula, or why there is none."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.library import Library
from assistant.operation import Given, Operation, read_operation
from assistant.question import read_question
from corpus.arithmetic import (
    Incalculable,
    completion,
    completion_of_rise,
    compound_growth,
    difference,
    growth,
    mean,
    multiple,
    total,
    yearly_change,
)

Ask = Callable[[str], Answer]
D = Decimal


@pytest.fixture(scope="module")
def ask(library: Library) -> Ask:
    return lambda question: answer_question(question, library)


@pytest.mark.parametrize(
    ("working", "formula", "is_rounded"),
    [
        (difference(D("550"), D("218"), "家"), "550 − 218 = 332（家）", False),
        (difference(D("3.5"), D("3.14"), "%"), "3.5 − 3.14 = 0.36（个百分点）", False),
        (difference(D("6"), D("6.3"), "%"), "6 − 6.3 = -0.3（个百分点）", False),
        (difference(D("1"), D("-2"), "度"), "1 − (-2) = 3（度）", False),
        (difference(D("7.5"), D("7.5"), "%"), "7.5 − 7.5 = 0（个百分点）", False),
        (multiple(D("550"), D("218")), "550 ÷ 218 ≈ 2.52（倍）", True),
        (multiple(D("110"), D("40")), "110 ÷ 40 = 2.75（倍）", False),
        (multiple(D("1005"), D("1000")), "1005 ÷ 1000 ≈ 1.01（倍）", True),
        (growth(D("218"), D("550")), "(550 − 218) ÷ 218 ≈ 152.3%", True),
        (growth(D("80"), D("60")), "(60 − 80) ÷ 80 = -25.0%", False),
        (compound_growth(D("218"), D("550"), 5), "(550 ÷ 218)^(1/5) − 1 ≈ 20.3%", True),
        (yearly_change(D("218"), D("550"), 5, "家"), "(550 − 218) ÷ 5 = 66.4（家）", False),
        (yearly_change(D("0"), D("10"), 3, "家"), "(10 − 0) ÷ 3 ≈ 3.33（家）", True),
        (completion(D("400"), D("550")), "400 ÷ 550 ≈ 72.7%", True),
        (
            completion_of_rise(D("31"), D("26"), D("38")),
            "(31 − 26) ÷ (38 − 26) ≈ 41.7%",
            True,
        ),
        (total([D("8.2"), D("47"), D("30")], "万人"), "8.2 + 47 + 30 = 85.2（万人）", False),
        (mean([D("60"), D("100"), D("110")], "万人"), "(60 + 100 + 110) ÷ 3 = 90（万人）", False),
    ],
)
def test_a_sum_shows_its_figures_and_its_outcome(
    working: object, formula: str, is_rounded: bool
) -> None:
    assert (working.formula, working.is_rounded) == (formula, is_rounded)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "work",
    [
        lambda: multiple(D("5"), D("0")),
        lambda: growth(D("0"), D("5")),
        lambda: compound_growth(D("0"), D("5"), 5),
        lambda: compound_growth(D("3"), D("5"), 0),
        lambda: yearly_change(D("3"), D("5"), 0, "家"),
        lambda: completion(D("3"), D("0")),
        lambda: completion_of_rise(D("3"), D("5"), D("5")),
    ],
    ids=["multiple", "growth", "compound", "no year", "yearly", "completion", "no rise"],
)
def test_a_sum_without_sense_is_refused_in_words(work: Callable[[], object]) -> None:
    with pytest.raises(Incalculable, match="算不出"):
        work()


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("高企目标是基数的几倍", "multiple"),
        ("高企五年总增幅是多少", "growth"),
        ("高企年均增速算一下", "annual"),
        ("高企平均每年要新增几家", "increment"),
        ("高企目标比基数多多少", "difference"),
        ("高企和科小的目标合计多少", "total"),
        ("高企和科小目标的平均值", "mean"),
        ("现在320家高企，还差多少", "gap"),
        ("实际400家高企，完成率多少", "completion"),
        ("浙江和贵州谁高", "compare"),
        # The printed growth, a check, a plain question: answered elsewhere.
        ("高企的年均增长是多少", None),
        ("高企年均增长算得对吗", None),
        ("高企2025年目标多少家", None),
        # Told by places or years only, of which there is one.
        ("高企最高多少家", "compare"),
        ("高新产业增加值占比累计提高多少", None),
    ],
)
def test_the_sum_that_is_asked_for(question: str, operation: Operation | None) -> None:
    assert read_operation(read_question(question)) == operation


@pytest.mark.parametrize(
    ("given", "unit", "value"),
    [
        (Given(D("320"), "家"), "家", "320"),
        (Given(D("730000"), "人"), "万人", "73"),
        (Given(D("0.5"), "亿元"), "万元", "5000"),
        (Given(D("3"), "%"), "个百分点", "3"),
        (Given(D("3"), "家"), "万元", None),
    ],
)
def test_a_figure_of_the_user_is_counted_as_the_plan_counts(
    given: Given, unit: str, value: str | None
) -> None:
    found = given.in_unit(unit)
    assert (found if found is None else str(found)) == value


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("国高企目标跟基数差多少家", "2025年目标比2020年基数高332家：550 − 218 = 332（家）。"),
        (
            "财政科技拨款占比目标和基数相差多少",
            "2025年目标比2020年基数低0.3个百分点：6 − 6.3 = -0.3（个百分点）。",
        ),
        (
            "PCT申请量目标是基数的几倍",
            "2025年目标是2020年基数的1.46倍：38 ÷ 26 ≈ 1.46（倍），四舍五入保留两位小数。",
        ),
        (
            "科小从2020年到2025年总共增长百分之几",
            "总增幅为88.0%：(2000 − 1064) ÷ 1064 ≈ 88.0%，四舍五入保留一位小数。",
        ),
        ("劳动生产率平均每年提高多少万元", "平均每年增加2.34万元/人：(25 − 13.3) ÷ 5 = 2.34"),
        ("PCT和高价值发明专利2025年目标加起来几件", "合计53件：38 + 15 = 53（件）。"),
        ("高企2020年基数比科小少多少", "低846家：218 − 1064 = -846（家）。"),
    ],
)
def test_a_sum_over_the_plan_is_told_with_its_formula(question: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert (answer.status, answer.route) == ("answered", "indicator")
    assert said in answer.text
    # Both figures stand in what the line cites.
    (line,) = (line for line in answer.text.split("\n") if said in line)
    cited = [c.quote for c in answer.citations if f"[{c.n}]" in line]
    for fact in answer.facts:
        assert any(str(fact.indicator.target) in quote for quote in cited)


def test_a_printed_growth_that_does_not_fit_is_told_with_a_sum(ask: Ask) -> None:
    answer = ask("高新技术产业增加值占规上工业比重的目标比基数高几个百分点")
    assert "高18.5个百分点：55 − 36.5 = 18.5（个百分点）" in answer.text
    assert "55 - 36.5 = 18.5，与表中的18.53不符" in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("我区现有高企320家，还差多少家达标", "您给出的320家离2025年目标还差230家：550 − 320"),
        ("高企已有600家，离目标还差多少", "您给出的600家已达到2025年目标，相差50家"),
        ("PCT现在38件，还差多少", "您给出的38件与2025年目标相同"),
        (
            "数字经济增加值做到0.0051万亿元，完成率多少",
            "您给出的0.0051万亿元计算，2025年目标完成60.0%",
        ),
        ("PCT现在32件，完成进度怎样", "按从基数到目标的增量计算，完成50.0%"),
    ],
)
def test_a_figure_of_the_user_is_marked_as_theirs(question: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert said in answer.text
    assert any("您给出的" in computed for computed in answer.computed)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("顶尖人才目标是基数的几倍", "文件没有给出顶尖人才和领军人才的2020年基数，无法计算"),
        ("高企和数字经济增加值的目标之和", "单位不同（家、亿元），无法计算"),
        ("高企现在有320亿元，还差多少", "您给出的320亿元与目标的单位（家）不同"),
    ],
)
def test_a_sum_that_cannot_be_done_is_refused_with_the_reason(
    question: str, reason: str, ask: Ask
) -> None:
    answer = ask(question)
    assert (answer.status, answer.route) == ("refused", "indicator")
    assert reason in answer.text
    assert answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "宁波市高企目标是基数的几倍",
        "高企的目标比民营企业多多少",
        "2023年高企比2020年多多少家",
    ],
)
def test_nothing_is_worked_out_for_what_the_plan_does_not_have(question: str, ask: Ask) -> None:
    assert not ask(question).computed or ask(question).status == "refused"
    assert "−" not in ask(question).text
    assert "÷" not in ask(question).text
