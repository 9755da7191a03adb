"""The outline: every kind of heading, nested as a reader would nest them."""

import pytest

from corpus.load import BUNDLED, find_files, load_plan
from corpus.model import Plan, Section, Span
from corpus.outline import build_outline


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(find_files(BUNDLED)[0])


def paths(text: str) -> list[tuple[str, ...]]:
    return [section.path for section in build_outline(text)]


def test_bundled_plan_starts_mid_chapter_and_ends_with_two_annexes(plan: Plan) -> None:
    governance, measures = "十一、实施科技治理能力提升工程", "十二、保障措施"
    platforms = "附件2 “十四五”科技创新平台清单"

    assert [(s.number, s.parent, s.path) for s in build_outline(plan.text)] == [
        (0, None, ("(二)推动生命健康领域科技创新",)),
        (1, None, ("(三)增强碳达峰碳中和科技支撑",)),
        (2, None, ("(四)强化美丽瓯海科技支撑",)),
        (3, None, (governance,)),
        (4, 3, (governance, "(一)深化科技管理体制改革")),
        (5, 3, (governance, "(二)推进科技领域数字化改革")),
        (6, None, (measures,)),
        (7, 6, (measures, "(一)加强组织领导")),
        (8, 6, (measures, "(二)强化创新投入")),
        (9, 6, (measures, "(三)加强监测评估")),
        (10, 6, (measures, "(四)营造创新氛围")),
        (11, None, ("附件1 “十四五”科技创新主要指标",)),
        (12, None, (platforms,)),
        (13, 12, (platforms, "一、世界青年科学家峰会成果主要承接平台")),
    ]


def test_bundled_sections_are_spans_of_the_text(plan: Plan) -> None:
    sections = build_outline(plan.text)

    assert sections[0].heading.of(plan.text) == "(二)推动生命健康领域科技创新"
    assert sections[11].heading.of(plan.text) == "附件1\n“十四五”科技创新主要指标"
    assert sections[3].own.of(plan.text) == "十一、实施科技治理能力提升工程\n"
    assert sections[3].span == Span(sections[3].own.start, sections[5].own.end)
    assert sections[6].span.of(plan.text).endswith("制度环境和社会氛围。\n")
    assert sections[11].own.of(plan.text).endswith("注:[]为五年累计数。\n")
    assert "".join(section.own.of(plan.text) for section in sections) == plan.text


def test_one_section_whole() -> None:
    text = "说明。\n一、总则\n(一)目标。到2025年。\n二、附则\n"

    assert build_outline(text) == (
        Section(0, None, 0, (), Span(0, 0), Span(0, 4), Span(0, 4)),
        Section(1, None, 5, ("一、总则",), Span(4, 8), Span(4, 9), Span(4, 23)),
        Section(2, 1, 7, ("一、总则", "(一)目标"), Span(9, 14), Span(9, 23), Span(9, 23)),
        Section(3, None, 5, ("二、附则",), Span(23, 27), Span(23, 28), Span(23, 28)),
    )


def test_kinds_of_heading_nest_from_widest_to_narrowest() -> None:
    headings = (
        "第一篇 总论",
        "第二章 目标",
        "第三节 指标",
        "一、总体要求",
        "专栏1 重大项目",
        "(一)基本原则",
        "第四条 适用范围",
        "1.企业主体",
        "(1)培育",
        "①辅导",
    )

    assert paths("\n".join(headings)) == [headings[: end + 1] for end in range(len(headings))]
    # A wider one closes all that is open below it.
    assert paths("\n".join((*headings, "第二篇 分论")))[-1] == ("第二篇 分论",)


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("(二)推动创新。正文。", "(二)推动创新"),
        ("（二）推动创新。正文。", "（二）推动创新"),
        ("（三）、其他事项", "（三）、其他事项"),
        ("　　二十一、保障措施", "二十一、保障措施"),
        ("## 一、总则", "一、总则"),
        ("**（一）目标**", "（一）目标"),
        ("3.开放合作！正文", "3.开放合作"),
        ("3、开放合作", "3、开放合作"),
        ("3．开放合作", "3．开放合作"),
        ("（3）开放合作", "（3）开放合作"),
        ("第12条 本办法自印发之日起施行。", "第12条 本办法自印发之日起施行"),
        ("附件：指标表", "附件：指标表"),
        ("附表2 项目清单", "附表2 项目清单"),
    ],
)
def test_line_is_a_heading(line: str, heading: str) -> None:
    (section,) = build_outline(f"{line}\n")

    assert section.path == (heading,)
    assert section.heading.of(line) == heading


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("3.5亿元用于研发", id="a figure"),
        pytest.param("二十一世纪以来", id="a numeral without its comma"),
        pytest.param("(一)", id="a label alone"),
        pytest.param("(cro)机构", id="an abbreviation in brackets"),
        pytest.param("1.支持企业;", id="an item of a list"),
        pytest.param("附件中列出了全部指标", id="annex inside a sentence"),
        pytest.param("附件 详见本文末尾。", id="a sentence about an annex"),
        pytest.param("一、" + "很长的句子" * 9 + "。", id="longer than a phrase"),
        pytest.param("一、" + "没有句号的一行" * 9, id="longer than a line's title"),
        pytest.param("见十一、实施工程", id="a label inside a line"),
        pytest.param("第一产业增加值", id="an ordinal that labels nothing"),
    ],
)
def test_line_is_no_heading(line: str) -> None:
    assert paths(line) == [()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("附件1\n指标表\n正文。", [("附件1 指标表",)], id="title on the next line"),
        pytest.param("附件1\n \n\n指标表\n正文。", [("附件1 指标表",)], id="blank lines between"),
        pytest.param("附件1 指标表\n正文。", [("附件1 指标表",)], id="title on the same line"),
        pytest.param("附件1\n正文一句。\n", [("附件1",)], id="no title"),
        pytest.param("正文。\n附件1", [(), ("附件1",)], id="nothing after it"),
        pytest.param(
            "附件1\n一、总则\n正文。", [("附件1",), ("附件1", "一、总则")], id="numbered line next"
        ),
        pytest.param("附件1\n附件2\n清单", [("附件1",), ("附件2 清单",)], id="two in a row"),
        pytest.param(
            "一、总则\n(一)目标\n附件1\n指标表\n二、表",
            [
                ("一、总则",),
                ("一、总则", "(一)目标"),
                ("附件1 指标表",),
                ("附件1 指标表", "二、表"),
            ],
            id="after the body",
        ),
    ],
)
def test_annex(text: str, expected: list[tuple[str, ...]]) -> None:
    sections = build_outline(text)

    assert [section.path for section in sections] == expected
    assert all(section.own.holds(section.heading) for section in sections)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        pytest.param("", [""], id="empty"),
        pytest.param("没有标题。", ["没有标题。"], id="no heading"),
        pytest.param("\n\n一、甲\n乙", ["\n\n一、甲\n乙"], id="blank lines on top"),
        pytest.param("前言\n一、甲", ["前言\n", "一、甲"], id="text before the first"),
        pytest.param("# 一、甲\n乙\n## (一)丙", ["# 一、甲\n乙\n", "## (一)丙"], id="markdown"),
        pytest.param("一、甲\n　　(一)丙", ["一、甲\n", "　　(一)丙"], id="indented"),
    ],
)
def test_own_spans_cover_the_text_line_by_line(text: str, own: list[str]) -> None:
    assert [section.own.of(text) for section in build_outline(text)] == own
