"""Benches, ranks, answers and figures; every system over a bench of two documents."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer.model import Answer, Citation, Status
from assistant.models import ModelIdentity, TextEmbeddings
from assistant.settings import Settings
from corpus.model import Span
from eval.bench.answers import (
    Answered,
    answer_all,
    character_f1,
    citation_scores,
    says_figures,
    supports,
)
from eval.bench.cache import CachedEmbeddings
from eval.bench.environment import environment
from eval.bench.figures import judge_run
from eval.bench.load import Bench, BenchDocument, BenchError, BenchQuestion, Part, find_benches
from eval.bench.page import page
from eval.bench.report import as_json, table
from eval.bench.retrieval import Retrieved, is_right, search_all
from eval.bench.run import BenchRun, Result, run_bench
from eval.bench.store import write_files
from eval.bench.systems import Passage, System
from eval.bench.worst import worst_cases
from eval.bootstrap import f1, interval, mean_interval, paired_p_value
from eval.splits import split_of
from tests.browser import launched_browser

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
    {"id": "blank", "question": " ", "answers": ["补助"], "doc_id": "cave"},
]


def write_bench(folder: Path, stem: str = "two.") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in (("docs", DOCUMENTS), ("qa", QUESTIONS)):
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        (folder / f"{stem}{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (found,) = find_benches(write_bench(tmp_path / "bench"))
    return found


def test_a_bench_keeps_what_can_be_scored(bench: Bench) -> None:
    assert bench.name == "two"
    assert [document.id for document in bench.documents] == ["tea", "cave"]
    assert [(one.id, one.document_id) for one in bench.questions] == [
        ("1", "tea"),
        ("2", "cave"),
        ("3", "tea"),
    ]
    assert [(one.id, one.is_answerable) for one in bench.others] == [("4", True), ("5", False)]


def test_a_folder_may_hold_one_bench_or_several(tmp_path: Path) -> None:
    write_bench(tmp_path / "all")
    write_bench(tmp_path / "all" / "inner", stem="")
    assert [one.name for one in find_benches(tmp_path / "all")] == ["inner", "two"]
    assert [one.name for one in find_benches(tmp_path / "all" / "inner")] == ["inner"]
    assert [one.name for one in find_benches(tmp_path / "all" / "two")] == ["two"]


def test_a_bench_that_is_not_there_is_told(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="没有题集"):
        find_benches(tmp_path / "nowhere")
    (tmp_path / "bench" / "two.qa.jsonl").unlink()
    with pytest.raises(BenchError, match=r"旁边没有 two\.qa\.jsonl"):
        find_benches(tmp_path / "bench")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "第 7 行不合格式"),
        ('{"id": "6", "answers": [], "doc_id": "tea"}', "第 7 行.*question"),
        ('{"id": "6", "question": "几亩？", "answers": [], "doc_id": "x"}', "第 7 题.*没有文件 x"),
        ('{"id": "6", "question": "几亩？", "doc_id": "tea"}', "第 7 行.*answers"),
    ],
)
def test_a_broken_line_is_told_by_its_number(
    bench: Bench, tmp_path: Path, line: str, told: str
) -> None:
    with (tmp_path / "bench" / "two.qa.jsonl").open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(BenchError, match=told):
        find_benches(tmp_path / "bench")


def test_no_document_is_in_two_of_the_parts_to_train_fit_and_measure_on() -> None:
    documents = [BenchDocument(doc_id=str(i), text="文") for i in range(200)]
    questions = tuple(
        BenchQuestion(id=str(i), question="问", answers=("文",), doc_id=str(i % 200))
        for i in range(400)
    )
    bench = Bench("cail2019", "", tuple(documents), questions)
    parts: list[Part] = ["train", "fit", "dev"]
    documents_of = [{one.document_id for one in bench.only(part).questions} for part in parts]
    assert sum(map(len, documents_of)) == len(set().union(*documents_of)) == 200
    trained, fitted, measured = map(len, documents_of)
    assert trained > 100 > fitted > 10 < measured < 100
    # The one set about policies is small: half of it measures.
    policies = replace(bench, name="ncpqa")
    assert len(policies.only("fit").questions) < len(policies.only("train").questions)
    assert len(policies.only("dev").questions) > 150
    assert bench.only("all") == bench
    assert {split_of("a stranger's", str(i)) for i in range(50)} == {"dev"}


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


def test_a_passage_is_embedded_once(tmp_path: Path) -> None:
    embedded: list[str] = []

    class Counting(TextEmbeddings):
        identity = ModelIdentity("counting", "1", 2, "", "")
        count_tokens = len

        def embed_query(self, text: str) -> list[float]:
            return [float(len(text)), 0.5]

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            embedded.extend(texts)
            return [self.embed_query(text) for text in texts]

    file = tmp_path / "vectors.sqlite"
    first = CachedEmbeddings(Counting(), file).embed_documents(["茶园", "古水渠", "茶园"])
    again = CachedEmbeddings(Counting(), file).embed_documents(["古水渠", "梯"])
    assert embedded == ["茶园", "古水渠", "梯"]
    assert (first, again) == ([[2.0, 0.5], [3.0, 0.5], [2.0, 0.5]], [[3.0, 0.5], [1.0, 0.5]])


@pytest.mark.parametrize(
    ("passage", "right"),
    [
        pytest.param(("tea", 5, 11), True, id="overlaps by one character"),
        pytest.param(("tea", 0, 10), False, id="next to it"),
        pytest.param(("tea", 25, 30), True, id="the other place"),
        pytest.param(("cave", 10, 20), False, id="another document"),
    ],
)
def test_a_right_passage_overlaps_an_answer_in_its_document(
    passage: tuple[str, int, int], right: bool
) -> None:
    found = Passage(passage[0], Span(*passage[1:]))
    assert is_right(found, "tea", [Span(10, 20), Span(29, 31)]) is right


def searching(*found: Passage) -> System:
    texts = {"tea": TEA, "cave": CAVE}
    return System("fake", lambda question, limit: found[:limit], texts.__getitem__, found)


def test_a_system_is_asked_every_question(bench: Bench) -> None:
    system = searching(Passage("cave", Span(0, 40)), Passage("tea", Span(0, 40)))
    found = search_all(system, bench.questions)
    assert [one.rank for one in found] == [2, 1, 2]
    assert [one.reciprocal_rank for one in found] == [0.5, 1.0, 0.5]
    assert [one.is_within(1) for one in found] == [False, True, False]
    # The only right passage at rank 2: 1 / log2(3).
    assert [one.ndcg for one in found] == pytest.approx([0.6309, 1.0, 0.6309], abs=1e-4)


def test_ndcg_counts_what_could_have_been_found(bench: Bench) -> None:
    halves = (Passage("tea", Span(0, 22)), Passage("tea", Span(18, 40)))
    texts = {"tea": TEA, "cave": CAVE}
    both_right = System("fake", lambda question, limit: halves[:1], texts.__getitem__, halves)
    (found, *_) = search_all(both_right, bench.questions)
    # One of two right passages was found: 1 / (1 + 1 / log2(3)).
    assert (found.rank, found.ndcg) == (1, pytest.approx(0.6131, abs=1e-4))
    (nothing, *_) = search_all(searching(), bench.questions)
    assert (nothing.rank, nothing.ndcg, nothing.first) == (0, 0.0, None)


@pytest.mark.parametrize(
    ("text", "gold", "f1_score"),
    [
        ("每亩补助800元", "每亩补助800元。", 1.0),
        ("每亩补助800元，另有贴息", "每亩补助800元", 16 / 20),
        ("贴息", "每亩", 0.0),
        ("", "每亩", 0.0),
    ],
)
def test_characters_are_compared_as_often_as_they_stand(
    text: str, gold: str, f1_score: float
) -> None:
    assert character_f1(text, gold) == pytest.approx(f1_score)


@pytest.mark.parametrize(
    ("text", "says"),
    [("补助８００元", True), ("补助80元", False), ("补助", False), ("补助800元、30天", True)],
)
def test_the_figures_of_an_answer_are_told(text: str, says: bool) -> None:
    question = BenchQuestion(id="1", question="?", answers=("每亩800元",), doc_id="tea")
    assert says_figures(text, question) is says
    without = question.model_copy(update={"answers": ("贴息",)})
    assert says_figures(text, without) is None


def answer(text: str, *quotes: str, status: Status = "answered") -> Answer:
    citations = tuple(
        Citation(n, "tea", "茶", "", quote, TEA.index(quote), TEA.index(quote) + len(quote))
        for n, quote in enumerate(quotes, start=1)
    )
    return Answer("问", text, status, "passage", citations)


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        pytest.param("每亩补助800元。[1]", (1.0, 1.0), id="supported"),
        pytest.param("每亩补助900元。[1]", (0.0, 0.0), id="another figure"),
        pytest.param("每亩补助800元。[1][2]", (0.5, 1.0), id="one source would do"),
        pytest.param("每亩补助800元，贷款给予贴息。[1][2]", (1.0, 1.0), id="both are needed"),
        pytest.param("有下列措施：\n每亩补助800元。[1]", (1.0, 1.0), id="a line that opens a list"),
        pytest.param("每亩补助800元。[1]\n人人有份。", (1.0, 0.5), id="a line without a source"),
    ],
)
def test_citations_are_judged_as_alce_does(text: str, scores: tuple[float, float]) -> None:
    cited = answer(text, "每亩补助800元。", "茶叶加工企业贷款给予贴息。")
    assert citation_scores(cited) == pytest.approx(scores)


def test_a_source_supports_what_it_says() -> None:
    assert supports([TEA], "每亩补助８００元")
    assert not supports([TEA], "梯田课堂培训讲解员")


def test_a_refusal_scores_nothing_and_a_wrong_document_is_no_gold(bench: Bench) -> None:
    answers = {
        "1": answer("每亩补助800元。[1]", "每亩补助800元。"),
        "2": answer("贴息。[1]", "贴息"),
        "3": answer("没有找到。", status="refused"),
        "5": answer("没有找到。", status="refused"),
    }
    questions = [one for one in (*bench.questions, *bench.others) if one.id in answers]
    by_text = {one.question: answers[one.id] for one in questions}
    texts = {"tea": TEA, "cave": CAVE}
    system = System("fake", lambda question, limit: [], texts.__getitem__, [], by_text.__getitem__)
    first, second, third, last = answer_all(system, questions, {"tea": "tea"})
    assert (first.f1, first.is_exact, first.figures, first.cites_gold) == (1.0, True, True, True)
    assert (second.is_refused, second.cites_gold) == (False, False)
    assert (third.is_refused, third.f1, third.cites_gold) == (True, 0.0, None)
    assert (last.is_refused, last.f1, last.is_exact) == (True, None, None)


def test_what_only_finds_answers_with_its_first_passage(bench: Bench) -> None:
    found = answer_all(searching(Passage("tea", Span(0, 40))), bench.questions[:1], {})
    assert found[0].text == TEA
    assert found[0].f1 == pytest.approx(character_f1(TEA, "每亩补助800元"))


def test_intervals_hold_the_figure_and_are_the_same_every_time() -> None:
    many = [1.0] * 90 + [0.0] * 10
    low, high = mean_interval(many)
    assert 0.82 <= low <= 0.86
    assert 0.94 <= high <= 0.97
    assert mean_interval(many) == (low, high)
    refused, wanted = [1.0, 0.0] * 50, [1.0, 0.0, 0.0, 1.0] * 25
    low, high = interval(f1, refused, wanted)
    assert low < 0.5 < high


@pytest.mark.parametrize(
    ("mine", "theirs", "significant"),
    [
        ([1.0] * 60 + [0.0] * 40, [1.0] * 40 + [0.0] * 60, True),
        ([1.0, 0.0] * 50, [0.0, 1.0] * 50, False),
        ([1.0, 0.0], [1.0, 0.0], False),
    ],
)
def test_systems_differ_where_chance_would_hardly_do_it(
    mine: list[float], theirs: list[float], significant: bool
) -> None:
    assert (paired_p_value(mine, theirs) < 0.05) is significant


def result(name: str, ranks: list[int], scores: list[float | None]) -> Result:
    answered = tuple(
        Answered(
            "<script>alert(1)</script>" if score else "",
            is_refused=score in (0.0, None),
            f1=score,
            is_exact=None if score is None else score == 1.0,
            figures=None,
            citation_recall=None,
            citation_precision=None,
            cites_gold=None,
            seconds=0.02,
        )
        for score in scores
    )
    retrieved = tuple(Retrieved(rank, 1.0 if rank == 1 else 0.0, 0.01, None) for rank in ranks)
    return Result(name, 2, retrieved, answered)


@pytest.fixture
def bench_run(bench: Bench) -> BenchRun:
    own = result("plan-assistant", [1, 2, 0], [1.0, 0.1, 0.0, 0.5, None])
    other = result("BM25", [1, 0, 0], [0.5, 0.5, 0.5, 0.5, None])
    return BenchRun(bench, (own, other))


def test_the_document_has_each_figure_of_each_system(bench_run: BenchRun) -> None:
    document = as_json(judge_run(bench_run), {"cores": "2"})
    json.dumps(document, allow_nan=False)
    assert (document["suite"], document["questions"], document["unanswerable"]) == ("two", 3, 1)
    own = document["systems"]["plan-assistant"]
    assert [own[name] for name in ("R@1", "R@3", "R@5", "R@10")] == [0.3333, 0.6667, 0.6667, 0.6667]
    assert own["MRR"] == 0.5
    assert own["answer_f1"] == pytest.approx(0.4)
    # Two were refused, one of them rightly.
    assert (own["refusal_precision"], own["refusal_recall"]) == (0.5, 1.0)
    assert own["p_values"] == {}
    assert set(document["systems"]["BM25"]["p_values"]) >= {"R@1", "answer_f1"}
    assert document["systems"]["plan-assistant"]["search_p50_ms"] == 10.0
    low, high = own["intervals"]["answer_f1"]
    assert low <= own["answer_f1"] <= high


def test_the_worst_answers_are_listed_by_what_is_wrong(bench_run: BenchRun) -> None:
    cases = worst_cases(bench_run)
    assert [(case.question.id, case.fault) for case in cases] == [
        ("3", "没有检到"),
        ("2", "答得不像"),
    ]


def test_the_table_names_all_systems(bench_run: BenchRun) -> None:
    made = table(judge_run(bench_run))
    assert [column.header for column in made.columns] == ["", "plan-assistant", "BM25"]


def test_the_report_stands_alone_in_a_browser(bench_run: BenchRun, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(page([judge_run(bench_run)], environment()), encoding="utf-8")
    requests: list[str] = []
    with launched_browser() as browser:
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("dialog", lambda dialog: pytest.fail("a script of an answer ran"))
        tab.goto(file.as_uri())
        assert tab.locator("h2").first.inner_text().startswith("two：2 份文件，3 题")
        assert tab.locator("svg").count() == 2
        tab.locator("summary", has_text="没有检到").click()
        assert tab.get_by_role("heading", name="茶企贷款有贴息吗？").is_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
    assert requests == [file.as_uri()]


def test_every_system_answers_and_the_second_run_takes_nothing_in(
    bench: Bench, tmp_path: Path
) -> None:
    pytest.importorskip("bm25s", reason="the extra `eval` is not installed")
    pytest.importorskip("langchain_chroma", reason="the extra `eval` is not installed")
    pytest.importorskip("llama_index.core", reason="the extra `eval` is not installed")
    told: list[str] = []
    run = run_bench(bench, Settings(), told.append, tmp_path / "cache")
    names = [one.system for one in run]
    assert names == ["plan-assistant", "no reranker", "dense", "BM25", "LangChain", "LlamaIndex"]
    assert {one.system: [found.is_within(5) for found in one.retrieved] for one in run} == (
        dict.fromkeys(names, [True] * 3)
    )
    own = run[0].answered
    assert own[-1].is_refused
    assert own[0].f1 is not None
    assert own[0].f1 > 0
    assert any("收录" in step for step in told)
    told.clear()
    again = run_bench(bench, Settings(), told.append, tmp_path / "cache")
    assert not any("收录" in step for step in told)
    assert [[found.rank for found in one.retrieved] for one in again] == [
        [found.rank for found in one.retrieved] for one in run
    ]
