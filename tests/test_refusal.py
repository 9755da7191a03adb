"""When an answer is refused, how that is told, and that a source's no is an answer."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.answer.answerer import answer_question
from assistant.answer.confidence import MODEL_FILE, Evidence, Model, load_model, model_for
from assistant.answer.model import Answer
from assistant.documents import answer_document
from assistant.library import Library
from assistant.settings import Settings
from corpus.model import Plan

_HOUSING = """青田县人才住房补贴办法

一、补贴对象

在本县企业工作的硕士毕业生，可申请住房补贴，每人每月800元。
已享受公共租赁住房的家庭，不享受住房补贴。
列入失信被执行人名单的，不得申请住房补贴。

二、申请程序

申请人向县人力社保局提交申请，人力社保局在15个工作日内审核。
补贴按季度发放，发放期限为三年。因调离本县而停发的补贴不予补发。
"""
_TEA = """松阳县茶产业扶持政策

一、支持茶园建设

对新建的生态茶园，每亩补助800元。由于茶园多在山区，道路建设纳入本政策。

二、支持加工

参加丽水展销会的企业免费获得展位。
茶叶加工企业购置设备的，按投资额的20%给予补助。贷款资金除外。
"""
_BATHS = """景宁县公共浴室管理规定

一、开放时间

公共浴室每日开放，节假日除外。浴室内禁止吸烟。
"""
_PAPERS = {"住房补贴办法": _HOUSING, "茶产业扶持政策": _TEA, "公共浴室管理规定": _BATHS}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of three short papers of three counties."""
    folder = tmp_path_factory.mktemp("county")
    paths = []
    for name, text in _PAPERS.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    library = Library(Settings(data_dir=folder / "data", workers=1))
    done = list(library.ingest_all(paths))
    assert [one.outcome for one in done] == ["added"] * 3
    yield library
    library.catalog.close()


def plan_id(library: Library, title: str) -> str:
    return next(entry.id for entry in library.catalog.entries() if title in entry.title)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("住公共租赁住房的家庭能享受住房补贴吗", "不享受住房补贴"),
        ("失信被执行人可不可以申请住房补贴", "不得申请住房补贴"),
        ("停发的补贴是否可以补发", "停发的补贴不予补发"),
        ("浴室里能不能吸烟", "浴室内禁止吸烟"),
        ("公共浴室节假日开放吗", "节假日除外"),
    ],
)
def test_a_no_of_the_source_is_an_answer_in_its_words(
    question: str, words: str, county: Library
) -> None:
    answer = answer_question(question, county)
    assert answer.status == "answered"
    intro, *lines = answer.text.split("\n")
    assert intro == "文件对此明确作了否定或限制："
    assert any(words in line for line in lines)
    assert any(words in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("硕士毕业生每人每月补贴多少元", id="a sum is asked for"),
        pytest.param("购置设备的茶叶加工企业给予补助吗", id="the no is about something else"),
    ],
)
def test_a_yes_is_not_introduced_as_a_no(question: str, county: Library) -> None:
    answer = answer_question(question, county)
    assert answer.status == "answered"
    assert "否定" not in answer.text


def test_a_refusal_names_how_many_were_searched(county: Library) -> None:
    text = answer_question("怎样申报火箭发射许可", county).text
    titles = [entry.title for entry in county.catalog.entries()]
    assert all(f"《{title}》" in text.split("\n")[0] for title in titles)
    (searched,) = re.findall("查找范围：(.*)", text)
    assert searched.count("《") == 3


def test_a_refusal_after_narrowing_names_the_plan_searched(county: Library) -> None:
    text = answer_question("松阳县给外籍厨师发多少安家费", county).text
    assert text.startswith("所收文件中没有找到这个问题的答案。查找范围：《松阳县茶产业扶持政策》。")
    assert "青田" not in text


def test_a_refusal_asked_of_one_plan_names_that_plan(county: Library) -> None:
    bath = plan_id(county, "浴室")
    text = answer_question("茶园每亩补助多少元", county, plan_id=bath).text
    assert text.split("\n")[0].endswith("查找范围：《景宁县公共浴室管理规定》。")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        pytest.param(
            "龙泉市每亩茶园补助多少元",
            "所收文件没有一份是龙泉的，也没有检索到提及龙泉的内容。",
            id="not even mentioned",
        ),
        pytest.param(
            "丽水市每亩茶园补助多少元",
            "所收文件没有一份是丽水的，提到丽水的段落中也没有找到答案。",
            id="mentioned in passing",
        ),
    ],
)
def test_a_place_that_no_plan_is_of_is_told(question: str, first: str, county: Library) -> None:
    answer = answer_question(question, county)
    assert answer.status == "refused"
    assert answer.text.startswith(first)


