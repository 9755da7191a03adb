"""Lists of platforms and projects: one typed row each, figures as printed."""

import pytest

from corpus.model import Document, Plan, Project, Span
from corpus.outline import build_outline
from corpus.projects import read_projects
from corpus.readers.builder import DocumentBuilder
from corpus.tables import find_tables
from tests.fakes import load_bundled

DESCRIPTION = (
    "总规划面积4.3万平方米,总投资额约5200万元,是承接世界青年科学家峰会成果落地的主要平台之一,"
    "以培育战略性新兴产业集群发展为目标,通过创新链、产业链、资本链、政策链、品牌链五链服务体系和"
    "路演日、商务周、成长营、思享会四大赋能活动,全方位支持入驻企业快速健康成长。"
)


def read(text: str) -> tuple[Project, ...]:
    return read_document(Document(text))


def read_document(document: Document) -> tuple[Project, ...]:
    plan = Plan("0" * 12, "规划", "规划.txt", "f" * 64, document.text)
    tables = find_tables(document.text, document.tables)
    return read_projects(plan, build_outline(document.text, tables=tables), tables)


def test_platform_of_the_bundled_annex() -> None:
    plan, document = load_bundled()
    tables = find_tables(plan.text, document.tables)
    line = f"1 世界青年科学家创业孵化器 {DESCRIPTION}"
    start = plan.text.index(line)

    assert read_projects(plan, build_outline(plan.text, tables=tables), tables) == (
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


def table(rows: list[list[str]]) -> Document:
    builder = DocumentBuilder()
    builder.add_paragraph("附件1")
    builder.add_paragraph("重大项目清单")
    builder.add_table(rows)
    return builder.build()


def test_rows_of_a_table_by_its_header() -> None:
    document = table(
        [
            [
                "序号",
                "项目名称",
                "建设内容及规模",
                "责任单位",
                "建设地点",
                "总投资（万元）",
                "建设年限",
            ],
            ["一、水利工程", "", "", "", "", "", ""],
            [
                "1",
                "清河水库扩建",
                "新增库容200万立方米",
                "市水利局",
                "清河镇",
                "52000",
                "2021—2024",
            ],
            ["2", "东山灌区改造", "灌溉面积3.5万亩", "", "东山县", "", "2022—2025"],
            ["合计", "", "", "", "", "52000", ""],
        ]
    )
    first, second = read_document(document)

    assert first.span.of(document.text) == (
        "1\t清河水库扩建\t新增库容200万立方米\t市水利局\t清河镇\t52000\t2021—2024"
    )
    assert (first.category, first.name, first.owner) == ("水利工程", "清河水库扩建", "市水利局")
    # The unit stands in the header only: the cell is quoted as it is.
    assert (first.place, first.investment, first.years) == ("清河镇", "52000", "2021—2024")
    assert (second.number, second.area, second.owner) == (1, "3.5万亩", None)
    assert (second.description, second.investment) == ("灌溉面积3.5万亩", None)


def test_merged_cells_name_the_category_of_each_row() -> None:
    builder = DocumentBuilder()
    builder.add_grid(
        [
            [(0, "类别"), (1, "平台名称"), (2, "依托单位")],
            [(3, "研究平台"), (4, "光电研究院"), (5, "市一院")],
            [(3, "研究平台"), (6, "海洋研究院"), (7, "市大学")],
        ]
    )
    document = builder.build()
    projects = read_document(document)

    assert [(p.category, p.name, p.owner) for p in projects] == [
        ("研究平台", "光电研究院", "市一院"),
        ("研究平台", "海洋研究院", "市大学"),
    ]
    assert projects[1].span.of(document.text).strip() == "海洋研究院\t市大学"


def test_a_table_of_something_else_lists_no_projects() -> None:
    assert read_document(table([["项目", "单位"], ["财政收入", "亿元"], ["税收", "亿元"]])) == ()


BOX = """第三章 基础设施
要加快建设。
专栏3 重大工程
1.沿江高速公路。总投资约85亿元，位于沿江新区，由市交通集团负责建设，建设年限：2022—2025年。
2.智慧水务：建设统一平台。
3.生物样本库项目
建设单位：市医院。占地面积30亩。
（二）完善创新平台
要做好服务。
"""


def test_items_of_a_box_that_name_a_project() -> None:
    first, second = read(BOX)

    assert (first.name, first.category) == ("沿江高速公路", "重大工程")
    assert (first.investment, first.place) == ("约85亿元", "沿江新区")
    assert (first.owner, first.years) == ("市交通集团", "2022—2025年")
    assert first.description == first.span.of(BOX)
    assert (second.name, second.owner, second.area) == ("生物样本库项目", "市医院", "30亩")
    assert second.description == "生物样本库项目\n建设单位：市医院。占地面积30亩。"
