"""Tables: those that a file marks get caption and header, those in plain text are found."""

import time

import pytest

from corpus.indicators import read_indicators
from corpus.model import Plan, Span, Table
from corpus.outline import build_outline
from corpus.readers.builder import DocumentBuilder
from corpus.tables import find_tables


def cells(text: str, table: Table) -> list[list[str]]:
    return [[cell.of(text) for cell in row] for row in table.rows]


def names(text: str) -> list[tuple[str | None, str, str]]:
    plan = Plan("0" * 12, "规划", "规划.txt", "f" * 64, text)
    rows = read_indicators(plan, build_outline(text), find_tables(text))
    return [(row.category, row.name, row.target_text) for row in rows]


def test_marked_table_gets_its_caption_and_header() -> None:
    builder = DocumentBuilder()
    builder.add_paragraph("规划提出以下目标。")
    builder.add_paragraph("表1 主要指标")
    builder.add_paragraph("单位：万吨")
    builder.add_grid(
        [[(0, "指标"), (1, "目标"), (1, "目标")], [(0, ""), (2, "2025年"), (3, "2030年")]]
    )
    builder.add_paragraph("以上各项由各部门分工落实，年底前报告进展情况。")
    builder.add_table([["甲", "乙"], ["丙", "丁"]])
    document = builder.build()
    first, second = find_tables(document.text, document.tables)

    assert first.caption is not None
    assert first.caption.of(document.text) == "表1 主要指标"
    assert first.header_rows == 2
    assert (second.caption, second.header_rows) == (None, 1)


def test_title_row_of_a_sheet_is_its_caption() -> None:
    builder = DocumentBuilder()
    builder.add_table([["“十四五”主要指标", "", ""], ["指标", "单位", "目标"], ["产量", "吨", "5"]])
    document = builder.build()
    (table,) = find_tables(document.text, document.tables)

    assert table.caption is not None
    assert table.caption.of(document.text) == "“十四五”主要指标"
    assert cells(document.text, table)[0] == ["指标", "单位", "目标"]


def test_pipes_and_tabs_part_cells() -> None:
    text = (
        "表2 主要指标\n| 指标 | **单位** | 2025年目标 |\n|---|:--:|---|\n| 绿地 | 亩 | 5 |\n"
        "正文。\n序号\t项目\t投资\n1\t水厂\t3亿元\n2\t\t1亿元\n"
    )
    first, second = find_tables(text)

    assert cells(text, first) == [["指标", "单位", "2025年目标"], ["绿地", "亩", "5"]]
    assert first.caption == Span(0, 7)
    assert cells(text, second)[2] == ["2", "", "1亿元"]


@pytest.mark.parametrize(
    "text",
    [
        "一、总则\n\t第一段。\n\t第二段。\n\t第三段。\n",
        "甲\t乙\n正文一行。\n",
        "用 a | b 表示或。\n",
        "|\n||\n| |\n",
        "指标\n单位\n目标\n是规划的重要内容，应当认真落实。\n",
        "",
    ],
)
def test_text_is_no_table(text: str) -> None:
    assert find_tables(text) == ()


STACKED = """附件
主要指标表

类别

序号

指标

单位

2020年基期

2025年目标

属性

创新

1

研发投入强度

%

2.1

2.8左右

预期性

2

高新技术企业

家

-

500

预期性

民生

3

参保率

%

95

完成上级下达任务

约束性

注：以上指标每年评估一次。
"""


def test_one_cell_a_line() -> None:
    (table,) = find_tables(STACKED)

    assert len(table.rows) == 4
    assert table.rows[1][0] == table.rows[2][0]
    assert names(STACKED) == [
        ("创新", "研发投入强度", "2.8左右"),
        ("创新", "高新技术企业", "500"),
        ("民生", "参保率", "完成上级下达任务"),
    ]


def test_one_cell_a_line_without_numbers_and_categories() -> None:
    text = "指标\n单位\n目标\n绿地面积\n亩\n5\n林地面积\n亩\n8以上\n各部门要落实。\n"

    assert names(text) == [(None, "绿地面积", "5"), (None, "林地面积", "8以上")]


def test_cells_parted_by_blanks_with_numbers_and_groups() -> None:
    text = (
        "序号 指标名称 单位 2020年 2025年 属性\n一、创新驱动\n1 研发经费 亿元 3 5 预期性\n"
        "2 有效 发明专利 件 10 20 预期性\n二、绿色发展\n3 森林覆盖率 % 23 24 约束性\n注：略。\n"
    )

    assert names(text) == [
        ("创新驱动", "研发经费", "5"),
        ("创新驱动", "有效 发明专利", "20"),
        ("绿色发展", "森林覆盖率", "24"),
    ]


def test_cells_parted_by_blanks_with_a_merged_category() -> None:
    text = "类别 序号 指标 单位 目标\n创新 1 研发经费 亿元 5\n2 专利 件 20\n民生 3 参保率 % 95\n"

    assert [row[:2] for row in names(text)] == [
        ("创新", "研发经费"),
        ("创新", "专利"),
        ("民生", "参保率"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "指标\n",
        "| a | b |\n",
        "a\tb\tc\n",
        "序号 指标 单位 2020年 2025年\n",
        "1\n2\n",
        "|" * 50 + "\n",
    ],
)
def test_hostile_text_takes_linear_time(line: str) -> None:
    text = line * (200_000 // len(line))
    start = time.perf_counter()
    find_tables(text)

    assert time.perf_counter() - start < 10
