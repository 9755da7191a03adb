"""The suite of comparisons and sums: it tells right from wrong, and what it finds."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.answer.model import Answer
from eval.calculations.questions import PARTS, SumQuestion, load_questions
from eval.calculations.run import judge_answer, judge_sums, shares
from eval.cli import app

DOCUMENTS = Path(__file__).parents[2] / "shared" / "plans"


def test_the_questions_are_there() -> None:
    questions = {part: load_questions(part) for part in PARTS}
    everything = [question for part in PARTS for question in questions[part]]
    assert len(questions["held_out"]) >= 20
    assert len([one for one in everything if one.where == "documents"]) >= 25
    assert len({one.id for one in everything}) == len({one.question for one in everything})
    assert len({one.id for one in everything}) == len(everything) >= 60


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("| 甲省 | 5%以上[1] |\n高40万人：100 − 60 = 40（万人）。", True),
        ("| 甲省 | 15%以上[1] |\n高40万人：100 − 60 = 40（万人）。", False),
        ("| 甲省 | 未载明 |\n| 乙省 | 5%以上[1] |\n= 40（万人）", False),
        ("| 甲省 | 5%以上[1] |\n高140万人：200 − 60 = 140（万人）。", False),
        ("| 甲省 | 5%以上[1] |\n= 40（万人），合计99", False),
    ],
)
def test_an_answer_is_right_only_with_all_that_is_expected(text: str, is_right: bool) -> None:
    question = SumQuestion(
        id="a",
        where="documents",
        kind="comparison",
        question="甲省和乙省谁高",
        must=("40（万人）",),
        table=(("甲省", "5%以上"),),
        absent=("99",),
        refused=False,
        note="",
    )
    verdict = judge_answer("development", question, Answer("", text, "answered", "indicator"))
    assert (verdict.lacks == ()) is is_right
    refused = judge_answer("development", question, Answer("", text, "refused", "indicator"))
    assert refused.lacks != ()


def test_sums_over_the_bundled_plan_are_exactly_right(tmp_path: Path) -> None:
    verdicts = judge_sums(tmp_path / "none", tmp_path)
    assert [v.question.where for v in verdicts] == ["bundled"] * 36
    assert [(v.question.question, v.lacks) for v in verdicts if v.lacks] == []
    assert shares(verdicts)["held_out"]["all"].total == 10


@pytest.mark.slow
def test_the_suite_over_documents() -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip("the shared documents are not here")
    result = CliRunner().invoke(app, ["--suite", "calculations", "--failures"])
    assert result.exit_code == 0
    assert "held_out" in result.output
