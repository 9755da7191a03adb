"""Comparing what was read of a document with what people wrote down of it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Chunk, Indicator, Measure, ParsedPlan, Plan, Section, Span
from eval.corpus.headings import score_headings
from eval.corpus.indicators import score_indicators
from eval.corpus.labels import (
    IndicatorLabel,
    LabelError,
    Labels,
    MeasureLabel,
    Part,
    TargetLabel,
    load_labels,
)
from eval.corpus.measures import score_measures
from eval.corpus.outcome import Outcome
from eval.corpus.places import Places, overlap
from eval.corpus.report import as_json, failures, total
from eval.corpus.run import DOCUMENTS, covered, judge_documents
from eval.corpus.stretch import find_stretch, locate
from eval.corpus.tally import Counts, Ratio
from eval.corpus.targets import score_targets

WHOLE = Span(0, 1000)


def section(*path: str, start: int = 0) -> Section:
    spans = Span(start, start + 1), Span(start, start + 2), Span(start, start + 3)
    return Section(0, None, 1, path, *spans)


def test_headings_are_compared_by_their_whole_path() -> None:
    read = [
        section(),
        section("一、目标"),
        section("一、目标", "（一） 经济"),
        section("二、任务", "（一）工业"),
        section("三、 保障"),
    ]
    labelled = [("一、目标",), ("一、目标", "（一）  经济"), ("（一）工业",), ("四、附则",)]
    outcome = score_headings(read, labelled, WHOLE)
    assert outcome.counts == {"headings": Counts(2, 2, 2), "last_headings": Counts(3, 1, 1)}
    assert outcome.failures == (
        "标题漏读：（一）工业",
        "标题漏读：四、附则",
        "标题多读：二、任务 > （一）工业",
        "标题多读：三、 保障",
    )


def test_headings_outside_of_the_stretch_do_not_count() -> None:
    read = [section("一、甲", start=5), section("二、乙", start=50)]
    outcome = score_headings(read, [("一、甲",)], Span(0, 50))
    assert outcome.counts["headings"] == Counts(1, 0, 0)


def row(name: str, **fields: object) -> Indicator:
    plain: dict[str, Any] = {
        "plan_id": "p",
        "number": 0,
        "section": 0,
        "name": name,
        "unit": "",
        "base": None,
        "base_year": None,
        "target": None,
        "target_year": None,
        "bound": None,
        "growth": None,
        "growth_kind": None,
        "attribute": None,
        "span": Span(0, 10),
        "header": Span(0, 1),
    }
    return Indicator(**(plain | fields))


def test_every_labelled_cell_of_a_row_counts() -> None:
    label = IndicatorLabel(
        name="茶园 面积", unit="万亩", base="12.50", target="15", attribute="预期性"
    )
    read = row("茶园面积", unit="亩", base=Decimal("12.50"), target=Decimal(15))
    outcome = score_indicators([read], [label], WHOLE)
    assert outcome.counts == {"indicator_rows": Counts(1, 0, 0)}
    assert outcome.shares == {"indicator_cells": Ratio(3, 5)}
    assert outcome.failures == (
        "指标单元格不符：茶园 面积 unit：应为 万亩，读作 亩",
        "指标单元格不符：茶园 面积 attribute：应为 预期性，读作 空",
    )


def test_a_figure_is_right_only_as_printed() -> None:
    label = IndicatorLabel(name="占比", target="3.0")
    assert score_indicators([row("占比", target=Decimal("3.0"))], [label], WHOLE).failures == ()
    assert score_indicators([row("占比", target=Decimal(3))], [label], WHOLE).failures


def test_all_cells_of_a_missing_row_are_wrong_and_invented_rows_are_told() -> None:
    labels = [IndicatorLabel(name="甲", target="1"), IndicatorLabel(name="乙", target="2")]
    outcome = score_indicators(
        [row("甲", target=Decimal(1)), row("丙", target=Decimal(9))], labels, WHOLE
    )
    assert outcome.counts == {"indicator_rows": Counts(1, 1, 1)}
    assert outcome.shares == {"indicator_cells": Ratio(2, 4)}
    assert outcome.failures == ("指标漏读：乙", "指标多读：丙")


def test_a_row_under_a_wrong_name_is_still_the_row_its_cells_tell() -> None:
    label = IndicatorLabel(name="研发投入强度", unit="%", target="3", target_year=2025)
    read = row("投入强度", unit="%", target=Decimal(3), target_year=2025)
    outcome = score_indicators([read], [label], WHOLE)
    assert outcome.counts == {"indicator_rows": Counts(1, 0, 0)}
    assert outcome.shares == {"indicator_cells": Ratio(3, 4)}


def test_of_rows_of_one_name_each_gets_the_one_it_agrees_with() -> None:
    labels = [IndicatorLabel(name="其中", target=figure) for figure in ("1", "2")]
    read = [row("其中", target=Decimal(2)), row("其中", target=Decimal(1))]
    assert score_indicators(read, labels, WHOLE).failures == ()


def target(start: int, end: int, name: str, value: str, **fields: object) -> Indicator:
    return row(name, target=Decimal(value), span=Span(start, end), origin="prose", **fields)


GROWTH = TargetLabel(
    quote="地区生产总值增长5%左右",
    name="地区生产总值",
    target="5",
    unit="%",
    bound="左右",
    change="increase",
    target_year=2026,
)
READ_GROWTH = target(
    10, 22, "生产总值", "5", unit="%", bound="左右", change="increase", target_year=2026
)


@pytest.mark.parametrize(
    ("read", "counts"),
    [
        pytest.param(READ_GROWTH, Counts(1, 0, 0), id="hit"),
        pytest.param(replace(READ_GROWTH, span=Span(30, 40)), Counts(0, 1, 1), id="elsewhere"),
        pytest.param(replace(READ_GROWTH, target=Decimal(6)), Counts(0, 1, 1), id="value"),
        pytest.param(replace(READ_GROWTH, target_high=Decimal(6)), Counts(0, 1, 1), id="range"),
        pytest.param(replace(READ_GROWTH, unit="个"), Counts(0, 1, 1), id="unit"),
        pytest.param(replace(READ_GROWTH, bound=None), Counts(0, 1, 1), id="bound"),
        pytest.param(replace(READ_GROWTH, change=None), Counts(0, 1, 1), id="change"),
        pytest.param(replace(READ_GROWTH, origin="table"), Counts(0, 1, 0), id="from a table"),
        pytest.param(replace(READ_GROWTH, name="生产"), Counts(1, 0, 0), id="name in part"),
    ],
)
def test_a_target_is_hit_by_place_and_figures(read: Indicator, counts: Counts) -> None:
    outcome = score_targets([read], [GROWTH], [Span(10, 22)], WHOLE)
    assert outcome.counts == {"targets": counts}


def test_names_and_years_are_judged_on_hits() -> None:
    read = replace(READ_GROWTH, name="进出口", target_year=2030)
    outcome = score_targets([READ_GROWTH, read], [GROWTH, GROWTH], [Span(9, 22)] * 2, WHOLE)
    assert outcome.shares == {"target_name": Ratio(1, 2), "target_year": Ratio(1, 2)}
    assert outcome.failures == (
        "目标名称不符：应为 地区生产总值，读作 进出口",
        "目标年份不符：地区生产总值增长5%左右 应为 2026，读作 2030",
    )


def test_an_optional_target_counts_neither_way() -> None:
    road = TargetLabel(quote="新建公路100公里", name="公路", target="100", optional=True)
    places = [Span(0, 9)]
    assert score_targets([], [road], places, WHOLE).counts == {"targets": Counts()}
    seen = target(2, 9, "公路", "100", unit="公里")
    assert score_targets([seen], [road], places, WHOLE).counts == {"targets": Counts()}


def test_a_miss_shows_what_was_read_instead_and_what_is_not_in_the_text() -> None:
    read = replace(READ_GROWTH, bound=None)
    outcome = score_targets([read], [GROWTH, GROWTH], [Span(10, 22), None], WHOLE)
    assert outcome.failures == (
        "目标漏读：地区生产总值增长5%左右（5 % increase 左右），读作 5 % increase",
        "目标漏读：地区生产总值增长5%左右（5 % increase 左右），文件中没有这段文字",
        "目标多读：生产总值（5 % increase）",
    )


def measure(start: int, end: int, **fields: object) -> Measure:
    plain: dict[str, Any] = {
        "plan_id": "p",
        "number": 0,
        "section": 0,
        "text": "对首次认定的高新技术企业奖励20万元",
        "strength": "给予",
        "instruments": ("奖励",),
        "applicants": "高新技术企业",
        "condition": None,
        "amount": "20万元",
        "rate": None,
        "cap": None,
        "duration": None,
        "department": None,
        "span": Span(start, end),
    }
    return Measure(**(plain | fields))


AWARD = MeasureLabel(
    quote="对首次认定的高新技术企业奖励20万元",
    strength="给予",
    instruments=("奖励", "补助"),
    applicants="高新技术企业",
    amount="20万元",
)


@pytest.mark.parametrize(
    ("span", "counts"),
    [
        pytest.param((10, 30), Counts(1, 0, 0), id="the same"),
        pytest.param((10, 80), Counts(1, 0, 0), id="longer"),
        pytest.param((20, 40), Counts(1, 0, 0), id="half of the shorter"),
        pytest.param((21, 41), Counts(0, 1, 1), id="less than half"),
        pytest.param((30, 40), Counts(0, 1, 1), id="next to it"),
    ],
)
def test_a_measure_is_hit_by_half_of_the_shorter(span: tuple[int, int], counts: Counts) -> None:
    outcome = score_measures([measure(*span)], [AWARD], [Span(10, 30)], WHOLE)
    assert outcome.counts == {"measures": counts}


def test_a_measure_is_matched_once() -> None:
    read = [measure(10, 30), measure(12, 28)]
    outcome = score_measures(read, [AWARD], [Span(10, 30)], WHOLE)
    assert outcome.counts == {"measures": Counts(1, 0, 1)}
    free = AWARD.model_copy(update={"optional": True})
    assert score_measures(read, [free], [Span(10, 30)], WHOLE).counts == {"measures": Counts()}


def test_only_labelled_fields_of_a_measure_are_judged() -> None:
    read = measure(10, 30, amount="30万元", cap="50万元")
    outcome = score_measures([read], [AWARD], [Span(10, 30)], WHOLE)
    assert outcome.shares["measure_strength"] == Ratio(1, 1)
    assert outcome.shares["measure_amount"] == Ratio(0, 1)
    assert outcome.shares["measure_cap"] == Ratio(0, 0)
    assert outcome.shares["measure_instruments"] == Ratio(0.5, 1)
    assert [line.split(" ")[1] for line in outcome.failures] == [
        "amount：应为",
        "instruments：应为",
    ]


def test_words_are_found_whatever_the_blanks() -> None:
    places = Places.of("生产 总值\u200b增长\n5%。生产总值")
    assert places.find("生产总值增长 5%") == Span(0, 11)
    assert list(places.find_all("生产总值")) == [Span(0, 5), Span(12, 16)]
    assert places.find("生产总值", 1) == Span(12, 16)
    assert places.find("人口") is None
    assert places.find(" ") is None


@pytest.mark.parametrize(
    ("left", "right", "shared"),
    [((0, 5), (5, 9), 0), ((0, 5), (4, 9), 1), ((2, 3), (0, 9), 1), ((0, 2), (7, 9), 0)],
)
def test_overlap(left: tuple[int, int], right: tuple[int, int], shared: int) -> None:
    assert overlap(Span(*left), Span(*right)) == shared


def test_quotes_are_looked_for_one_after_the_other_within_the_stretch() -> None:
    places = Places.of("甲5%。乙6%。甲5%。丙7%。")
    stretch = find_stretch(places, Part[TargetLabel](first="甲5%", last="乙6%。甲5%", items=()))
    assert stretch == Span(0, 11)
    assert locate(places, ["甲5%", "乙6%", "甲5%", "丙7%"], stretch) == [
        Span(0, 3),
        Span(4, 7),
        Span(8, 11),
        None,
    ]
    assert find_stretch(places, Part[TargetLabel](items=())) == Span(0, 16)


def test_a_stretch_that_is_not_there_is_told() -> None:
    with pytest.raises(LabelError, match="戊8%"):
        find_stretch(Places.of("甲5%。"), Part[TargetLabel](first="戊8%", items=()))


def test_characters_outside_of_chunks() -> None:
    text = "一、甲\n乙 丙\n丁"
    section = Section(0, None, 1, ("一、甲",), Span(0, 3), Span(0, len(text)), Span(0, len(text)))
    plan = Plan("0" * 12, "规划", "规划.txt", "f" * 64, text)

    def share(context: str) -> Ratio:
        chunk = Chunk(plan.id, 0, 0, Span(4, 7), "乙 丙", context)
        return covered(ParsedPlan(plan, (section,), (chunk,), (), ()))

    assert share("规划 > 一、甲") == Ratio(5, 6)
    assert share("规划") == Ratio(2, 6)


@pytest.mark.parametrize(
    ("counts", "figures"),
    [
        (Counts(3, 1, 0), (1.0, 0.75, 6 / 7)),
        (Counts(0, 2, 0), (1.0, 0.0, 0.0)),
        (Counts(0, 0, 0), (1.0, 1.0, 1.0)),
    ],
)
def test_precision_recall_and_f1(counts: Counts, figures: Sequence[float]) -> None:
    assert (counts.precision, counts.recall, counts.f1) == pytest.approx(figures)


def test_outcomes_add_up_by_name() -> None:
    one = Outcome({"a": Counts(1, 2, 3)}, {"s": Ratio(1, 2)}, ("x",))
    other = Outcome({"a": Counts(1, 1, 1), "b": Counts(1)}, {"s": Ratio(0.5, 1)}, ("y",))
    assert one + other == Outcome(
        {"a": Counts(2, 3, 4), "b": Counts(1)}, {"s": Ratio(1.5, 3)}, ("x", "y")
    )


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "{}",
        '{"file": "a.txt", "headings": {"items": [["一"]], "till": "x"}}',
        '{"file": "a.txt", "measures": {"items": [{"quote": "x", "strength": "必须"}]}}',
        '{"file": "a.txt", "targets": {"items": [{"name": "x"}]}}',
    ],
)
def test_labels_that_the_guide_does_not_know_are_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(LabelError, match=r"a\.json"):
        load_labels(tmp_path)


def test_no_labels_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="没有标注文件"):
        load_labels(tmp_path)


def test_the_project_s_own_labels_are_as_the_guide_says() -> None:
    assert load_labels()


POLICY = "青田县石雕产业规划\n一、目标\n（一）规模。培训技师。\n二、保障\n加强领导。\n"
LABELLED = {
    "file": "石雕.txt",
    "headings": {"items": [["一、目标"], ["一、目标", "（一）规模"], ["二、保障"]]},
}


def test_a_document_is_read_and_judged(tmp_path: Path) -> None:
    (tmp_path / "石雕.txt").write_text(POLICY, encoding="utf-8")
    lost = Labels.model_validate(
        {"file": "石雕.txt", "headings": {"from": "没有这样的文字", "items": []}}
    )
    gone = Labels(file="不在.txt")
    reports = judge_documents([Labels.model_validate(LABELLED), lost, gone], tmp_path)
    assert [report.file for report in reports] == ["石雕.txt", "不在.txt"]
    assert reports[0].outcome.counts["headings"] == Counts(3, 0, 0)
    # A heading above subsections stands in their contexts.
    assert reports[0].outcome.shares["characters"] == Ratio(33, 33)
    assert "没有这样的文字" in reports[0].problems[0]
    assert "不在.txt" in reports[1].problems[0]
    assert total(reports).counts["headings"] == Counts(3, 0, 0)
    document = as_json(reports, failures=True)
    assert document["total"]["headings"]["f1"] == 1.0
    assert document["failures"] == {"石雕.txt": [], "不在.txt": []}
    assert len(document["problems"]) == 2


def test_what_is_held_out_is_reported_apart_and_keeps_its_failures(tmp_path: Path) -> None:
    (tmp_path / "石雕.txt").write_text(POLICY, encoding="utf-8")
    wrong = {**LABELLED, "held_out": True, "headings": {"items": [["三、附则"]]}}
    labels = [Labels.model_validate(LABELLED), Labels.model_validate(wrong)]
    reports = judge_documents(labels, tmp_path)

    document = as_json(reports, failures=True)

    assert [(one["file"], one["held_out"]) for one in document["documents"]] == [
        ("石雕.txt", False),
        ("石雕.txt", True),
    ]
    assert document["total"]["headings"]["f1"] == 1.0
    assert document["total_held_out"]["headings"]["f1"] == 0.0
    assert document["failures"] == {"石雕.txt": []}
    assert failures(reports) == []


def evaluate(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "plan-assistant"
    return subprocess.run(
        [program, "eval", "--suite", "corpus", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    done = evaluate("--documents", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "--documents" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_command_prints_one_document() -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip("the labelled documents are not on this machine")
    done = evaluate("--json")
    document = json.loads(done.stdout)
    assert document["suite"] == "corpus"
    assert document["total"]["headings"]["hits"] > 0
    assert document["total"]["characters"]["value"] > 0.95
    assert done.returncode == (1 if document["problems"] else 0)
