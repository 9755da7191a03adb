"""The outline: every kind of heading, nested as a reader would nest them."""

import re
import time
from pathlib import Path

import pytest

from corpus.model import Section, Span, StyledHeading, Table
from corpus.outline import build_outline

_PLANS = Path(__file__).parents[1] / "corpus" / "plans"
_SHARED = Path(__file__).parents[2] / "shared" / "plans"


@pytest.fixture(scope="module")
def bundled() -> str:
    return next(_PLANS.glob("瓯海*.txt")).read_text(encoding="utf-8")


def paths(text: str) -> list[tuple[str, ...]]:
    return [section.path for section in build_outline(text)]


def titles(text: str) -> list[str]:
    """Return the headings without those above them."""
    return [section.title for section in build_outline(text) if section.path]


def styled(text: str, **levels: int) -> list[StyledHeading]:
    """Return headings of a file by their words."""
    found = [(text.index(words), words, level) for words, level in levels.items()]
    return [StyledHeading(Span(at, at + len(words)), level) for at, words, level in sorted(found)]


def test_bundled_plan_starts_mid_chapter_and_ends_with_two_annexes(bundled: str) -> None:
    governance, measures = "十一、实施科技治理能力提升工程", "十二、保障措施"
    platforms = "附件2 “十四五”科技创新平台清单"

    assert [(s.number, s.parent, s.path) for s in build_outline(bundled)] == [
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


def test_bundled_sections_are_spans_of_the_text(bundled: str) -> None:
    sections = build_outline(bundled)

    assert sections[0].heading.of(bundled) == "(二)推动生命健康领域科技创新"
    assert sections[11].heading.of(bundled) == "附件1\n“十四五”科技创新主要指标"
    assert sections[3].own.of(bundled) == "十一、实施科技治理能力提升工程\n"
    assert sections[3].span == Span(sections[3].own.start, sections[5].own.end)
    assert sections[6].span.of(bundled).endswith("制度环境和社会氛围。\n")
    assert sections[11].own.of(bundled).endswith("注:[]为五年累计数。\n")
    assert "".join(section.own.of(bundled) for section in sections) == bundled


def test_one_section_whole() -> None:
    text = "说明。\n一、总则\n(一)目标。到2025年。\n二、附则\n"

    assert build_outline(text) == (
        Section(0, None, 0, (), Span(0, 0), Span(0, 4), Span(0, 4)),
        Section(1, None, 1, ("一、总则",), Span(4, 8), Span(4, 9), Span(4, 23)),
        Section(2, 1, 2, ("一、总则", "(一)目标"), Span(9, 14), Span(9, 23), Span(9, 23)),
        Section(3, None, 1, ("二、附则",), Span(23, 27), Span(23, 28), Span(23, 28)),
    )


def test_kinds_of_heading_nest_from_widest_to_narrowest() -> None:
    headings = (
        "第一篇 总论",
        "第二章 目标",
        "第三节 指标",
        "一、总体要求",
        "专栏1 重大项目",
        "(一)基本原则",
        "第一条",
        "1.企业主体",
        "(1)培育",
        "①辅导",
    )

    text = "\n".join((*headings[:6], "第一条 适用范围", *headings[7:]))
    assert paths(text) == [headings[: end + 1] for end in range(len(headings))]
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
        ("第12条 本办法自印发之日起施行。", "第12条"),
        ("第 一 章　总　则", "第 一 章 总 则"),
        ("（ 一 ）推动创新", "（ 一 ）推动创新"),
        ("1 ．开放合作", "1 ．开放合作"),
        ("１．开放合作", "１．开放合作"),
        ("㈠开放合作", "㈠开放合作"),
        ("一、加快转型：要坚持创新。", "一、加快转型"),
        ("一、工作目标：", "一、工作目标"),
        ("（一）“促发展”：优化资源", "（一）“促发展”：优化资源"),
        ("第一章　发展环境　　“十一五”时期是极不平凡的五年", "第一章 发展环境"),
        ("第二篇　转变方式　开创新局面　　“十二五”是关键时期。", "第二篇 转变方式 开创新局面"),
        ("一、工作目标 到2025年，主要指标居全省前列。", "一、工作目标"),
        ("1.2025年工作安排", "1.2025年工作安排"),
        ("附件：指标表", "附件：指标表"),
        ("附表2 项目清单", "附表2 项目清单"),
    ],
)
def test_line_is_a_heading(line: str, heading: str) -> None:
    (section,) = build_outline(f"{line}\n")

    assert section.path == (heading,)
    assert " ".join(section.heading.of(line).split()) == heading


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
        pytest.param("一九九六年，经济增长。", id="a year in numerals"),
        pytest.param("正文。\n5.其他", id="a lone number in the text"),
        pytest.param("1.申请表；2.身份证；3.户口簿。", id="several items in a line"),
        pytest.param("1.申请表\n2.身份证\n3.户口簿\n", id="a bare list"),
        pytest.param(
            "（一）申请人情况；\n（二）申请理由；\n（三）其他材料。\n", id="items of a rule"
        ),
        pytest.param("第一，加强领导。第二，抓好落实。", id="counted in words"),
        pytest.param("一是加强领导。\n二是抓好落实。", id="counted in words, line by line"),
        pytest.param("一、二季度增速分别为5%、6%", id="two numerals of a phrase"),
        pytest.param("第十二条第二款规定的情形除外。", id="a reference to an article"),
        pytest.param("第三章规定的措施。", id="a reference to a chapter"),
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


