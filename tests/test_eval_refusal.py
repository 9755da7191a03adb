"""Fitting when to refuse, and counting how well that went."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answer.confidence import Evidence, Model
from assistant.answer.model import Answer
from eval.refusal.fit import FEATURES, best_threshold, fit
from eval.refusal.library import Judged, load_questions
from eval.refusal.report import as_json, groups, library_table, tables
from eval.refusal.samples import Sample, is_held_out
from eval.refusal.score import Refusals, count, f1_interval, refusals, score

_MODEL = Model({"passage": 10.0, "wording": 0.0, "reason": 0.0}, -5.0, 0.5)


def sample(
    number: int, passage: float | None, *, answerable: bool, held_out: bool = False
) -> Sample:
    evidence = None if passage is None else Evidence(passage, passage, 1.0)
    return Sample("made up", f"q-{number}", answerable, held_out, evidence)


GOOD = [sample(number, 0.6 + number / 100, answerable=True) for number in range(40)]
BAD = [sample(number, number / 100, answerable=False) for number in range(40)]
NONE = [sample(number, None, answerable=False) for number in range(5)]


def test_a_fitted_model_parts_what_can_be_parted() -> None:
    model = fit(GOOD + BAD + NONE)
    assert tuple(model.weights) == FEATURES
    assert model.weights["passage"] > 0
    found = score(model, GOOD + BAD + NONE, model.threshold)
    assert (found.precision, found.recall, found.false_refusals) == (1.0, 1.0, 0.0)


def test_what_is_held_out_is_not_fitted_on() -> None:
    contrary = [
        replace(one, is_held_out=True, is_answerable=not one.is_answerable) for one in GOOD + BAD
    ]
    assert fit(GOOD + BAD + contrary) == fit(GOOD + BAD)


def test_sources_weigh_alike_however_many_questions_they_have() -> None:
    few = [replace(one, source="few") for one in (BAD[30], GOOD[0])]
    assert best_threshold(_MODEL, [*GOOD * 9, *BAD * 9, *few]) == best_threshold(
        _MODEL, [*GOOD, *BAD, *few]
    )


def test_few_questions_with_an_answer_are_refused_even_if_fewer_errors_would_be_made() -> None:
    weak = [sample(number, 0.3, answerable=True) for number in range(10)]
    like_them = [sample(number, 0.35, answerable=False) for number in range(40)]
    threshold = best_threshold(_MODEL, [*GOOD, *weak, *like_them], 0.1)
    assert score(_MODEL, [*GOOD, *weak], threshold).false_refusals <= 0.1
    assert best_threshold(_MODEL, [*GOOD, *weak[:2], *like_them], 0.1) > threshold
    assert best_threshold(_MODEL, [*GOOD, *weak, *like_them]) > threshold


def test_no_threshold_answers_for_what_was_not_found() -> None:
    weak = [sample(number, 0.3, answerable=True) for number in range(4)]
    like_them = [sample(number, 0.35, answerable=False) for number in range(40)]
    asked = [*GOOD, *weak, *like_them]
    not_found = [sample(number, None, answerable=True) for number in range(4)]
    threshold = best_threshold(_MODEL, asked, 0.1)
    assert score(_MODEL, [*asked, *not_found], threshold).false_refusals > 0.1
    assert best_threshold(_MODEL, [*asked, *not_found], 0.1) == threshold


def test_without_a_sentence_it_is_always_refused() -> None:
    assert refusals(_MODEL, NONE, 0.0) == [True] * len(NONE)


@pytest.mark.parametrize(
    ("refused", "precision", "recall", "f1", "false_refusals", "error_rate"),
    [
        pytest.param([True, True, False, False], 1.0, 1.0, 1.0, 0.0, 0.0, id="all right"),
        pytest.param([True, False, True, False], 0.5, 0.5, 0.5, 0.5, 0.5, id="half right"),
        pytest.param([False] * 4, 1.0, 0.0, 0.0, 0.0, 0.5, id="nothing refused"),
        pytest.param([True] * 4, 0.5, 1.0, 2 / 3, 1.0, 0.5, id="everything refused"),
    ],
)
def test_figures_of_refusals(
    refused: list[bool],
    precision: float,
    recall: float,
    f1: float,
    false_refusals: float,
    error_rate: float,
) -> None:
    found = count([*BAD[:2], *GOOD[:2]], refused)
    assert (found.precision, found.recall, found.f1) == pytest.approx((precision, recall, f1))
    assert (found.false_refusals, found.error_rate) == pytest.approx((false_refusals, error_rate))


def test_no_questions_have_no_errors() -> None:
    assert Refusals(0, 0, 0, 0).error_rate == 0.0


def test_the_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    samples = GOOD + BAD
    refused = [number % 3 == 0 for number in range(len(samples))]
    low, high = f1_interval(samples, refused)
    assert low < count(samples, refused).f1 < high
    assert (low, high) == f1_interval(samples, refused)


def test_the_halves_are_fixed_and_of_about_one_size() -> None:
    held_out = [is_held_out(f"document-{number}") for number in range(400)]
    assert 160 < sum(held_out) < 240
    assert held_out == [is_held_out(f"document-{number}") for number in range(400)]


def test_the_report_keeps_the_halves_apart() -> None:
    samples = [*GOOD, *BAD, *(replace(one, is_held_out=True) for one in BAD)]
    record = as_json(_MODEL, samples, date(2026, 1, 2))
    assert record["made"] == "2026-01-02"
    assert record["data"] == {
        "made up (fitted)": {"questions": 80, "unanswerable": 40},
        "made up (held out)": {"questions": 40, "unanswerable": 40},
    }
    assert list(groups(samples)) == list(record["curve"])
    assert [table.row_count for table in tables(_MODEL, samples)] == [
        2,
        len(record["curve"]["made up (fitted)"]),
    ]


def test_questions_to_a_library_are_sound() -> None:
    questions = load_questions()
    assert len({one.id for one in questions}) == len(questions)
    assert {one.kind for one in questions} == {"answered", "denied", "absent"}
    assert all((one.answer is None) == (one.kind == "absent") for one in questions)


def test_the_table_of_a_library_counts_every_question_once() -> None:
    judged = [
        Judged(question, Answer(question.question, "", "refused", "passage"), cites=False)
        for question in load_questions()
    ]
    table = library_table(judged)
    counts, cited, refused = (list(table.columns[number].cells) for number in (1, 2, 3))
    assert sum(map(int, map(str, counts))) == len(judged)
    assert counts == refused
    assert set(cited) == {"0"}
