"""Which indicator does a wording mean? On the fourteen names of the real table."""

import pytest

from assistant.names import match_names, share_held
from assistant.question import read_question
from tests.asked import (
    APPROPRIATION,
    DIGITAL,
    HIGH_TECH_FIRMS,
    HIGH_TECH_SHARE,
    INVESTMENT,
    PATENTS,
    PCT,
    PRODUCTIVITY,
    R_AND_D,
    R_AND_D_OF_FIRMS,
    RESEARCHERS,
    SMALL_FIRMS,
    TABLE,
    TALENT,
    TRADE,
    Row,
)

NAMES = [row.name for row in TABLE]


def best(text: str) -> str | None:
    matches = match_names(read_question(text), NAMES)
    return NAMES[matches[0].position] if matches else None


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_a_name_means_itself(row: Row) -> None:
    (first, *_) = match_names(read_question(row.name), NAMES)
    assert NAMES[first.position] == row.name
    assert first.recall == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("wording", "row"),
    [
        ("全社会研发投入占GDP的比重", R_AND_D),
        ("R&D投入强度", R_AND_D),
        ("研究与试验发展经费占生产总值比例", R_AND_D),
        ("规上企业研发费用与营收之比", R_AND_D_OF_FIRMS),
        ("规模以上工业企业研发支出占营业收入", R_AND_D_OF_FIRMS),
        ("高新产业占规上工业增加值", HIGH_TECH_SHARE),
        ("高新技术产业附加值占比", HIGH_TECH_SHARE),
        ("万名就业人员里的科研人员", RESEARCHERS),
        ("每万从业人员中的研发人员", RESEARCHERS),
        ("全员劳动生产率", PRODUCTIVITY),
        ("劳产率", PRODUCTIVITY),
        ("PCT", PCT),
        ("国际专利", PCT),
        ("数字经济规模", DIGITAL),
        ("数字经济核心产业增加值", DIGITAL),
        ("国家高新技术企业", HIGH_TECH_FIRMS),
        ("国高企", HIGH_TECH_FIRMS),
        ("科小", SMALL_FIRMS),
        ("科技中小企业", SMALL_FIRMS),
        ("领军人才", TALENT),
        ("高层次人才", TALENT),
        ("区财政科技投入占经常性支出", APPROPRIATION),
        ("科技拨款", APPROPRIATION),
        ("高新投资", INVESTMENT),
        ("高技术产业投资增长", INVESTMENT),
        ("高价值专利", PATENTS),
        ("万人发明专利", PATENTS),
        ("技术合同成交额", TRADE),
        ("技术市场成交额", TRADE),
    ],
)
def test_wordings(wording: str, row: Row) -> None:
    assert best(wording) == row.name


@pytest.mark.parametrize(
    ("slip", "row"),
    [
        ("全社会劳动生产律", PRODUCTIVITY),
        ("高兴技术企业数量", HIGH_TECH_FIRMS),
        ("数字经济增加直", DIGITAL),
        ("科技型中小其业", SMALL_FIRMS),
        ("每万人高价直发明专利", PATENTS),
    ],
)
def test_slips_of_one_character(slip: str, row: Row) -> None:
    assert best(slip) == row.name


@pytest.mark.parametrize(
    "topic",
    ["森林覆盖率", "出生率", "游客人次", "高速公路里程", "空气质量优良天数", "住房公积金", "天气"],
)
def test_foreign_topics_match_nothing(topic: str) -> None:
    assert match_names(read_question(topic), NAMES) == []


@pytest.mark.parametrize(
    ("word", "text", "share"),
    [
        ("生产率", "劳动生产率目标", 1.0),
        ("劳动生产率", "劳动生产律目标", 0.75),
        ("生产率", "生态", 0.0),
        ("目标", "目的", 0.0),
    ],
)
def test_share_held(word: str, text: str, share: float) -> None:
    assert share_held(word, text) == share


def test_matches_come_best_first_and_within_bounds() -> None:
    matches = match_names(read_question("专利和企业数量的目标各是多少"), NAMES)
    scores = [match.score for match in matches]
    assert len(matches) > 2
    assert scores == sorted(scores, reverse=True)
    assert all(0 < match.recall <= 1.0000001 and 0 <= match.precision <= 1 for match in matches)


def test_no_names_no_matches() -> None:
    assert match_names(read_question("高企"), []) == []
