"""A reranker in retrieval, in answers and in refusing; what happens where there is none."""

import json
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.library import Library
from assistant.models.errors import RerankerUnavailable
from assistant.models.pairs import ASKED, REPEATED, TOLD, best_span, encode_pair
from assistant.models.reranker import BUNDLED_FOLDER, load_reranker
from assistant.reading import Fitted, Reading, Told
from assistant.rerank import read_nearest, windows
from assistant.retrieve import RERANKED, retrieve
from assistant.settings import Settings
from corpus.model import Plan, Span
from corpus.segment import sentences
from tests.readers import characters_of, write_reader

PLAN = """松阳县茶产业规划
一、扶持办法
(一)贷款贴息。对茶农新购加工设备的贷款,按实际利息的一半给予贴息,每户每年最高贴息3000元。
(二)不予补助的情形。茶园连续两年抛荒的,不予发放种苗款。
(三)品牌建设。每年三月在县城举办开茶节,由茶叶协会承办,展销全县名优茶。
"""
ASKS_SUM = "茶农贷款每年最高贴息多少"


def opened(folder: Path, **fitted: object) -> Library:
    """Return a library of the small plan, with a reranker if anything is fitted."""
    path = folder / "茶.txt"
    path.write_text(PLAN, encoding="utf-8")
    reader = (
        str(write_reader(folder / "reader", f"{PLAN}怎么由谁多少个>", **fitted))
        if fitted
        else "off"
    )
    library = Library(Settings(data_dir=folder / "data", reranker=reader))
    assert all(one.plan_id for one in library.ingest_all([path]))
    return library


def test_none_reads_where_it_is_off(library: Library) -> None:
    off = Library(library.settings.model_copy(update={"reranker": "off"}))
    assert off.reranker is None
    assert all(hit.reading is None for hit in retrieve("碳达峰", off))


def test_the_one_that_comes_with_the_program_is_small_and_reads_the_bundled_plan(
    library: Library,
) -> None:
    assert sum(path.stat().st_size for path in BUNDLED_FOLDER.iterdir()) <= 40 * 2**20
    best, *_ = retrieve("花卉树种方面研发什么技术", library)
    assert best.reading is not None
    assert best.reading.relevance > 0.5
    assert best.reading.span is not None


def test_what_it_reads_decides_the_order(library: Library, plan: Plan, tmp_path: Path) -> None:
    # Few enough characters that none is as good as certain.
    question = "孵化器"
    before = retrieve(question, library, limit=30)
    own = Library(
        library.settings.model_copy(
            update={"reranker": str(write_reader(tmp_path, plan.text + question, weight=1.0))}
        )
    )
    hits = retrieve(question, own, limit=30)
    read = [hit for hit in hits if hit.reading is not None]
    assert hits[: len(read)] == read
    assert {hit.chunk.number for hit in read} <= {hit.chunk.number for hit in before[:RERANKED]}
    assert [hit.chunk.number for hit in hits] != [hit.chunk.number for hit in before]
    repeated = [len({*question} & {*hit.chunk.embedded}) for hit in read]
    assert repeated[0] >= repeated[-1]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert retrieve(question, own, limit=30) == hits


class Fixed:
    """A reranker that was told how relevant the passages are, in the order that it gets them."""

    fitted = Fitted(weight=1.0)

    def __init__(self, *relevances: float) -> None:
        self.relevances = list(relevances)

    def read(self, question: str, passages: Sequence[Told]) -> list[Reading]:
        return [Reading(self.relevances.pop(0), None) for _ in passages]


@pytest.mark.parametrize(
    ("relevances", "read"),
    [
        pytest.param([0.1, 0.7, 0.9], 2, id="the second is"),
        pytest.param([0.1, 0.5, 0.2, 0.6, 0.9], 4, id="the fourth is"),
        pytest.param([0.1] * 20, 8, id="none is"),
    ],
)
def test_what_is_relevant_enough_ends_the_reading(relevances: list[float], read: int) -> None:
    passages = [Told("", f"茶园有{number}亩。") for number in range(20)]
    reranker = Fixed(*relevances)
    readings = read_nearest("茶园几亩", passages, [1.0] * 20, reranker)
    assert len(relevances) - len(reranker.relevances) == read
    assert [reading.relevance for reading in readings.values()] == relevances[:read]


class Recording:
    """A reranker that finds what it was told to look for, and keeps what it was shown."""

    fitted = Fitted(weight=1.0, reads=True)

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.shown: list[str] = []

    def read(self, question: str, passages: Sequence[Told]) -> list[Reading]:
        self.shown += [passage.text for passage in passages]
        return [self._read(passage.text) for passage in passages]

    def _read(self, text: str) -> Reading:
        at = text.find(self.wanted)
        return Reading(0.1, None) if at < 0 else Reading(0.9, Span(at, at + len(self.wanted)))


