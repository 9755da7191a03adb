"""Whom a clause is addressed to: what is for authorities or persons is not offered."""

from pathlib import Path

import pytest

from assistant.matching.match import match_measures
from assistant.matching.model import Profile
from tests.taken_in import library_of


def offered(folder: Path, clause: str, title: str = "合肥市若干措施", industry: str = "") -> bool:
    text = f"{title}\n一、支持企业发展\n{clause}\n"
    matching = match_measures(
        Profile(industry=industry, region="合肥市"), library_of(folder, {title: text})
    )
    return any(match.verdict != "不符合" for match in matching.matches)


@pytest.mark.parametrize(
    "clause",
    [
        pytest.param(
            "各地区、各部门要优化流程，为企业提供便捷的服务。", id="a duty of all departments"
        ),
        pytest.param(
            "市发展改革部门应当协调解决职工社会保险关系转移，为职工提供服务。",
            id="a department's duty",
        ),
        pytest.param("完善工作机制，为企业群众提供精准的政策服务。", id="the public"),
        pytest.param("将施工许可等工程审批类权限下放至自贸试验区。", id="powers handed down"),
        pytest.param("赋予地方更多国有企业改革自主权。", id="what local governments get"),
        pytest.param("支持福建、广东在软件产业对外开放中先行先试。", id="provinces"),
        pytest.param("支持香港发展金融、物流、旅游等服务业。", id="Hong Kong"),
        pytest.param("鼓励各区打造软件产业特色园区。", id="districts"),
        pytest.param("引导农民根据市场需求发展粮食生产。", id="farmers"),
        pytest.param("支持工会、共青团、妇联等群团组织更好发挥作用。", id="mass organisations"),
        pytest.param("城乡居民医保财政补助标准提高到每人每年320元。", id="residents"),
        pytest.param("做好减税降费等方面的信息公开。", id="what is made public"),
    ],
)
def test_what_is_for_others_is_not_offered(clause: str, tmp_path: Path) -> None:
    for number, industry in enumerate(("", "软件开发", "粮食种植")):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert not offered(folder, clause, industry=industry)


@pytest.mark.parametrize(
    "clause",
    [
        pytest.param("各区应当对新上市的企业给予50万元的补助。", id="a district pays enterprises"),
        pytest.param(
            "市商务部门应当支持外贸企业参加展会，对参展企业给予补贴。", id="a department supports"
        ),
        pytest.param("支持福建软件企业参加展会，给予企业10万元补助。", id="enterprises of a place"),
        pytest.param("鼓励各区、园区和企业建设软件产业基地。", id="enterprises among others"),
        pytest.param("支持央企、区属国企投资布局一批项目。", id="enterprises owned by the state"),
        pytest.param("引导农民专业合作社发展粮食加工，对合作社给予10万元补助。", id="cooperatives"),
        pytest.param("支持企业利用区块链等技术加强版权保护。", id="no district in a word"),
        pytest.param(
            "设立旅游发展引导资金，对旅游企业给予奖励。", id="a fund, not what guides money"
        ),
        pytest.param(
            "对参加城镇职工医保的企业，返还单位缴费的50%。", id="an employer's contributions"
        ),
        pytest.param("在自贸试验区下放审批权限，对入区企业给予20万元奖励。", id="a sum as well"),
    ],
)
def test_what_enterprises_receive_is_offered_whoever_acts(clause: str, tmp_path: Path) -> None:
    assert offered(tmp_path, clause)


def test_the_words_that_name_the_others_are_the_reason(tmp_path: Path) -> None:
    text = "合肥市若干措施\n一、服务\n各地区、各部门要优化流程，为企业提供便捷的服务。\n"
    library = library_of(tmp_path, {"合肥市若干措施": text})
    (match,) = match_measures(Profile(region="合肥市"), library).matches
    assert [reason.quote for reason in match.reasons if reason.outcome == "failed"] == [
        "各地区、各部门"
    ]


@pytest.mark.parametrize(
    ("title", "is_offered"), [("2026年合肥市政府工作报告", False), ("合肥市软件产业若干措施", True)]
)
def test_a_task_in_a_report_is_not_for_the_industry_of_its_heading(
    title: str, is_offered: bool, tmp_path: Path
) -> None:
    text = f"{title}\n一、加快软件企业发展\n对入选国家名单的产品，给予重点扶持。\n"
    library = library_of(tmp_path, {title: text})
    matches = match_measures(Profile(industry="软件开发"), library).matches
    assert any(match.verdict != "不符合" for match in matches) is is_offered


def test_a_line_of_the_table_of_contents_is_no_measure(tmp_path: Path) -> None:
    line = "支持软件产业创新发展的若干政策措施"
    text = (
        f"合肥市政策汇编\n目录\n{line}.................. 12\n一、措施\n{line}，鼓励软件企业集聚。\n"
    )
    library = library_of(tmp_path, {"合肥市政策汇编": text})
    matches = match_measures(Profile(industry="软件开发"), library).matches
    assert [match.measure.text for match in matches] == [f"{line}，鼓励软件企业集聚。"]
