"""Benches, ranks and figures; every system over a bench of two documents."""

import json
from pathlib import Path

import pytest

from assistant.answer.model import Answer
from assistant.settings import Settings
from corpus.model import Span
from eval.bench.answers import character_f1, judge_answers, said
from eval.bench.load import Bench, BenchMissing, load_bench
from eval.bench.report import as_json
from eval.bench.score import Found, rank_of, run
from eval.bench.store import write_files
from eval.bench.systems import Passage, System
from eval.score import Share

TEA = "松阳县茶产业扶持政策 对新建的茶园，每亩补助800元。茶叶加工企业贷款给予贴息。"
CAVE = "云和县梯田保护办法 修复古水渠的村集体可以申请补助。开设梯田课堂，培训讲解员。"
DOCUMENTS = [
    {"doc_id": "tea", "title": "松阳县茶产业扶持政策", "text": TEA},
    {"doc_id": "cave", "title": "云和县梯田保护办法", "text": CAVE},
    {"doc_id": "copy", "title": "转载", "text": TEA},
]
QUESTIONS = [
    {"id": "1", "question": "新建茶园补多少？", "answers": ["每亩补助800元"], "doc_id": "tea"},
    {"id": "2", "question": "谁能申请修水渠？", "answers": ["村集体"], "doc_id": "cave"},
    {"id": "3", "question": "茶企贷款有贴息吗？", "answers": ["给予 贴息"], "doc_id": "copy"},
    {"id": "4", "question": "要交税吗？", "answers": ["是"], "doc_id": "cave"},
    {"id": "5", "question": "电话？", "answers": [], "doc_id": "cave"},
]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    for name, records in (("docs", DOCUMENTS), ("qa", QUESTIONS)):
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        (tmp_path / f"two.{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_bench(tmp_path, "two")


def test_a_bench_keeps_what_can_be_scored(bench: Bench) -> None:
    assert [document.id for document in bench.documents] == ["tea", "cave"]
    assert [(one.id, one.document_id) for one in bench.questions] == [
        ("1", "tea"),
        ("2", "cave"),
        ("3", "tea"),
    ]
    assert bench.left_out == 2


def test_a_bench_that_is_not_there_is_told(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(BenchMissing, match="可选：two"):
        load_bench(tmp_path, "three")
    with pytest.raises(BenchMissing, match="--documents"):
        load_bench(tmp_path / "nowhere", "two")


def test_documents_become_files_named_by_their_titles(bench: Bench, tmp_path: Path) -> None:
    first = bench.documents[0]
    titles = ("甲/乙：丙?", "甲 乙：丙", "……" * 99, "", "..")
    documents = tuple(
        first.model_copy(update={"id": str(number), "title": title})
        for number, title in enumerate(titles)
    )
    folder = tmp_path / "files"
    paths = write_files(Bench("b", "", documents, ()), folder)
    names = [path.name for path in paths.values()]
    assert names[:2] == ["甲 乙：丙.txt", "甲 乙：丙 (2).txt"]
    assert len(set(names)) == 5
    assert all(len(name.encode()) < 255 for name in names)
    assert {path.read_text(encoding="utf-8") for path in folder.iterdir()} == {TEA}


@pytest.mark.parametrize(
    ("passages", "rank"),
    [
        pytest.param([("tea", 0, 9), ("tea", 5, 11)], 2, id="overlaps by one character"),
        pytest.param([("tea", 0, 10), ("tea", 20, 29)], 0, id="next to it"),
        pytest.param([("cave", 10, 20), ("tea", 25, 30)], 2, id="the other place"),
        pytest.param([("cave", 10, 20)], 0, id="another document"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_the_rank_of_the_first_right_passage(
    passages: list[tuple[str, int, int]], rank: int
) -> None:
    found = [Passage(document, Span(start, end)) for document, start, end in passages]
    assert rank_of(found, "tea", [Span(10, 20), Span(29, 31)]) == rank


def test_the_figures_of_ranks() -> None:
    found = Found(ranks=(1, 2, 0, 6), seconds=(0.1, 0.2, 0.4, 0.3))
    assert [found.recall(depth) for depth in (1, 3, 5, 10)] == [0.25, 0.5, 0.5, 0.75]
    assert found.reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)
    assert found.median_seconds == pytest.approx(0.25)
    assert found.interval() == (0.0, 1.0)
    many = Found(ranks=(1,) * 90 + (0,) * 10, seconds=(0.1,) * 100)
    low, high = many.interval()
    assert 0.82 <= low <= 0.86
    assert 0.94 <= high <= 0.97
    assert many.interval() == many.interval()


def test_a_system_is_asked_every_question(bench: Bench) -> None:
    asked: list[str] = []

    def search(question: str, limit: int) -> list[Passage]:
        asked.append(question)
        return [Passage("cave", Span(0, 40)), Passage("tea", Span(0, 40))][:limit]

    texts = {"tea": TEA, "cave": CAVE}
    system = System("fake", search, texts.__getitem__, 2)
    found = run(system, bench.questions)
    assert found.ranks == (2, 1, 2)
    assert asked[1:] == [question.question for question in bench.questions]
    figures = as_json(bench, {"fake": (system, found)})
    assert figures["systems"]["fake"]["R@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["systems"]["fake"]["R@5"] == 1.0
    assert (figures["suite"], figures["questions"]) == ("retrieval", 3)


def test_every_system_answers_and_the_second_run_takes_nothing_in(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("bm25s", reason="the extra `eval` is not installed")
    pytest.importorskip("langchain_chroma", reason="the extra `eval` is not installed")
    from eval.bench.run import compare

    # The compiled model stays where it is; only the benches go elsewhere.
    settings = Settings()
    monkeypatch.setattr("eval.bench.store.cache_root", lambda: tmp_path / "cache")
    told: list[str] = []
    results = compare(bench, settings, told.append)
    assert list(results) == ["plan-assistant", "bm25", "dense", "langchain"]
    assert {name: found.recall(5) for name, (_, found) in results.items()} == dict.fromkeys(
        results, 1.0
    )
    assert any("收录" in step for step in told)
    told.clear()
    again = compare(bench, settings, told.append)
    assert not any("收录" in step for step in told)
    assert [found.ranks for _, found in again.values()] == [
        found.ranks for _, found in results.values()
    ]


@pytest.mark.parametrize(
    ("text", "gold", "f1"),
    [
        ("每亩补助800元", "每亩补助800元。", 1.0),
        ("每亩补助800元，另有贴息", "每亩补助800元", 16 / 20),
        ("贴息", "每亩", 0.0),
        ("", "每亩", 0.0),
    ],
)
def test_characters_are_compared_as_often_as_they_stand(text: str, gold: str, f1: float) -> None:
    assert character_f1(text, gold) == pytest.approx(f1)


def test_a_refused_question_scores_nothing_and_counts_as_refused(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.bench.store.cache_root", lambda: tmp_path / "cache")
    scores = judge_answers(bench, Settings(), lambda step: None)
    own, *others = scores.f1.values()
    assert [len(found) for found in (own, *others)] == [3, 3, 3]
    assert own[0] > others[-1][0] > 0
    assert scores.refused_rightly == Share(1, 1)
    precision, recall, f1 = scores.refusal
    assert recall == 1.0
    assert precision == 1 / scores.refused
    assert f1 == pytest.approx(2 * precision / (precision + 1))
    assert said(Answer("问", "没有找到。[1]", "refused", "passage")) == ""
