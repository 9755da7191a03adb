"""An enterprise describes itself in the chat and is told what fits, over two made-up policies."""

import datetime
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from assistant.answer.answerer import answer_question
from assistant.answer.model import Answer
from assistant.library import Library
from assistant.matching.describe import yuan
from assistant.matching.match import match_measures
from assistant.matching.read_profile import read_profile
from assistant.matching.word import write_matching_word
from tests.policies import taken_in

POLICY = """瓯海区关于支持科技企业发展的若干措施

一、研发奖励
对年主营业务收入2000万元以上的高新技术企业，给予一次性奖励20万元。
对研发投入占营业收入5%以上的企业，给予最高50万元补助。
二、场地支持
对从事餐饮业的企业，给予每年最高10万元房租补贴。
三、附则
同一事项不重复享受。
"""
ELSEWHERE = """柳河县关于支持科技企业发展的若干措施

一、研发奖励
对在本县注册的高新技术企业，给予一次性奖励77万元。
"""
ASKED = "我们是瓯海一家做工业软件的公司，是高企，30人，去年营收2600万，能拿什么？"


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    texts = {"瓯海区若干措施": POLICY, "柳河县若干措施": ELSEWHERE}
    with taken_in(texts, tmp_path_factory.mktemp("policies")) as library:
        yield library


def test_an_enterprise_is_told_what_fits_and_why(policies: Library) -> None:
    answer = answer_question(ASKED, policies)
    assert (answer.status, answer.route) == ("answered", "matching")
    understood = answer.text.split("\n")[0]
    assert understood.startswith("我理解的情况：")
    for words in ("工业软件", "瓯海", "高新技术企业", "30人", "2600万元"):
        assert words in understood
    assert "给予一次性奖励20万元" in answer.text and "可得：20万元" in answer.text
    assert "您填写：2600万元，符合" in answer.text
    # Another place and another industry are not offered.
    assert "77万元" not in answer.text and "房租补贴" not in answer.text


def test_a_clause_that_is_asked_about_whole_withholds_nothing(tmp_path: Path) -> None:
    clause = "单个项目支持金额不超过60万元。"
    text = f"瓯海区若干措施\n\n一、支持措施\n{clause}\n"
    with taken_in({"瓯海区若干措施": text}, tmp_path) as library:
        answer = answer_question(ASKED, library)
    assert (answer.status, answer.route) == ("answered", "matching")
    assert "「单个项目支持金额不超过60万元」" in answer.text


def test_every_word_of_a_measure_and_a_reason_is_the_sources(policies: Library) -> None:
    answer = answer_question(ASKED, policies)
    for citation in answer.citations:
        text = policies.catalog.plan(citation.plan_id).text
        assert text[citation.start : citation.end] == citation.quote
    sources = "".join("".join(citation.quote.split()) for citation in answer.citations)
    quotes = re.findall("「([^」]+)」", answer.text)
    assert quotes
    for quote in quotes:
        assert "".join(quote.split()) in sources


def conversation(policies: Library, *questions: str) -> list[Answer]:
    history: list[Answer] = []
    for question in questions:
        history.append(answer_question(question, policies, history=history))
    return history


def test_what_is_said_later_is_added_to_what_was_said(policies: Library) -> None:
    first, second = conversation(policies, ASKED, "研发占比6%")
    assert "研发投入占比6%" not in first.text
    assert second.route == "matching" and second.rewritten is not None
    assert "研发投入占比6%" in second.text and "工业软件" in second.text
    assert "给予最高50万元补助" in second.text and "您填写：6%" in second.text


def test_an_earlier_turn_that_only_describes_is_remembered(policies: Library) -> None:
    _, second = conversation(policies, "我们是瓯海的高企", "去年营收1500万，能拿什么？")
    assert second.route == "matching"
    assert "高新技术企业" in second.text.split("\n")[0]
    # 2000万元以上 is missed.
    assert "给予一次性奖励20万元" not in second.text


@pytest.mark.parametrize(
    ("reply", "understood"),
    [("6%", "研发投入占比6%"), ("2600万", "上年营业收入2600万元"), ("不知道", "职工人数30人")],
)
def test_a_short_reply_answers_the_question_that_was_asked(
    reply: str, understood: str, policies: Library
) -> None:
    asked = "我们是瓯海的高企，做工业软件的，30人，能拿什么"
    first, second = conversation(policies, asked, reply)
    question = first.text.split("还想确认：")[1]
    assert second.route == "matching" and understood in second.text.split("\n")[0]
    assert (question in second.text) is (reply == "2600万")


def test_another_question_after_it_is_another_question(policies: Library) -> None:
    _, second = conversation(policies, ASKED, "房租补贴最高多少？")
    assert second.route != "matching" and second.rewritten is None


@pytest.mark.parametrize(
    "question",
    [
        "我们做CRO的，能得到哪些支持？",
        "我们是小微企业，能享受哪些政策？",
        "到25年要有几家高企？",
        "高新产业占规上工业增加值的比重，我拿55减36.5跟表上的数不一样，表上印的是几",
        "我们区现在有320家高企，还差多少完成目标？",
        "我们公司想入库科技型中小企业，区里打算五年后搞到几千家？",
    ],
)
def test_who_only_names_itself_is_answered_as_before(question: str, library: Library) -> None:
    assert answer_question(question, library).route != "matching"


def test_the_word_file_tells_reasons_sources_and_versions(policies: Library) -> None:
    profile = read_profile(ASKED, year=2026)
    matching = match_measures(profile, policies)
    time = datetime.datetime(2026, 11, 25, 9, 30)
    content = write_matching_word(matching, policies, time=time)
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    offered = matching.of("符合") + matching.of("可能符合")
    assert offered
    for match in offered:
        assert match.measure.text in text
        for reason in match.reasons:
            assert f"「{reason.quote}」" in text
        plan = policies.catalog.plan(match.measure.plan_id)
        assert f"版本 {plan.digest[:12]}" in text
    assert "2026-11-25 09:30" in text and "上年营业收入：2600万元" in text
    # What is of another county is counted, not told.
    assert "77万元" not in text and "另有1项是其他地区的" in text


@pytest.mark.parametrize(
    ("amount", "words"),
    [("200000", "20万元"), ("150000000", "1.5亿元"), ("800", "800元"), ("12345.5", "1.23455万元")],
)
def test_sums_are_written_as_people_do(amount: str, words: str) -> None:
    assert yuan(Decimal(amount)) == words
