"""Tables that are taken along: no cell of a document becomes a formula."""

import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from assistant.sheets import write_csv, write_xlsx

HOSTILE = ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "＝HYPERLINK(1)")


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_puts_a_mark_before_what_would_be_run(text: str) -> None:
    written = write_csv(["名称"], [[text]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written)))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["-5", "+3.5%", "-0.2", "7.5%左右", "3—5"])
def test_csv_leaves_figures_as_printed(text: str) -> None:
    written = write_csv(["名称"], [[text]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written)))[1] == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_excel_takes_it_for_text(text: str) -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx("表", ["名称"], [[text]]))).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == text


def test_excel_keeps_numbers_and_drops_what_it_cannot_hold() -> None:
    content = write_xlsx("表", ["甲", "乙", "丙"], [[Decimal("3.5"), "a\x00b", None]])
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [3.5, "ab", None]