def test_full_sentences_under_a_number_are_no_headings() -> None:
    text = (
        "三、考评方式\n（一）考评以日常监测方式进行，每半年一次，结果报市政府审定后向社会公布。\n"
        "（二）以各单位报送的分值为基础，参考核实情况形成最终的考评结果并按程序予以通报。\n"
        "四、结果应用\n"
    )

    assert titles(text) == ["三、考评方式", "四、结果应用"]


def test_table_of_contents_is_text() -> None:
    text = (
        "某规划\n目　录\n一、总体要求\n（一）指导思想\n二、重点任务\n"
        "一、总体要求\n（一）指导思想\n坚持以人民为中心。\n二、重点任务\n推进建设。\n"
    )
    sections = build_outline(text)

    assert [s.path for s in sections] == [
        (),
        ("一、总体要求",),
        ("一、总体要求", "（一）指导思想"),
        ("二、重点任务",),
    ]
    assert sections[0].own.of(text).startswith("某规划\n目　录")


def test_lines_with_page_numbers_are_contents() -> None:
    text = (
        "一、综合篇 ........ 1\n1.改造项目实施\n方案........ 1\n2.更新项目\t3\n二、产业篇……………… 5\n"
        "\n一、综合篇\n1.改造项目实施方案\n给予补助。\n2.更新项目\n给予奖励。\n二、产业篇\n正文。\n"
    )

    assert paths(text)[1:] == [
        ("一、综合篇",),
        ("一、综合篇", "1.改造项目实施方案"),
        ("一、综合篇", "2.更新项目"),
        ("二、产业篇",),
    ]


def test_text_without_line_breaks() -> None:
    text = (
        "某市规划。一、总体要求（一）指导思想。坚持创新发展，全面推进。（二）基本原则。坚持统筹。"
        "二、重点任务 （一）壮大产业。培育企业；引进项目。（二）改善环境：提升服务，降低成本。"
        "三、保障措施 加强领导，落实责任。"
    )

    assert paths(text) == [
        (),
        ("一、总体要求",),
        ("一、总体要求", "（一）指导思想"),
        ("一、总体要求", "（二）基本原则"),
        ("二、重点任务",),
        ("二、重点任务", "（一）壮大产业"),
        ("二、重点任务", "（二）改善环境"),
        ("三、保障措施",),
    ]
    assert "".join(section.own.of(text) for section in build_outline(text)) == text


def test_chapters_run_together_in_one_line() -> None:
    text = (
        "　　第一篇　总论　　第一章　环境　　“十五”时期是重要时期，成绩很大。\n"
        "第二篇推进改革第二章深化改革\n正文。"
    )

    assert paths(text) == [
        ("第一篇 总论",),
        ("第一篇 总论", "第一章 环境"),
        ("第二篇推进改革",),
        ("第二篇推进改革", "第二章深化改革"),
    ]


def test_text_broken_at_every_line_end() -> None:
    body = (
        "各地要结合本地实际，落实相关配套政策，做好信息反馈工作，相关行业\n组织要充分发挥作用。\n"
    )
    text = (
        f"{body * 4}（一）加快建设现代化产业体系和统筹推进城乡区域协调发展的体制机\n"
        f"制改革创新\n{body * 3}"
        f"（二）强化保障\n{body}到二〇二五年，全市规模以上工业企业研发经费支出年均增长不低于百分之\n"
        f"3、5年内达到全省平均水平。\n{body * 2}"
    )

    assert titles(text) == [
        "（一）加快建设现代化产业体系和统筹推进城乡区域协调发展的体制机 制改革创新",
        "（二）强化保障",
    ]


def test_numbers_that_count_on_across_chapters() -> None:
    text = "一、甲\n1.子。正文甲。\n2.丑。正文乙。\n二、乙\n3.寅。正文丙。\n4.卯。正文丁。"

    assert paths(text)[-2:] == [("二、乙", "3.寅"), ("二、乙", "4.卯")]


def test_gap_in_a_list_is_bridged() -> None:
    assert titles("一、甲\n正文。\n三、丙\n正文。\n") == ["一、甲", "三、丙"]


