"""What users say of their enterprises, in passing, and the profile that is read from it."""

from decimal import Decimal
from typing import Any

import pytest

from assistant.matching.model import Profile
from assistant.matching.read_profile import read_number, read_profile, skipped, write_answer

YEAR = 2026


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (
            "我们是瓯海一家做细胞治疗外包的小公司，30人，去年营收2600万，能拿什么？",
            {
                "industry": "细胞治疗外包",
                "region": "瓯海",
                "staff": 30,
                "revenue": Decimal(2600),
                "types": {"小微企业": True},
            },
        ),
        ("研发占比6%", {"research_share": Decimal(6)}),
        ("研发投入占营业收入的百分之六", {"research_share": Decimal(6)}),
        ("R&D占营收8.5个点", {"research_share": Decimal("8.5")}),
        ("三十多人", {"staff": 30}),
        ("员工一百二十名", {"staff": 120}),
        ("团队有１２人", {"staff": 12}),
        ("营业收入两千六百万元", {"revenue": Decimal(2600)}),
        ("1亿2000万营收", {"revenue": Decimal(12000)}),
        ("年销售额1.2亿", {"revenue": Decimal(12000)}),
        ("销售额三百万", {"revenue": Decimal(300)}),
        ("成立两年", {"founded": 2024}),
        ("成立已经十年了", {"founded": 2016}),
        ("2016年3月成立", {"founded": 2016}),
        ("注册于2019年", {"founded": 2019}),
        ("去年刚成立", {"founded": 2025}),
        ("刚起步", {"types": {"初创企业": True}}),
        ("我们是高企", {"types": {"高新技术企业": True}}),
        ("不是高企", {"types": {"高新技术企业": False}}),
        ("没评上专精特新", {"types": {"专精特新企业": False}}),
        ("规下", {"types": {"规上企业": False}}),
        ("我们公司在北京海淀，从事医药合同研发", {"region": "北京海淀", "types": {"CRO": True}}),
        ("在柳河县种人参的合作社", {"industry": "人参", "region": "柳河县"}),
        ("我开了一家火锅店", {"industry": "火锅店"}),
        ("想要融资", {"needs": ("融资",)}),
        ("能拿什么补贴", {"needs": ("资金",)}),
        ("在主板上市：是", {"answers": {"在主板上市": True}}),
        ("规上企业：否", {"types": {"规上企业": False}}),
    ],
)
def test_what_is_said_is_read(said: str, known: dict[str, Any]) -> None:
    profile = read_profile(said, year=YEAR)
    for name, value in known.items():
        found = getattr(profile, name)
        assert (value.items() <= found.items()) if isinstance(value, dict) else found == value


@pytest.mark.parametrize(
    "said",
    [
        "瓯海区2025年要有几家高新技术企业？不知道是不是高企",
        "我们公司想入库科技型中小企业",
        "每万人高价值发明专利拥有量",
        "2025年目标是多少",
    ],
)
def test_what_is_asked_or_wished_is_no_fact(said: str) -> None:
    profile = read_profile(said, year=YEAR)
    assert not profile.types.get("高新技术企业") and not profile.types.get("科技型中小企业")
    assert (profile.staff, profile.revenue, profile.founded) == (None, None, None)


def test_what_is_said_later_counts() -> None:
    before = read_profile("我们是高企，30人", year=YEAR)
    later = read_profile("说错了，不是高企，40人", year=YEAR, before=before)
    assert later == Profile(types={"高新技术企业": False}, staff=40)


def test_a_question_that_is_passed_over_stays_open() -> None:
    said = f"我们是高企，{write_answer('在主板上市', '不清楚')}"
    assert skipped(said) == {"在主板上市"}
    assert read_profile(said, year=YEAR).answers == {}


@pytest.mark.parametrize(
    ("words", "number"),
    [("2,600万", 26_000_000), ("两千六百万", 26_000_000), ("一亿", 100_000_000), ("十五", 15)],
)
def test_figures_in_digits_and_words(words: str, number: int) -> None:
    assert read_number(words) == number
