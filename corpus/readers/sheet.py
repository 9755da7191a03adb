"""Spreadsheets: each sheet is its name and one table, figures as its cells show them."""

import csv
import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast
from xml.etree import ElementTree
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.model import Document
from corpus.readers.builder import DocumentBuilder
from corpus.readers.encoding import decode
from corpus.readers.sheet_numbers import show_value
from corpus.readers.sheet_table import MOST_CELLS, Sheet, TooManyCells, collect, write_sheet
from corpus.readers.zipped import Element, check_zip, local_name

_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*(?:\s*\(\d+\))?", re.IGNORECASE)
_LONGEST_NAME = 31  # that a spreadsheet program allows
_DELIMITERS = ",\t;|"
_SAMPLE_LINES = 20
# What openpyxl and the XML below it raise for a file that is not what it says.
BROKEN = (
    InvalidFileException,
    etree.XMLSyntaxError,
    ElementTree.ParseError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
)


class _Streamed(Protocol):
    """A worksheet as openpyxl streams it; its stubs describe the other kind."""

    title: str
    sheet_state: str
    _worksheet_path: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self) -> Iterator[tuple[Cell, ...]]: ...


def read_xlsx(path: Path, limits: Limits) -> Document:
    """Read the visible sheets of a workbook; formulas are read as their stored results.

    Raises:
        UnreadableFile: if it is broken, locked or exceeds a limit.
    """
    check_zip(path, limits)
    builder = DocumentBuilder()
    try:
        with warnings.catch_warnings(), ZipFile(path) as archive:
            # openpyxl tells of charts and styles that it leaves out; nobody asked for them.
            warnings.simplefilter("ignore")
            _read_workbook(path, archive, builder)
    except TooManyCells as error:
        raise _refuse_large(path) from error
    except BROKEN as error:
        raise UnreadableFile(
            f"表格文件已损坏：{path.name}（请用 Excel 或 WPS 打开后另存为 .xlsx）"
        ) from error
    return builder.build()


def read_csv(path: Path, limits: Limits) -> Document:
    """Read a csv file as one table, whatever its encoding and delimiter.

    Raises:
        UnreadableFile: if it is not text or exceeds a limit.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise UnreadableFile(f"不是文本文件，或编码无法识别：{path.name}（请另存为 UTF-8 的 csv）")
    builder = DocumentBuilder()
    try:
        rows = csv.reader(io.StringIO(text), delimiter=find_delimiter(text))
        write_sheet(collect(enumerate(rows)), builder)
    except TooManyCells as error:
        raise _refuse_large(path) from error
    except csv.Error as error:
        raise UnreadableFile(f"不是有效的 csv：{path.name}（请用 Excel 或 WPS 另存）") from error
    return builder.build()


def _refuse_large(path: Path) -> UnreadableFile:
    most = MOST_CELLS // 10_000
    return UnreadableFile(f"表格超过 {most} 万格：{path.name}（请删去空白区域或拆分后再收录）")


def _read_workbook(path: Path, archive: ZipFile, builder: DocumentBuilder) -> None:
    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        for worksheet in cast(list[_Streamed], workbook.worksheets):
            if worksheet.sheet_state != "visible":
                builder.warn(f"隐藏的工作表没有读入：{worksheet.title}")
                continue
            sheet = _read_sheet(worksheet)
            missing = _read_merged(archive, worksheet, sheet)
            if missing:
                builder.warn(
                    f"工作表“{worksheet.title}”有 {missing} 个公式没有结果，"
                    "请用 Excel 或 WPS 打开并保存后再收录"
                )
            name = worksheet.title.strip()[:_LONGEST_NAME]
            if sheet.texts and not _DEFAULT_NAME.fullmatch(name):
                builder.add_paragraph(name, heading_level=1)
            write_sheet(sheet, builder)
    finally:
        workbook.close()


def _read_sheet(worksheet: _Streamed) -> Sheet:
    # The size that the file declares is often wrong.
    worksheet.reset_dimensions()
    rows = (
        (number, [show_value(cell.value, cell.number_format) for cell in row])
        for number, row in enumerate(worksheet.iter_rows())
    )
    return collect(rows)


def _read_merged(archive: ZipFile, worksheet: _Streamed, sheet: Sheet) -> int:
    """Add the merged ranges, which openpyxl leaves out; return how many formulas lack a result.

    (Its other way of reading keeps them, but makes an object of every cell of a merged column.)
    """
    missing = 0
    with archive.open(worksheet._worksheet_path.lstrip("/")) as source:
        for _, element in etree.iterparse(
            source, tag=("{*}mergeCell", "{*}c"), resolve_entities=False, no_network=True
        ):
            if local_name(element) == "mergeCell":
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                if left and top and right and bottom:
                    sheet.merged.append((top - 1, left - 1, bottom - 1, right - 1))
            else:
                missing += _lacks_result(element)
            element.clear()
    return missing


def _lacks_result(cell: Element) -> bool:
    # The result of a formula may be an empty string, but only if its type says so.
    has_result = bool(cell.findtext("{*}v")) or cell.get("t") == "str"
    return cell.find("{*}f") is not None and not has_result


def find_delimiter(text: str) -> str:
    """Return the delimiter that the first lines agree on, the comma if they do not."""
    lines = [line for line in _first_lines(text) if line.strip()]

    def fit(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(counts, key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=fit)


def _first_lines(text: str) -> Iterator[str]:
    start = 0
    for _ in range(_SAMPLE_LINES):
        end = text.find("\n", start)
        yield text[start:end] if end >= 0 else text[start:]
        if end < 0:
            return
        start = end + 1
