"""A filled-in form (xlsx, csv) → its rows, numbered as the spreadsheet numbers them."""

import csv
import io
import warnings
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

from corpus.errors import UnreadableFile
from corpus.limits import Limits
from corpus.readers.encoding import decode
from corpus.readers.kind import find_kind
from corpus.readers.sheet import BROKEN, find_delimiter
from corpus.readers.sheet_numbers import show_value
from corpus.readers.zipped import check_zip

Rows: TypeAlias = list[tuple[int, list[str]]]

# A form is small; what asks for more is none.
FORM_LIMITS = Limits(file_bytes=5 * 2**20, unpacked_bytes=64 * 2**20, members=500)
MOST_ROWS = 5000
_MOST_COLUMNS = 60


def read_rows(path: Path, limits: Limits = FORM_LIMITS) -> Rows:
    """Return the rows with text of the first visible sheet, cells as they show.

    A formula is never worked out: its stored result counts, and where there is none, the formula
    itself stands in the cell.

    Raises:
        UnreadableFile: if it is no xlsx or csv, is broken or exceeds a limit.
    """
    if path.stat().st_size > limits.file_bytes:
        most = limits.file_bytes // 2**20
        raise UnreadableFile(f"文件超过 {most} MB：{path.name}（请只保留要填的表）")
    kind = find_kind(path, limits, (".csv", ".txt"))
    if kind not in ("xlsx", "csv", "text"):
        raise UnreadableFile(f"只能读 xlsx 或 csv：{path.name}（请下载模板，填好后上传）")
    rows = _read_xlsx(path, limits) if kind == "xlsx" else _read_csv(path)
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"表格超过 {MOST_ROWS} 行：{path.name}（请拆分后再上传）")
    return [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]


def _read_csv(path: Path) -> Rows:
    text = decode(path.read_bytes())
    if text is None:
        raise UnreadableFile(f"不是文本文件，或编码无法识别：{path.name}（请另存为 UTF-8 的 csv）")
    try:
        lines = csv.reader(io.StringIO(text), delimiter=find_delimiter(text))
        return [
            (number, cells[:_MOST_COLUMNS])
            for number, cells in enumerate(islice(lines, MOST_ROWS + 1), start=1)
        ]
    except csv.Error as error:
        raise UnreadableFile(f"不是有效的 csv：{path.name}（请用 Excel 或 WPS 另存）") from error


def _read_xlsx(path: Path, limits: Limits) -> Rows:
    check_zip(path, limits)
    try:
        with warnings.catch_warnings():
            # openpyxl tells of charts and styles that it leaves out; nobody asked for them.
            warnings.simplefilter("ignore")
            shown = load_workbook(path, read_only=True, data_only=True)
            written = load_workbook(path, read_only=True, data_only=False)
        try:
            pairs = zip(_cells(shown), _cells(written), strict=True)
            return [
                (number, _texts(values, formulas))
                for number, (values, formulas) in enumerate(pairs, start=1)
            ]
        finally:
            shown.close()
            written.close()
    except BROKEN as error:
        raise UnreadableFile(
            f"表格文件已损坏：{path.name}（请用 Excel 或 WPS 打开后另存为 .xlsx）"
        ) from error


def _cells(workbook: Workbook) -> Iterator[Sequence[Cell]]:
    """Yield the rows of the first visible sheet; the size that the file declares is often wrong."""
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets[:1]:
        sheet.reset_dimensions()
        yield from islice(sheet.iter_rows(), MOST_ROWS + 1)


def _texts(values: Sequence[Cell], formulas: Sequence[Cell]) -> list[str]:
    return [
        show_value(value.value, value.number_format) if value.value is not None else _formula(cell)
        for value, cell in islice(zip(values, formulas, strict=True), _MOST_COLUMNS)
    ]


def _formula(cell: Cell) -> str:
    return str(cell.value) if cell.data_type == "f" else ""
