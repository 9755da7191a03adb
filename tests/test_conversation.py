"""Questions in a conversation: follow-ups, several in one, vague, off-topic and yes/no ones."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.answer.answerer import answer_question, stream_answer
from assistant.answer.model import Answer
from assistant.documents import answer_document
from assistant.library import Library
from assistant.settings import Settings
from tests.asked import ALMOST_NAMED, every_answerable

Talk = Callable[..., Answer]

_NEIGHBOUR = """龙湾区科技创新发展“十四五”规划

一、主要目标
到2025年，高新技术企业数量达到777家，全社会研发经费投入强度达到4.2%。

二、保障措施
对新认定的高新技术企业给予20万元奖励。支持企业建设研发机构，给予50万元补助。
"""


def talk_over(library: Library) -> Talk:
    """Return a function that asks questions one after the other and returns the last answer."""

    def talk(*questions: str) -> Answer:
        history: list[Answer] = []
        for question in questions:
            history.append(answer_question(question, library, history=tuple(history)))
        return history[-1]

    return talk


@pytest.fixture(scope="module")
def talk(library: Library) -> Talk:
    return talk_over(library)


@pytest.fixture(scope="module")
def talk_over_two(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    folder = tmp_path_factory.mktemp("two")
    library = Library(Settings(data_dir=folder / "data"))
    library.set_up()
    path = folder / "龙湾区科技创新发展“十四五”规划.txt"
    path.write_text(_NEIGHBOUR, encoding="utf-8")
    assert [one.outcome for one in library.ingest_all([Path(path)])] == ["added"]
    return talk_over(library)


FOLLOW_UPS = {
    "a year": (
        ("全社会劳动生产率2020年是多少", "那2025年呢"),
        "全社会劳动生产率2025年是多少",
        "25万元/人",
    ),
    "an aspect": (("高企的目标是多少", "基数呢？"), "高企的基数是多少", "218家"),
    "another subject": (("高企的目标是多少", "那科小呢"), "科小的目标是多少", "2000家"),
    "a pronoun": (("PCT专利申请量目标是几件", "它的基数是多少"), None, "26件"),
    "this indicator": (("劳产率目标", "这个指标年均增长多少"), None, "13.5%"),
    "left out": (("数字经济规模2025年要到多少", "年均增长多少"), None, "17%"),
    "two steps": (("高企的目标是多少", "基数呢", "数字经济增加值呢"), None, "38.76亿元"),
    "after thanks": (("高企的目标是多少", "谢谢", "那基数呢"), "高企的基数是多少", "218家"),
    "after a refusal": (("2023年有多少家高新技术企业", "2025年呢"), None, "550家"),
    "the latter": (
        ("数字经济增加值和技术交易总额的目标分别是多少", "后者的基数是多少"),
        "技术交易总额的基数是多少",
        "11.5亿元",
    ),
    "a list's item": (
        ("保障措施有哪些", "第二条具体说说"),
        "强化创新投入的具体内容是什么",
        "建立财政科技投入稳定增长机制",
    ),
    "an item after a detour": (
        ("保障措施有哪些", "第二条具体说说", "第四条呢"),
        "营造创新氛围的具体内容是什么",
        "进一步弘扬科学家精神",
    ),
    "an indicator of the table": (
        ("主要指标有哪些", "第八个的基数是多少"),
        "高新技术企业数量的基数是多少",
        "218家",
    ),
    "a project": (("世界青年科学家创业孵化器总投资多少", "面积呢"), None, "4.3万平方米"),
    "another chapter": (("第十一章讲什么", "那第十二章呢"), "第十二章讲什么", "加强组织领导"),
    "the choice": (("目标是多少", "第二个"), None, "3.5%"),
    "the subject of a vague one": (("目标是多少", "高企"), "高企的目标是多少", "550家"),
}


@pytest.mark.parametrize(
    ("questions", "rewritten", "words"), FOLLOW_UPS.values(), ids=FOLLOW_UPS.keys()
)
def test_a_follow_up_is_answered_and_shown_in_full(
    questions: Sequence[str], rewritten: str | None, words: str, talk: Talk
) -> None:
    answer = talk(*questions)
    assert answer.status == "answered"
    assert words in answer.text
    assert answer.question == questions[-1]
    assert answer.rewritten == rewritten or (rewritten is None and answer.rewritten)
    assert not any(word in (answer.rewritten or "") for word in ("呢", "它", "这个", "后者"))


@pytest.fixture(scope="module", params=["数字经济增加值2025年的目标是多少", "保障措施有哪些"])
def before(request: pytest.FixtureRequest, library: Library) -> Answer:
    return answer_question(request.param, library)


@pytest.mark.parametrize("question", [*every_answerable(), *ALMOST_NAMED.values()])
def test_a_question_in_full_is_left_as_it_is(
    before: Answer, question: str, library: Library
) -> None:
    assert answer_question(question, library, history=(before,)).rewritten is None


def test_a_follow_up_may_be_refused(talk: Talk) -> None:
    answer = talk("世界青年科学家创业孵化器总投资多少", "负责人呢")
    assert (answer.status, answer.rewritten) == (
        "refused",
        "世界青年科学家创业孵化器的负责人是谁",
    )


def test_what_has_been_told_is_not_told_again(talk: Talk) -> None:
    first = talk("碳达峰方面要做什么")
    more = talk("碳达峰方面要做什么", "还有呢")
    assert more.rewritten == "碳达峰还有哪些内容"
    told = {(citation.start, citation.end) for citation in first.citations}
    assert not told & {(citation.start, citation.end) for citation in more.citations}


def test_a_heading_above_what_was_told_is_nothing_new(talk: Talk) -> None:
    assert talk("怎样营造创新氛围").status == "answered"
    assert "没有找到更多" in talk("怎样营造创新氛围", "还有吗").text


def test_another_place_is_put_in(talk_over_two: Talk) -> None:
    answer = talk_over_two("瓯海区高新技术企业数量的目标是多少", "龙湾区呢")
    assert answer.rewritten == "龙湾区高新技术企业数量的目标是多少"
    assert "777家" in answer.text
    assert {citation.plan_title for citation in answer.citations} == {
        "龙湾区科技创新发展“十四五”规划"
    }


def test_two_places_are_answered_side_by_side(talk_over_two: Talk) -> None:
    answer = talk_over_two("瓯海区高新技术企业数量的目标是多少", "跟龙湾区比呢")
    assert answer.rewritten is not None
    assert "550家" in answer.text
    assert "777家" in answer.text


def test_several_questions_are_answered_each_under_its_own_words(talk: Talk) -> None:
    answer = talk("高新技术企业的基数是多少？目标又是多少？世界青年科学家创业孵化器的邮箱是什么？")
    assert answer.status == "answered"
    assert answer.rewritten is not None
    heads = [line for line in answer.text.split("\n") if line.endswith("：")]
    assert heads == [
        "高新技术企业的基数是多少：",
        "高新技术企业的目标又是多少：",
        "世界青年科学家创业孵化器的邮箱是什么：",
    ]
    assert "没有找到" in answer.text.split(heads[-1])[1]
    assert [citation.n for citation in answer.citations] == [*range(1, len(answer.citations) + 1)]


def test_subjects_of_one_question_are_answered_each(talk: Talk) -> None:
    answer = talk("数字经济增加值和技术交易总额的目标分别是多少")
    assert answer.rewritten is None
    assert [fact.indicator.name for fact in answer.facts] == [
        "数字经济增加值",
        "技术(合同)交易总额",
    ]


def test_halves_of_one_name_are_one_answer(talk: Talk) -> None:
    answer = talk("顶尖人才和领军人才的2020年基数及2025年目标分别为多少？")
    assert answer.text.count("28人") == 1


@pytest.mark.parametrize("question", ["目标是多少", "基数多少？", "增长多少"])
def test_a_vague_question_is_asked_back_with_choices_that_have_answers(
    question: str, talk: Talk
) -> None:
    answer = talk(question)
    assert answer.status == "clarify"
    assert 2 <= len(answer.choices) <= 5
    assert {talk(choice).status for choice in answer.choices} == {"answered"}


def test_what_policies_over_several_plans_is_asked_back(talk_over_two: Talk) -> None:
    answer = talk_over_two("有什么政策")
    assert answer.status == "clarify"
    assert len(answer.choices) == 2
    assert all(talk_over_two(choice).status == "answered" for choice in answer.choices)


@pytest.mark.parametrize(
    "question",
    [
        "今天天气怎么样",
        "帮我写一首诗",
        "帮我写代码",
        "推荐几只股票",
        "讲个笑话",
        "怎么做红烧肉",
        "把这句话翻译成英文",
    ],
)
def test_what_no_plan_answers_is_politely_turned_back(question: str, talk: Talk) -> None:
    answer = talk("高企的目标是多少", question)
    assert (answer.status, answer.route, answer.citations) == ("refused", "smalltalk", ())
    assert answer.rewritten is None


@pytest.mark.parametrize("question", ["你好", "谢谢", "你是谁", "你能做什么？", "再见"])
def test_small_talk_is_answered_with_what_can_be_asked(question: str, talk: Talk) -> None:
    answer = talk(question)
    assert (answer.status, answer.route) == ("clarify", "smalltalk")
    assert "规划" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "气象服务有什么措施",
        "优化审批程序有什么要求",
        "怎么做好面向企业的服务",
        "如何支持企业上市和股票发行",
        "电影产业怎么发展",
    ],
)
def test_a_topic_alone_is_never_off_topic(question: str, talk: Talk) -> None:
    assert talk(question).route != "smalltalk"


YES_OR_NO = {
    "高新技术企业2025年会达到600家吗": "不是，",
    "高新技术企业2025年会达到500家吗": "是，",
    "高企2020年有300家吗": "不是，",
    "技术交易总额是不是约束性指标": "不是，",
    "全社会劳动生产率是预期性的吗": "是，",
    "有没有提到元宇宙": "没有提到",
    "规划提到区块链了吗": "有提到",
}


@pytest.mark.parametrize(("question", "verdict"), YES_OR_NO.items())
def test_yes_or_no_comes_first_and_is_cited(question: str, verdict: str, talk: Talk) -> None:
    answer = talk(question)
    assert answer.text.startswith(verdict)
    assert bool(answer.citations) == (answer.status == "answered")


def test_no_verdict_where_the_row_does_not_decide(talk: Talk) -> None:
    answer = talk("技术交易总额是约束性的还是预期性的")
    assert not answer.text.startswith(("是，", "不是，"))
    assert "属预期性指标" in answer.text


def test_traditional_characters_are_understood(talk: Talk) -> None:
    assert "3.5%左右" in talk("研發投入強度的目標是多少").text
    follow_up = talk("研發投入強度的目標是多少", "那基數呢")
    assert (follow_up.question, follow_up.rewritten) == ("那基數呢", "研发投入强度的基数是多少")
    assert "3.14%" in follow_up.text


@pytest.mark.parametrize("question", ["第二条具体说说", "那2025年呢", "还有呢", "它怎么样"])
def test_a_follow_up_to_nothing_is_not_guessed(question: str, talk: Talk) -> None:
    answer = talk(question)
    assert answer.rewritten is None
    assert answer.status != "answered"


def test_streaming_knows_the_history_too(library: Library) -> None:
    first = answer_question("高企的目标是多少", library)
    *_, last = stream_answer("那基数呢", library, history=(first,))
    assert "218家" in last.text
    document = answer_document(last)
    assert document["rewritten"] == "高企的基数是多少"
    assert {"removed", "notes", "choices", "usage"} <= document.keys()