def test_box_stays_in_the_section_where_it_stands() -> None:
    text = (
        "一、任务\n（一）产业\n正文。\n专栏1 重大项目\n1.平台\n建设平台。\n2.园区\n建设园区。\n"
        "（二）创新\n正文。\n专栏 2　人才工程\n引进人才。\n二、保障\n"
    )

    assert paths(text) == [
        ("一、任务",),
        ("一、任务", "（一）产业"),
        ("一、任务", "（一）产业", "专栏1 重大项目"),
        ("一、任务", "（一）产业", "专栏1 重大项目", "1.平台"),
        ("一、任务", "（一）产业", "专栏1 重大项目", "2.园区"),
        ("一、任务", "（二）创新"),
        ("一、任务", "（二）创新", "专栏 2 人才工程"),
        ("二、保障",),
    ]


def test_brackets_in_an_article_belong_to_it() -> None:
    text = (
        "第一章 程序\n第一条 办理程序如下：\n（一）申请。提出申请。\n（二）审核。予以审核。\n"
        "第二条 另行规定。\n第二章 附则\n第三条 自发布之日起施行。\n"
    )

    assert paths(text) == [
        ("第一章 程序",),
        ("第一章 程序", "第一条"),
        ("第一章 程序", "第一条", "（一）申请"),
        ("第一章 程序", "第一条", "（二）审核"),
        ("第一章 程序", "第二条"),
        ("第二章 附则",),
        ("第二章 附则", "第三条"),
    ]


def test_annex_with_brackets_above_ordinals() -> None:
    text = (
        "附件1\n任务清单\n（一）产业\n一、平台\n正文。\n二、园区\n正文。\n"
        "（二）创新\n一、人才\n正文。\n"
    )
    annex = "附件1 任务清单"

    assert paths(text)[1:] == [
        (annex, "（一）产业"),
        (annex, "（一）产业", "一、平台"),
        (annex, "（一）产业", "二、园区"),
        (annex, "（二）创新"),
        (annex, "（二）创新", "一、人才"),
    ]


def test_annexes_named_in_a_letter_are_not_the_annexes() -> None:
    text = (
        "一、要求\n正文。\n附件：1.事项清单\n2.证照目录\n某市人民政府\n2025年3月1日\n"
        "附件1\n事项清单\n一、甲类\n正文。\n附件2\n证照目录\n"
    )

    assert titles(text) == ["一、要求", "附件1 事项清单", "一、甲类", "附件2 证照目录"]


def test_running_header_is_no_second_chapter() -> None:
    text = "第一章 总则\n正文。\n第一章 总则\n接着的正文。\n第二章 附则\n正文。\n"

    assert titles(text) == ["第一章 总则", "第二章 附则"]


def test_no_heading_starts_inside_a_table() -> None:
    text = "一、指标\n一、甲\t5\n二、乙\t6\n二、任务\n"
    start = text.index("一、甲")
    table = Table(Span(start, text.index("\n二、任务")), ())

    found = build_outline(text, tables=(table,))
    assert [section.title for section in found] == ["一、指标", "二、任务"]


def test_styled_headings_stand_where_no_numbers_are() -> None:
    text = "某市规划\n总则\n目标。\n一、甲\n正文。\n附则\n完。\n"
    found = build_outline(text, headings=styled(text, 某市规划=1, 总则=2, 附则=2))

    assert [section.path for section in found] == [
        (),
        ("总则",),
        ("总则", "一、甲"),
        ("附则",),
    ]


def test_styled_heading_is_as_wide_as_numbered_ones_in_its_style() -> None:
    text = "# 一、甲\n## （一）子\n正文。\n## 小结\n正文。\n# 二、乙\n"
    levels = {"# 一、甲": 1, "## （一）子": 2, "## 小结": 2, "# 二、乙": 1}
    found = build_outline(text, headings=styled(text, **levels))

    assert [section.path for section in found] == [
        ("一、甲",),
        ("一、甲", "（一）子"),
        ("一、甲", "小结"),
        ("二、乙",),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("一、甲\n" * 40_000, id="headings only"),
        pytest.param("（一）甲。" * 40_000, id="one line"),
        pytest.param(" " * 200_000 + "一、甲", id="blanks"),
        pytest.param("第一章　　" * 40_000, id="labels and blanks"),
        pytest.param("附件" * 100_000, id="annexes"),
        pytest.param("1.a...... 1\n" * 20_000, id="contents"),
        pytest.param("一二三四五六七八九十" * 20_000, id="numerals"),
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    start = time.process_time()
    sections = build_outline(text)

    assert time.process_time() - start < 5
    assert sections[-1].own.end == len(text)


@pytest.mark.skipif(not _SHARED.is_dir(), reason="the real plans are not beside the project")
def test_chapters_of_a_real_plan_are_complete() -> None:
    text = (_SHARED / "国家_十二五规划纲要_split.txt").read_text(encoding="utf-8")
    chapters = [title for title in titles(text) if re.match("第.{1,4}章", title)]

    assert len(chapters) == 62
