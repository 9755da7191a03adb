"""Spreadsheets: figures as displayed, merged cells, titles and notes, hidden sheets, csv."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document, Table
from corpus.readers import read_document
from corpus.readers.sheet_numbers import show_value


def save(path: Path, workbook: Workbook) -> Document:
    workbook.save(path)
    return read_document(path, Limits())


def first_sheet(workbook: Workbook, title: str = "Sheet1") -> Worksheet:
    sheet = workbook.worksheets[0]
    sheet.title = title
    return sheet


def cells_of(document: Document, table: Table) -> list[list[str]]:
    return [[span.of(document.text) for span in row] for row in table.rows]


def test_sheet_with_title_merged_header_and_note(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = first_sheet(workbook)
    for row, texts in enumerate(
        [
            ["附件1 主要指标表"],
            [None, None, None, "单位：亿元"],
            [],
            ["类别", "指标", "目标", None],
            [None, None, "2025年", "2030年"],
            ["创新", "研发经费投入强度", 0.035, 0.04],
            [None, "技术合同成交额", 1234.5, 2000],
            ["注：按当年价格计算。"],
        ],
        start=2,
    ):
        for column, text in enumerate(texts, start=2):
            sheet.cell(row, column, text)
    for merged in ("B2:E2", "B5:B6", "C5:C6", "D5:E5", "B7:B8"):
        sheet.merge_cells(merged)
    sheet["D7"].number_format = sheet["E7"].number_format = "0.0%"
    sheet["D8"].number_format = "#,##0.00"

    document = save(tmp_path / "表.xlsx", workbook)
    assert document.text == (
        "附件1 主要指标表\n单位：亿元\n"
        "类别\t指标\t目标\t\n\t\t2025年\t2030年\n"
        "创新\t研发经费投入强度\t3.5%\t4.0%\n\t技术合同成交额\t1,234.50\t2000\n"
        "注：按当年价格计算。\n"
    )
    (table,) = document.tables
    assert table.header_rows == 2
    assert cells_of(document, table) == [
        ["类别", "指标", "目标", "目标"],
        ["类别", "指标", "2025年", "2030年"],
        ["创新", "研发经费投入强度", "3.5%", "4.0%"],
        ["创新", "技术合同成交额", "1,234.50", "2000"],
    ]


def test_sheets_have_their_names_and_hidden_ones_are_told(tmp_path: Path) -> None:
    workbook = Workbook()
    first_sheet(workbook, "重大项目").append(["名称", "投资（亿元）"])
    workbook.worksheets[0].append(["实验室", 3])
    hidden = workbook.create_sheet("草稿")
    hidden.append(["甲", "乙"])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("空表")
    workbook.create_sheet("Sheet4").append(["丙", "丁"])

    document = save(tmp_path / "表.xlsx", workbook)
    assert document.text == "重大项目\n名称\t投资（亿元）\n实验室\t3\n丙\t丁\n"
    assert [(h.span.of(document.text), h.level) for h in document.headings] == [("重大项目", 1)]
    assert document.warnings == ("隐藏的工作表没有读入：草稿",)


def test_formula_without_a_result_is_told(tmp_path: Path) -> None:
    workbook = Workbook()
    first_sheet(workbook).append(["合计", "=1+1"])

    document = save(tmp_path / "表.xlsx", workbook)
    assert document.text == "合计\n"
    assert document.warnings == (
        "工作表“Sheet1”有 1 个公式没有结果，请用 Excel 或 WPS 打开并保存后再收录",
    )


def test_whole_columns_may_be_merged(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = first_sheet(workbook)
    sheet["A1"], sheet["C1"], sheet["C2"] = "项目", "实验室", "中试基地"
    sheet.merged_cells.add("A1:B1048576")

    document = save(tmp_path / "表.xlsx", workbook)
    assert cells_of(document, document.tables[0]) == [["项目", "实验室"], ["项目", "中试基地"]]


@pytest.mark.parametrize(
    ("content", "number_format", "shown"),
    [
        (0.085, "0.0%", "8.5%"),
        (0.085, "0%", "9%"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891, "#,##0", "1,234,568"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (-3, "0.0_ ", "-3.0"),
        (3.5, '0.0"亿元"', "3.5亿元"),
        (12, "0.##", "12"),
        (7, "000", "007"),
        (2.5, "0", "3"),
        (1e21, "General", "1000000000000000000000"),
        (1.5, "# ?/?", "1.5"),
        (True, "General", "TRUE"),
        ("〔1.1〕", "@", "〔1.1〕"),
        (None, "General", ""),
        (date(2025, 3, 1), "yyyy-mm-dd", "2025-03-01"),
        (datetime(2025, 3, 1), 'yyyy"年"m"月"', "2025年3月"),
        (datetime(2025, 3, 1, 9, 30), "yyyy/m/d h:mm", "2025-03-01 09:30"),
        (time(9, 30), "h:mm", "09:30"),
    ],
)
def test_values_as_their_cells_show_them(content: object, number_format: str, shown: str) -> None:
    assert show_value(content, number_format) == shown


@pytest.mark.parametrize(
    "content",
    [
        '指标,目标\n"企业,家",20\n强度,3.5%\n'.encode("gb18030"),
        "\ufeff指标\t目标\r\n企业,家\t20\r\n强度\t3.5%\r\n".encode(),
        "指标;目标\n企业,家;20\n\n强度;3.5%;\n".encode(),
    ],
)
def test_csv_of_any_encoding_and_delimiter(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    document = read_document(path, Limits())

    assert cells_of(document, document.tables[0]) == [
        ["指标", "目标"],
        ["企业,家", "20"],
        ["强度", "3.5%"],
    ]


def test_tables_beyond_reason_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "大.csv"
    path.write_bytes(b",".join([b"x"] * 2_000_001))
    with pytest.raises(UnreadableFile) as refused:
        read_document(path, Limits())
    assert str(refused.value) == "表格超过 200 万格：大.csv（请删去空白区域或拆分后再收录）"

    workbook = Workbook()
    sheet = first_sheet(workbook)
    for number in range(1, 1600):
        sheet.cell(number, number, "x")
    with pytest.raises(UnreadableFile, match="表格超过 200 万格"):
        save(tmp_path / "斜.xlsx", workbook)


def test_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "坏.csv"
    path.write_bytes(b'a,"' + b"x" * 200_000)
    with pytest.raises(UnreadableFile, match=r"不是有效的 csv：坏\.csv"):
        read_document(path, Limits())
