"""Sentences of a language model: what its sources carry stays, what they do not goes, with why."""

from collections.abc import Callable

import pytest

from assistant.answer.draft import Draft
from assistant.answer.model import Citation
from assistant.answer.verify import MARKED, Proof, prove

TITLE = "甲市产业规划"
HEADER = "指标 单位 2020年基数 2025年目标 年均增长 属性"
FIRMS = "高新技术企业数量 家 218 550 20.3% 预期性"
ENERGY = "单位生产总值能耗累计降低14%以上，其中2024年降低3.2%。"
RULE = "申请人不得重复申报；符合条件的企业，给予最高5200万元补助，鼓励设立研发机构。"
ROBOTS = "到二〇二七年，建成机器人“未来工厂”三百二十家，产值占比提高3.5个百分点，三成以上出口。"
QUOTES = (HEADER, FIRMS, ENERGY, RULE, ROBOTS)
TEXT = "\n".join(QUOTES)
CITATIONS = tuple(
    Citation(n, "p", TITLE, "一、目标", quote, TEXT.index(quote), TEXT.index(quote) + len(quote))
    for n, quote in enumerate(QUOTES, start=1)
)


def proof(text: str, **options: object) -> Proof:
    return prove(Draft(text, "answered", "passage"), CITATIONS, {"p": TEXT}.__getitem__, **options)


@pytest.mark.parametrize(
    "sentence",
    [
        "到2025年，高新技术企业将达到550家[1][2]。",
        "高新技术企业由2020年的218家增加到2025年的550家。[1][2]",
        "到2025年，高新技术企业由218家增加到550家。[1][2]",
        "２０２５年高新技术企业目标为５５０家，属于预期性指标[1][2]。",
        "高新技术企业年均增长百分之二十点三。[2]",
        "单位生产总值能耗累计下降14%以上[3]。",
        "2024年，单位生产总值能耗降低3.2%。[3]",
        "能耗累计降低不低于14%。[3]",
        "申请人不能重复申报。[4]",
        "符合条件的企业最高可获5,200万元补助[4]。",
        "补助不超过0.52亿元。[4]",
        "鼓励企业设立研发机构。[4]",
        "到2027年，建成机器人“未来工厂”320家[5]。",
        "机器人产值占比将提高三点五个百分点，30%以上出口。[5]",
        f"《{TITLE}》提出，到2027年建成机器人未来工厂320家[5]。",
        "1. 高新技术企业目标为550家[1][2]；",
        "- **高新技术企业**目标为550家[1][2]。",
    ],
)
def test_an_honest_sentence_stays(sentence: str) -> None:
    found = proof(sentence)
    assert found.removed == ()
    assert found.draft.text == sentence
    assert found.answers


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        pytest.param("高新技术企业达到560家[1][2]。", "数字560家不见于", id="digit"),
        pytest.param("高新技术企业达到五百六十家[1][2]。", "五百六十家不见于", id="numeral"),
        pytest.param("高新技术企业达到550个百分点[1][2]。", "单位不符", id="unit"),
        pytest.param("高新技术企业年均增长20.3个百分点[1][2]。", "单位不符", id="per cent"),
        pytest.param("企业最高可获5200亿元补助[4]。", "数字", id="magnitude"),
        pytest.param("能耗累计降低14%以下[3]。", "限定不符", id="bound"),
        pytest.param("能耗累计降低14%左右[3]。", "限定不符", id="about"),
        pytest.param("单位生产总值能耗累计提高14%以上[3]。", "升降相反", id="direction"),
        pytest.param("高新技术企业年均下降20.3%[2]。", "升降不符", id="a fall from nowhere"),
        pytest.param("2026年单位生产总值能耗降低3.2%[3]。", "年份2026年", id="foreign year"),
        pytest.param("2020年，高新技术企业目标为550家[1][2]。", "年份不符", id="other column"),
        pytest.param("到2020年，高新技术企业由218家增加到550家[1][2]。", "年份", id="end year"),
        pytest.param("高新技术企业数量属约束性指标[1][2]。", "指标属性不符", id="attribute"),
        pytest.param("申请人可以重复申报[4]。", "否定不符", id="a denial dropped"),
        pytest.param("不鼓励设立研发机构[4]。", "否定不符", id="a denial put in"),
        pytest.param("企业必须设立研发机构[4]。", "力度不符", id="strength"),
        pytest.param("建成机器人“未来工场”320家[5]。", "引文“未来工场”", id="quotation"),
        pytest.param("据《乙市产业规划》，建成320家[5]。", "引文“乙市产业规划”", id="title"),
        pytest.param("申请人不得重复申报[5]。", "引用错位：内容见于[4]", id="citation"),
        pytest.param("游客满意度连年位居榜首[5]。", "没有说到", id="invented"),
        pytest.param("建成机器人未来工厂320家，并将高铁站迁往新城区[5]。", "没有说到", id="tail"),
        pytest.param("宁波市将建成机器人未来工厂320家[5]。", "地名“宁波市”", id="place"),
        pytest.param("建成机器人未来工厂。", "没有注明出处", id="no citation"),
        pytest.param("建成机器人未来工厂[9]。", "没有编号为[9]", id="unknown citation"),
    ],
)
def test_a_sentence_that_its_source_does_not_carry_goes(sentence: str, reason: str) -> None:
    sound = "到2025年，高新技术企业将达到550家[1][2]。"
    found = proof(sound + sentence)
    assert found.draft.text == sound
    (removed,) = found.removed
    assert removed.sentence == sentence
    assert reason in removed.reason
    assert found.answers
    assert not proof(sentence).answers


def test_what_is_not_supported_can_be_marked_instead() -> None:
    found = proof("游客满意度连年位居榜首[5]。", unsupported="mark")
    assert found.draft.text == f"游客满意度连年位居榜首[5]。{MARKED}"
    assert len(found.removed) == 1
    assert not found.answers


def test_an_introduction_alone_is_no_answer() -> None:
    found = proof("主要目标如下：\n游客满意度连年位居榜首[5]。")
    assert found.draft.text == ""
    assert not found.answers
    kept = proof("主要目标如下：\n建成机器人未来工厂320家[5]。")
    assert kept.draft.text == "主要目标如下：\n建成机器人未来工厂320家[5]。"
    assert kept.answers


def test_that_nothing_was_found_may_be_said_without_a_source() -> None:
    found = proof("资料中没有提到财政补贴的总额。")
    assert found.removed == ()
    assert not found.answers


def test_near_embeddings_let_fewer_shared_words_do() -> None:
    sentence = "智能制造车间正在批量落地，机器人产业规模扩张[5]。"
    assert proof(sentence).removed
    near: Callable[[str, str], float] = lambda left, right: 0.95  # noqa: E731
    far: Callable[[str, str], float] = lambda left, right: 0.8  # noqa: E731
    assert proof(sentence, similarity=far).removed
    assert proof("机器人工厂智能车间建成，产值提高[5]。", similarity=near).removed == ()


def test_a_source_that_is_not_what_its_plan_says_counts_for_nothing() -> None:
    draft = Draft("建成机器人未来工厂320家[5]。", "answered", "passage")
    found = prove(draft, CITATIONS, {"p": TEXT.replace("三百二十", "三百三十")}.__getitem__)
    assert len(found.removed) == 1