def test_the_windows_nearest_to_the_question_are_read_wherever_they_stand() -> None:
    filler = "县里召开会议研究了其他事项并作出部署。" * 40
    answer = "茶园面积稳定在十五万亩"
    passages = [Told("县规划", f"茶园。{filler}"), Told("县规划", f"{filler}{answer}。{filler}")]
    reranker = Recording(answer)
    readings = read_nearest("茶园面积几亩", passages, [1.0, 0.8], reranker)
    # Not the rest of the first passage, far from what is asked.
    assert len(reranker.shown) == 2
    assert all(len(text) <= 300 for text in reranker.shown)
    # Of the passage, not of the window; the most relevant window is the passage's reading.
    assert readings[1].span is not None
    assert readings[1].span.of(passages[1].text) == answer


def test_the_answer_is_read_in_the_text_not_in_its_context(tmp_path: Path) -> None:
    reader = load_reranker(write_reader(tmp_path, "茶园面积稳定在十五万亩县规划"), threads=2)
    passages = [Told("县规划 > 茶园", "面积稳定在十五万亩"), Told("", "规划"), Told("茶园", "")]
    first, second, third = reader.read("茶园面积几亩", passages)
    assert first.span == Span(0, 9)
    assert first.relevance > second.relevance
    assert third.span is None


@given(
    st.lists(
        st.integers(1, 90).flatmap(lambda n: st.sampled_from(("文" * n + "。", "字" * n + "\n"))),
        max_size=40,
    ).map("".join)
)
def test_windows_are_whole_sentences_and_miss_nothing(text: str) -> None:
    found = windows(text)
    whole = {0, len(text), *(one.start for one in sentences(text))}
    assert {end for window in found for end in (window.start, window.end)} <= whole
    assert found[0].start == 0 and found[-1].end == len(text)
    for before, after in pairwise(found):
        assert before.start < after.start <= before.end < after.end
    assert all(len(window) <= 300 for window in found)


def test_a_pair_tells_what_the_passage_repeats_and_fits() -> None:
    pair = encode_pair(characters_of("茶园几亩有"), "茶园几亩", "茶园有", max_tokens=10)
    assert pair.ids[pair.first :] != ()
    assert pair.kinds[: pair.first] == (ASKED,) * 7
    assert pair.kinds[pair.first :] == (REPEATED, REPEATED, ASKED)
    assert TOLD not in pair.kinds
    assert len(pair.ids) == 10
    assert pair.tokens_of(Span(1, 2)) == (pair.first + 1, pair.first + 1)
    assert pair.tokens_of(Span(2, 3)) is None


def answer(question: str, library: Library) -> Answer:
    found = answer_question(question, library)
    library.catalog.close()
    return found


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("开茶节由谁承办", "举办开茶节,由茶叶协会承办,展销全县名优茶"),
        # What is read is 发放种苗.
        ("种苗由谁发放", "不予发放种苗"),
        ("种苗怎么发放", "茶园连续两年抛荒的,不予发放种苗款。"),
    ],
)
def test_an_answer_is_what_was_read_within_its_cited_sentence(
    question: str, said: str, tmp_path: Path
) -> None:
    found = answer(question, opened(tmp_path, reads=True))
    assert (found.status, found.text) == ("answered", f"{said}[1]")
    (citation,) = found.citations
    assert said in citation.quote
    assert citation.quote.endswith("。")


def beside_the_plan(text: str, folder: Path) -> Library:
    """Return a library of the small plan and another text."""
    texts = folder / "texts"
    texts.mkdir()
    (texts / "一.txt").write_text(PLAN, encoding="utf-8")
    (texts / "二.txt").write_text(text, encoding="utf-8")
    library = Library(Settings(data_dir=folder / "data"))
    assert {one.outcome for one in library.ingest_all([texts])} == {"added"}
    return library


_HELD = "\n一、概况\n{place}多山。\n二、活动\n秋季斗茶大会由供销联社承办，欢迎市民参加。\n"


@pytest.mark.parametrize(
    ("title", "place", "is_said"),
    [
        pytest.param("关于举办茶事活动的公告", "松阳县", True, id="of no known place"),
        pytest.param("关于举办茶事活动的公告", "邻县", False, id="does not name the place"),
        pytest.param("遂昌县茶产业规划", "与松阳县相邻，遂昌县", False, id="another place's"),
    ],
)
def test_a_place_is_also_read_of_where_no_title_says_whose_it_is(
    title: str, place: str, *, is_said: bool, tmp_path: Path
) -> None:
    library = beside_the_plan(f"{title}{_HELD.format(place=place)}", tmp_path)
    found = answer("松阳县秋季斗茶大会由谁承办", library)
    assert (found.text == "供销联社[1]") is is_said
    assert ("供销联社" in found.text) is is_said


