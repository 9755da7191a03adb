"""Judging and counting, the question sets themselves, and the command that prints the table."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.answer.model import Answer, Citation, Fact, Status
from assistant.library import Library
from assistant.retrieve import Hit
from corpus.arithmetic import check_growth
from corpus.model import Chunk, Indicator, Plan, Span
from eval.judge import Verdict, as_figures, judge
from eval.questions import FOLDER, Figures, GoldQuestion, load_suite, suite_names
from eval.score import Score, Share, score

TEXT = "全县建成石雕学院3所。培训技师1200名。开设梯田课堂60处。"
SCHOOL, TRAINING, TERRACES = "全县建成石雕学院3所。", "培训技师1200名。", "开设梯田课堂60处。"
ROW = Indicator(
    plan_id="qt",
    number=0,
    section=0,
    name="持证技师数量",
    unit="名",
    base=Decimal("860"),
    base_year=2022,
    target=Decimal("1200"),
    target_year=2027,
    bound=None,
    growth=Decimal("6.9"),
    growth_kind="annual",
    attribute="预期性",
    span=Span(0, 4),
    header=Span(0, 4),
)
FIGURES = Figures(
    indicator="持证技师数量",
    unit="名",
    base="860",
    base_year=2022,
    target="1200",
    target_year=2027,
    bound=None,
    growth="6.9",
    growth_kind="annual",
    attribute="预期性",
)
INDICATOR = GoldQuestion(
    id="q-1",
    kind="indicator",
    question="技师目标多少",
    answers=(TRAINING,),
    figures=FIGURES,
    must_contain=("1200",),
)
MEASURE = GoldQuestion(
    id="q-2", kind="measure", question="建什么", answers=(SCHOOL,), must_contain=("石雕学院",)
)
NOTHING = GoldQuestion(
    id="q-3", kind="unanswerable", question="房价多少", answers=(), must_contain=()
)


def answer(text: str, status: Status = "answered", *rows: Indicator) -> Answer:
    facts = tuple(Fact(row, check_growth(row)) for row in rows)
    return Answer("?", text, status, "passage", facts=facts)


def hits(*texts: str) -> list[Hit]:
    found = []
    for number, text in enumerate(texts):
        span = Span(TEXT.index(text), TEXT.index(text) + len(text))
        found.append(Hit(Chunk("qt", number, 0, span, text, ""), 1.0, None))
    return found


def verdict(gold: GoldQuestion, given: Answer, found: Sequence[Hit] = ()) -> Verdict:
    return judge(gold, given, found, {"qt": TEXT}.__getitem__)


@pytest.mark.parametrize(
    ("gold", "given", "right"),
    [
        pytest.param(MEASURE, answer("建石雕学院。[1]"), True, id="says it"),
        pytest.param(MEASURE, answer("建石雕\n学 院。[1]"), True, id="says it over two lines"),
        pytest.param(MEASURE, answer("建石雕书院。[1]"), False, id="says something else"),
        pytest.param(MEASURE, answer("没有石雕学院。", "refused"), False, id="refuses"),
        pytest.param(MEASURE, answer("石雕学院?", "clarify"), False, id="asks back"),
        pytest.param(NOTHING, answer("没有答案。", "refused"), True, id="rightly refuses"),
        pytest.param(NOTHING, answer("两万一平。[1]"), False, id="invents"),
    ],
)
def test_right(gold: GoldQuestion, given: Answer, right: bool) -> None:
    assert verdict(gold, given).right is right


def test_all_that_must_be_said_must_be_said() -> None:
    gold = MEASURE.model_copy(update={"must_contain": ("石雕学院", "3所")})
    assert not verdict(gold, answer("石雕学院。[1]")).right
    assert verdict(gold, answer("石雕学院3所。[1]")).right


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": Decimal("1201")},
        {"target": Decimal("1200.0")},
        {"base": None},
        {"base_year": 2021},
        {"unit": "人"},
        {"bound": "以上"},
        {"growth": None},
        {"growth_kind": "cumulative"},
        {"attribute": "约束性"},
        {"name": "技师数量"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_row_is_exact_only_if_all_of_it_is(wrong: dict[str, Any]) -> None:
    assert verdict(INDICATOR, answer("1200", "answered", replace(ROW, **wrong))).figures_exact is (
        False
    )


def test_a_right_row_among_others_is_exact() -> None:
    other = replace(ROW, name="别的数量")
    assert verdict(INDICATOR, answer("1200", "answered", other, ROW)).figures_exact is True
    assert verdict(INDICATOR, answer("1200", "answered")).figures_exact is False
    assert verdict(MEASURE, answer("石雕学院")).figures_exact is None
    assert as_figures(ROW) == FIGURES


@pytest.mark.parametrize(
    ("found", "rank"),
    [
        pytest.param((SCHOOL, TRAINING), 1, id="first"),
        pytest.param((TERRACES, TRAINING, SCHOOL), 3, id="third"),
        pytest.param((TERRACES, "石雕学院3所。培训"), 2, id="overlaps"),
        pytest.param((TERRACES, TRAINING), 0, id="not there"),
        pytest.param((), 0, id="nothing found"),
        pytest.param((TERRACES,) * 5 + (SCHOOL,), 0, id="sixth"),
    ],
)
def test_the_rank_of_the_first_right_passage(found: tuple[str, ...], rank: int) -> None:
    assert verdict(MEASURE, answer("石雕学院"), hits(*found)).rank == rank


def test_what_cannot_be_found_has_no_rank() -> None:
    assert verdict(NOTHING, answer("没有", "refused"), hits(SCHOOL)).rank is None


def test_a_quotation_is_literal_or_not() -> None:
    cited = Citation(1, "qt", "规划", "", SCHOOL, 0, len(SCHOOL))
    given = replace(answer("石雕学院"), citations=(cited,))
    assert verdict(MEASURE, given).quotes_literal
    moved = replace(given, citations=(cited, replace(cited, start=1)))
    assert not verdict(MEASURE, moved).quotes_literal


def test_the_score_counts_each_question_where_it_belongs() -> None:
    wrong_row = replace(ROW, target=Decimal("1300"))
    moved = Citation(1, "qt", "规划", "", SCHOOL, 1, len(SCHOOL))
    verdicts = [
        verdict(INDICATOR, answer("1200名", "answered", ROW), hits(TRAINING)),
        verdict(INDICATOR, answer("1300名", "answered", wrong_row), hits(SCHOOL, TRAINING)),
        verdict(MEASURE, answer("没有", "refused"), hits(TERRACES)),
        verdict(MEASURE, replace(answer("石雕学院"), citations=(moved,)), hits(SCHOOL)),
        verdict(NOTHING, answer("没有", "refused"), hits(SCHOOL)),
        verdict(NOTHING, answer("两万"), hits(SCHOOL)),
        verdict(NOTHING, answer("哪里的?", "clarify")),
    ]
    assert score(verdicts) == Score(
        right_by_kind={
            "indicator": Share(1, 2),
            "measure": Share(1, 2),
            "unanswerable": Share(2, 3),
        },
        figures_exact=Share(1, 2),
        recall_at_1=Share(2, 4),
        recall_at_5=Share(3, 4),
        quotes_literal=Share(6, 7),
        refused=Share(2, 3),
        false_refusals=Share(1, 4),
    )


def test_a_share() -> None:
    assert Share(1, 4).value == 0.25
    assert Share(0, 0).value == 1.0


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "x"}',
        "no json",
        '{"id": "x", "kind": "rumour", "question": "?", "answers": [], "must_contain": []}',
        '{"id": "x", "kind": "list", "question": "?", "answers": [], "must_contain": [], "a": 1}',
    ],
)
def test_a_line_that_is_no_question_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text(f"{MEASURE.model_dump_json()}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValidationError):
        load_suite(path)
    path.write_text(f"{MEASURE.model_dump_json()}\n\n", encoding="utf-8")
    assert load_suite(path) == [MEASURE]


# The held-out set is not opened here.
DEVELOPMENT = [name for name in suite_names() if "_dev" in name]


def test_there_are_sets_to_develop_with() -> None:
    assert {"ouhai_dev", "ouhai_dev_more", "ouhai_dev_second"} <= set(DEVELOPMENT)


@pytest.mark.parametrize("name", DEVELOPMENT)
def test_a_set_is_true_to_the_plan(name: str, library: Library, plan: Plan) -> None:
    questions = load_suite(FOLDER / f"{name}.jsonl")
    assert len({gold.id for gold in questions}) == len(questions) >= 77
    rows = [as_figures(indicator) for indicator in library.catalog.indicators()]
    for gold in questions:
        assert [words for words in gold.answers if words not in plan.text] == [], gold.id
        assert bool(gold.answers) == (gold.kind != "unanswerable"), gold.id
        assert (gold.figures in rows) == (gold.kind == "indicator"), gold.id


def test_the_command_prints_one_document_and_the_promises_hold() -> None:
    program = Path(sys.executable).parent / "plan-assistant"
    done = subprocess.run(
        [program, "eval", "--suite", "ouhai_dev", "--json"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["ouhai_dev"]
    share = {name: Share(**found[name]) for name in found if name != "right_by_kind"}
    assert share["figures_exact"] == Share(28, 28)
    assert share["recall_at_5"].total == 61
    assert share["recall_at_5"].value >= 0.98
    assert share["quotes_literal"] == Share(77, 77)
    assert share["refused"].total == 16
    assert share["refused"].value >= 11 / 12
    assert share["false_refusals"].total == 61
    assert share["false_refusals"].count <= 2
