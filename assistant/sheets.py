"""Tables to take along: CSV and Excel in which no cell of a document can become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl import cell as excel
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell: TypeAlias = str | int | Decimal | None

# What spreadsheets take for the beginning of a formula, the full-width forms too.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_WIDEST = 60


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table as CSV that Excel opens as UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the table as an Excel file; figures are numbers, everything else is text."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "B2"
    for column, name in enumerate(head):
        width = max(_width(name), *(_width(row[column]) for row in rows[:200]), 6)
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(width + 2, _WIDEST)
    bold = Font(bold=True)
    sheet.append([_cell(sheet, name, font=bold) for name in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _harmless(cell: Cell) -> Cell:
    """Put a quotation mark before a text that a spreadsheet would run as a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _cell(sheet: Any, value: Cell, *, font: Font | None = None) -> excel.Cell:  # noqa: ANN401
    if not isinstance(value, str):
        return excel.WriteOnlyCell(sheet, float(value) if isinstance(value, Decimal) else value)
    cell = excel.WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    # openpyxl takes what begins with an equals sign for a formula, Excel once it is edited.
    cell.data_type = "s"
    cell.quotePrefix = bool(_FORMULA.match(value))
    if font:
        cell.font = font
    return cell


def _width(value: Cell) -> int:
    return sum(1 if ord(char) < 256 else 2 for char in str(value if value is not None else ""))