@pytest.mark.parametrize(
    ("title", "is_said"),
    [
        pytest.param("关于举办茶事活动的公告", True, id="nothing tells whose"),
        pytest.param("遂昌县茶产业规划", False, id="another place's"),
    ],
)
def test_what_names_no_place_is_told_whole_and_with_a_remark(
    title: str, *, is_said: bool, tmp_path: Path
) -> None:
    held = "气排球联赛冠军奖金为十万元，由供销联社出资，欢迎报名。"
    library = beside_the_plan(f"{title}\n一、活动\n{held}\n", tmp_path)
    found = answer("松阳县气排球联赛冠军奖金多少", library)
    assert (found.text == f"{held}[1]") is is_said
    assert any("没有提到松阳" in note for note in found.notes) is is_said


@pytest.mark.parametrize(
    ("question", "is_whole"), [("联合工作组由谁牵头", False), ("联合工作组是干什么的", True)]
)
def test_how_and_what_for_are_told_in_whole_sentences(
    question: str, *, is_whole: bool, tmp_path: Path
) -> None:
    sentence = "联合工作组由县农业农村局牵头，负责会商种苗调运的重大事项，及时通报病虫害情况。"
    text = f"松阳县茶产业规划\n一、组织保障\n{sentence}县财政局安排专项资金。\n"
    (tmp_path / "一.txt").write_text(text, encoding="utf-8")
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert {one.outcome for one in library.ingest_all([tmp_path / "一.txt"])} == {"added"}
    found = answer(question, library)
    assert found.status == "answered"
    assert (found.text == f"{sentence}[1]") is is_whole
    assert ("病虫害" in found.text) is is_whole