def test_what_is_mentioned_nowhere_is_told_as_such(county: Library) -> None:
    text = answer_question("怎样申报火箭发射许可", county).text
    assert re.search("其中没有检索到提及.*火箭.*的内容。", text)


def test_what_is_mentioned_but_not_answered_is_not_called_absent(county: Library) -> None:
    answer = answer_question("县人力社保局的联系电话是多少", county)
    assert answer.status == "refused"
    assert "没有检索到提及" not in answer.text
    assert "没有检索到不等于文件中一定没有" in answer.text


def test_another_name_of_a_thing_counts_as_its_mention(library: Library) -> None:
    text = answer_question("双碳食堂菜谱怎么定", library).text
    assert "食堂" in text.split("\n")[1]
    assert "双碳" not in text.split("\n")[1]


def test_nearest_sections_are_those_of_the_source(county: Library) -> None:
    answer = answer_question("县人力社保局的联系电话是多少", county)
    near = [line for line in answer.text.split("\n") if line.startswith("相近的内容：")]
    assert any("二、申请程序" in line for line in near)
    assert len(answer.citations) == len(near)


@pytest.mark.parametrize(
    "question", ["科技治理改革怎么推进", "瓯海的地铁什么时候通车", "怎样弘扬科学家精神"]
)
def test_an_answer_from_passages_tells_how_sure_it_is(question: str, library: Library) -> None:
    answer = answer_question(question, library)
    assert answer.confidence is not None
    assert (answer.confidence >= model_for(library.reranker).threshold) == (
        answer.status == "answered"
    )
    assert answer_document(answer)["confidence"] == answer.confidence


def test_what_is_only_near_is_told(library: Library) -> None:
    near, told = (
        answer_question(question, library)
        for question in ("海洋渔业要加强什么攻关", "怎样弘扬科学家精神")
    )
    assert "没有检索到提及海洋渔业的内容" in near.notes[0]
    assert told.notes == ()


@pytest.mark.parametrize("question", ["到25年要有几家高企", "你好", "第十二章讲什么"])
def test_what_is_looked_up_has_no_confidence(question: str, library: Library) -> None:
    answer = answer_question(question, library)
    assert answer.confidence is None
    assert answer_document(answer)["confidence"] is None


def test_a_clear_answer_is_surer_than_a_vague_one(library: Library) -> None:
    clear, vague = (
        answer_question(question, library).confidence
        for question in ("科研项目经费包干制下放什么权", "食品家用设备有什么补贴规定")
    )
    assert clear is not None
    assert vague is not None
    assert clear > vague


def test_more_evidence_never_makes_less_sure() -> None:
    weak = Evidence(passage=0.2, wording=0.1, reason=0.0)
    model = load_model()
    for name in ("passage", "wording", "reason"):
        stronger = replace(weak, **{name: 0.9})
        assert model.confidence(stronger) > model.confidence(weak)


def test_the_model_is_plain_logistic_arithmetic() -> None:
    model = Model({"passage": 2.0, "wording": 1.0, "reason": 0.0}, -1.0, 0.5)
    assert model.confidence(Evidence(0.5, 0.0, 1.0)) == pytest.approx(0.5)
    assert model.confidence(Evidence(1.0, 1.0, 0.0)) == pytest.approx(1 / (1 + math.exp(-2)))


def test_the_shipped_file_tells_what_it_was_made_of() -> None:
    record = json.loads(MODEL_FILE.read_text(encoding="utf-8"))
    assert set(record["weights"]) == set(Evidence.__slots__)
    assert 0 < record["threshold"] < 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", record["made"])
    assert record["data"].keys() == record["curve"].keys()
    assert any("held out" in name for name in record["data"])
    for curve in record["curve"].values():
        recalls = [point["recall"] for point in curve]
        assert recalls == sorted(recalls)


def test_a_refusal_is_the_same_every_time(county: Library) -> None:
    def ask() -> Answer:
        return replace(answer_question("怎样申报火箭发射许可", county), timings_ms={})

    assert ask() == ask()


def test_a_reason_that_is_not_given_makes_less_sure(county: Library) -> None:
    given, not_given = (
        answer_question(question, county).confidence
        for question in ("为什么茶园道路建设纳入本政策", "为什么公共浴室每日开放")
    )
    assert given is not None
    assert not_given is not None
    assert given > not_given


def test_the_plan_asked_about_is_quoted_unchanged(county: Library) -> None:
    answer = answer_question("浴室里能不能吸烟", county)
    plan: Plan = county.catalog.plan(answer.citations[0].plan_id)
    for citation in answer.citations:
        assert plan.text[citation.start : citation.end] == citation.quote
