"""Lists of platforms and projects: one typed row each, figures as printed."""

import pytest

from corpus.load import BUNDLED, find_files, load_plan
from corpus.model import Plan, Project, Span
from corpus.outline import build_outline
from corpus.projects import read_projects

DESCRIPTION = (
    "总规划面积4.3万平方米,总投资额约5200万元,是承接世界青年科学家峰会成果落地的主要平台之一,"
    "以培育战略性新兴产业集群发展为目标,通过创新链、产业链、资本链、政策链、品牌链五链服务体系和"
    "路演日、商务周、成长营、思享会四大赋能活动,全方位支持入驻企业快速健康成长。"
)


def read(text: str) -> tuple[Project, ...]:
    plan = Plan("0" * 12, "规划", "规划.txt", "f" * 64, text)
    return read_projects(plan, build_outline(text))


def test_platform_of_the_bundled_annex() -> None:
    plan = load_plan(find_files(BUNDLED)[0])
    line = f"1 世界青年科学家创业孵化器 {DESCRIPTION}"
    start = plan.text.index(line)

    assert read_projects(plan, build_outline(plan.text)) == (
        Project(
            plan_id="59c2f87e3762",
            number=0,
            section=13,
            category="世界青年科学家峰会成果主要承接平台",
            name="世界青年科学家创业孵化器",
            area="4.3万平方米",
            investment="约5200万元",
            description=DESCRIPTION,
            span=Span(start, start + len(line)),
        ),
    )


def test_rows_of_several_categories_are_numbered_through() -> None:
    text = (
        "附件2\n平台清单\n序号 平台名称 举措\n一、孵化平台\n1 甲孵化器 面积约300亩\n"
        "2 乙中心 提升能力\n二、研究平台\n  3 丙研究院 总投资10.5亿元  \n三、其他\n无编号的一行\n"
    )
    projects = read(text)

    assert [(p.number, p.section, p.category, p.name, p.area, p.investment) for p in projects] == [
        (0, 1, "孵化平台", "甲孵化器", "约300亩", None),
        (1, 1, "孵化平台", "乙中心", None, None),
        (2, 2, "研究平台", "丙研究院", None, "10.5亿元"),
    ]
    assert [project.span.of(text) for project in projects] == [
        "1 甲孵化器 面积约300亩",
        "2 乙中心 提升能力",
        "3 丙研究院 总投资10.5亿元",
    ]


def test_list_without_categories() -> None:
    (project,) = read("附件3\n项目清单\n序号 项目名称 内容\n1 丁项目 投资不低于2亿元\n")

    assert (project.category, project.name, project.investment) == (None, "丁项目", "不低于2亿元")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("附件\n清单\n1 甲孵化器 面积约300亩\n", id="no header"),
        pytest.param("序号 平台名称\n2025 年以来 面积约300亩\n", id="a year is no number"),
        pytest.param("序号 平台名称\n附件2\n另一表\n1 甲孵化器 面积300亩\n", id="another annex"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_list_gives_no_rows(text: str) -> None:
    assert read(text) == ()