def test_what_only_announces_is_no_answer(tmp_path: Path) -> None:
    told = "茶园入夜前铺好稻草，霜后立即喷水化霜。"
    (tmp_path / "一.txt").write_text(
        "松阳县茶园防霜办法\n一、总则\n霜冻将至，县茶办就茶园怎么防霜冻提出以下要求：\n"
        f"二、茶园防霜的要求\n{told}\n",
        encoding="utf-8",
    )
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert {one.outcome for one in library.ingest_all([tmp_path / "一.txt"])} == {"added"}
    assert answer("茶园怎么防霜冻", library).text == f"{told}[1]"


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Texts as they are pasted from a page: without their line breaks."""
    folder = tmp_path_factory.mktemp("flat")
    texts = (
        "松阳县茶农可以网上办证 新华社杭州3月5日电（记者 叶青）记者从松阳县政务服务办获悉，茶农可以"
        "登录“茶乡通”小程序提交办证材料，不必到窗口排队。",
        "遂昌县茶产业办法 一、递交办证材料 遂昌县的茶企办证一律免费。 【办证渠道】 茶企应当到"
        "遂昌县政务大厅三楼窗口递交办证材料，并出示营业执照。 二、开展霜冻预警和茶园巡查工作 "
        "茶园主可以拨打12345热线报告霜冻，也可以拨打0578—8123456，节假日照常受理。",
    )
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    library = Library(Settings(data_dir=folder / "data"))
    found = library.ingest_all([folder / "0.txt", folder / "1.txt"])
    assert {one.outcome for one in found} == {"added"}
    return library


@pytest.mark.parametrize(
    ("question", "said", "none_of"),
    [
        ("松阳县茶农怎么网上办证", "茶乡通", "新华社"),
        ("遂昌县茶企办证材料怎么递交", "政务大厅三楼窗口", "办证渠道"),
        ("遂昌县怎么开展霜冻预警和茶园巡查工作", "12345", "二、"),
    ],
)
def test_what_only_opens_a_sentence_is_not_told_with_it(
    question: str, said: str, none_of: str, flat: Library
) -> None:
    found = answer_question(question, flat)
    assert found.status == "answered"
    assert said in found.text
    assert none_of not in found.text
    assert not any(none_of in citation.quote for citation in found.citations)


def test_ways_to_do_something_are_no_kind_of_document(tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text(
        "遂昌县茶园管理办法\n第一条 茶园由县农业农村局管理，办证材料由乡镇收取。\n",
        encoding="utf-8",
    )
    (tmp_path / "二.txt").write_text(
        "松阳县茶产业规划\n一、服务\n茶农登录“茶乡通”小程序提交办证材料，不必到窗口排队。\n",
        encoding="utf-8",
    )
    library = Library(Settings(data_dir=tmp_path / "data"))
    found = library.ingest_all([tmp_path / "一.txt", tmp_path / "二.txt"])
    assert {one.outcome for one in found} == {"added"}, found
    found = answer("茶农用哪些办法提交办证材料不必排队", library)
    assert "茶乡通" in found.text


def test_a_number_is_told_without_what_its_dash_would_run_on_to(flat: Library) -> None:
    found = answer_question("遂昌县报告霜冻可以拨打什么电话", flat)
    assert re.search("12345|0578—8123456", found.text)
    assert "节假日" not in found.text


def test_one_measure_is_read_on_to_what_it_gives(tmp_path: Path) -> None:
    text = "松阳县茶产业扶持办法\n一、扶持办法\n（一）支持茶农购置加工设备。"
    text += "对新购设备的贷款，按实际利息的一半给予贴息，每户每年最高贴息3000元。\n"
    (tmp_path / "一.txt").write_text(text, encoding="utf-8")
    library = Library(Settings(data_dir=tmp_path / "data"))
    assert {one.outcome for one in library.ingest_all([tmp_path / "一.txt"])} == {"added"}
    found = answer("对茶农购置加工设备给予什么支持", library)
    assert "3000元" in found.text


@pytest.mark.parametrize(("intercept", "status"), [(-50.0, "refused"), (50.0, "answered")])
def test_refusal_goes_by_what_was_fitted_with_the_reranker(
    intercept: float, status: str, tmp_path: Path
) -> None:
    refusal = {"weights": {"relevance": 1.0}, "intercept": intercept, "threshold": 0.5}
    assert answer("开茶节由谁承办", opened(tmp_path, refusal=refusal)).status == status


def test_relevance_can_save_an_answer(tmp_path: Path) -> None:
    refusal = {"weights": {"relevance": 100.0}, "intercept": -50.0, "threshold": 0.5}
    found = answer("开茶节由谁承办", opened(tmp_path, refusal=refusal))
    assert found.status == "answered"
    assert "茶叶协会承办" in found.text


def broken(folder: Path) -> Path:
    write_reader(folder, PLAN)
    (folder / "reader.json").write_text(json.dumps({"weigth": 1}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("make", [lambda folder: folder, broken])
def test_a_folder_without_a_reranker_is_refused_with_the_cure(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = make(tmp_path / "none")
    with pytest.raises(RerankerUnavailable, match="off") as raised:
        _ = Library(Settings(reranker=str(folder))).reranker
    assert str(folder) in str(raised.value)


@pytest.mark.slow
def test_a_cross_encoder_of_sentence_transformers_serves_as_well(tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    config = BertConfig(
        vocab_size=400,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        num_labels=1,
    )
    model = BertForSequenceClassification(config)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=characters_of(PLAN), pad_token="<pad>", unk_token="<unk>"
    )
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    CrossEncoder(str(tmp_path), device="cpu").save_pretrained(str(tmp_path))
    readings = load_reranker(tmp_path, threads=1).read("贴息", [Told("茶", PLAN), Told("", "茶")])
    assert [reading.span for reading in readings] == [None, None]
    assert all(0 < reading.relevance < 1 for reading in readings)


def test_of_spans_alike_the_one_most_agree_on_is_read() -> None:
    start, end = np.full(10, -9.0, np.float32), np.full(10, -9.0, np.float32)
    offsets = [(number, number + 1) for number in range(10)]
    start[[0, 5, 6]] = 2.0, 1.8, 1.8
    end[8] = 5.0
    assert best_span(start, end, offsets) == (5, 8)
    start[0] = 20.0
    assert best_span(start, end, offsets) == (0, 8)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9), st.integers(0, 3)), min_size=1))
def test_a_span_begins_before_it_ends(scores: list[tuple[float, float, int]]) -> None:
    start, end = (np.array([one[which] for one in scores], np.float32) for which in (0, 1))
    places = np.cumsum([0, *(width for *_, width in scores)])
    first, last = best_span(start, end, list(pairwise(places.tolist())))
    assert 0 <= first <= last < len(scores)


@pytest.mark.parametrize(
    ("question", "is_read"),
    [
        pytest.param("名", True, id="the clause of what is read"),
        pytest.param("名多少个", False, id="not of the kind that is wanted"),
    ],
)
def test_what_is_less_surely_read_is_told_as_a_clause(
    question: str, *, is_read: bool, tmp_path: Path
) -> None:
    refusal = {"weights": {"relevance": 1.0}, "intercept": 50.0, "threshold": 0.5}
    found = answer(question, opened(tmp_path, reads=True, refusal=refusal))
    assert (found.text == "展销全县名优茶[1]") is is_read
