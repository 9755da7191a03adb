"""Actual values as people give them: typed in (高新技术企业=300@2023), or a filled-in table."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.monitoring.model import Actual, ActualsError, Problem
from corpus.figures import is_blank, read_value
from corpus.normal import normalise
from corpus.terms import unit_pattern

if TYPE_CHECKING:
    from corpus.readers.sheet_rows import Rows

_NAME = re.compile(r"(?:指标|指标名称|名称|项目)")
# 实际值, or one column a year: 2023年, 2023年实际值.
_VALUE = re.compile(
    r"(?=.)(?:(?P<year>(?:19|20)\d\d)年?[度末底]?)?"
    r"(?:实际(?:完成)?[值数]?|完成[值数]|当前值|现状值|数值)?"
)
_ASIDE = re.compile(r"\(.*?\)|\s")
_YEAR_HEAD = re.compile(r"年份|年度|时间|数据年份")
_UNIT_HEAD = re.compile(r"(?:计量)?单位")
_PLAN_HEAD = re.compile(r"文件|规划|规划名称|文件名称")
# 300@2023, 300家@2023年
_TYPED = re.compile(r"(?P<name>[^=]+)=(?P<value>[^=@]+)(?:@(?P<year>[^=@]+))?")
_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:年?(?:度|底|末|全年)?|[-/.年]0?12(?:[-/.月](?:31日?)?|月底|月末)?)"
)
_GROUPED = re.compile(r"[^\d]*\d{1,3}(?:,\d{3})+(?:\.\d+)?[^\d,]*")
_UNIT_IN_NAME = re.compile(rf"(?P<name>.+)[(\[](?P<unit>[十百千万亿]*{unit_pattern()})[)\]]")
# The head may stand under a title and a line on how to fill in the form.
_HEAD_ROWS = 10
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand in a table; each value column has its year, if its head tells one."""

    head: int
    name: int
    values: tuple[tuple[int, int | None], ...]
    year: int | None
    unit: int | None
    plan: int | None


def read_typed(
    texts: Iterable[str], *, year: int | None = None
) -> tuple[list[Actual], list[Problem]]:
    """Read values that were typed in; `year` is of those that do not tell theirs."""
    actuals: list[Actual] = []
    problems: list[Problem] = []
    for text in texts:
        match = _TYPED.fullmatch(normalise(text).strip())
        if match is None:
            message = "写法不对，应为“指标=实际值@年份”，如：高新技术企业=300@2023"
            problems.append(Problem(text, message))
            continue
        cells = _Cells(match["name"], match["value"], "", match["year"] or "", "")
        _take(cells, text, year, actuals, problems)
    return actuals, problems


def read_given(rows: Iterable[tuple[str, str, str]]) -> tuple[list[Actual], list[Problem]]:
    """Read the name, the value and the year of each row of a form on the page."""
    actuals: list[Actual] = []
    problems: list[Problem] = []
    for name, value, year in rows:
        _take(_Cells(name, value, "", year, ""), name, None, actuals, problems)
    return actuals, problems


def read_table(path: Path, *, year: int | None = None) -> tuple[list[Actual], list[Problem]]:
    """Read a filled-in table (xlsx, csv); rows without a value are left out, bad ones told.

    Raises:
        UnreadableFile: if the file is none of these or exceeds a limit.
        ActualsError: if it has no column for the name or for the value.
    """
    # openpyxl takes long to import, and every command would: only a file needs it.
    from corpus.readers.sheet_rows import read_rows

    return read_cells(read_rows(path), year=year)


def read_cells(rows: "Rows", *, year: int | None = None) -> tuple[list[Actual], list[Problem]]:
    """Read the numbered rows of a table.

    Raises:
        ActualsError: if there is no column for the name or for the value.
    """
    columns = _find_columns(rows)
    actuals: list[Actual] = []
    problems: list[Problem] = []
    for number, cells in rows:
        if number > columns.head:
            for one, place in _values_of(cells, columns, number):
                _take(one, place, year, actuals, problems)
    return actuals, problems


@dataclass(frozen=True, slots=True)
class _Cells:
    """What one value rests on, as it was written."""

    name: str
    value: str
    unit: str
    year: str
    plan: str


def _find_columns(rows: "Rows") -> _Columns:
    for number, cells in rows[:_HEAD_ROWS]:
        heads = [_ASIDE.sub("", normalise(cell)) for cell in cells]
        name = _column(heads, _NAME)
        values = [
            (place, int(match["year"]) if match["year"] else None)
            for place, head in enumerate(heads)
            if (match := _VALUE.fullmatch(head))
        ]
        if name is not None and values:
            year, unit, plan = (_column(heads, p) for p in (_YEAR_HEAD, _UNIT_HEAD, _PLAN_HEAD))
            return _Columns(number, name, tuple(values), year, unit, plan)
    raise ActualsError("表里没有找到“指标”和“实际值”两列，请下载模板填写，或把表头改成这两个名称")


def _column(heads: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((place for place, head in enumerate(heads) if pattern.fullmatch(head)), None)


def _values_of(
    cells: Sequence[str], columns: _Columns, number: int
) -> Iterator[tuple[_Cells, str]]:
    def cell(place: int | None) -> str:
        return cells[place].strip() if place is not None and place < len(cells) else ""

    for place, year in columns.values:
        written = cell(place)
        if not is_blank(written):
            told = str(year) if year else cell(columns.year)
            name, unit, plan = cell(columns.name), cell(columns.unit), cell(columns.plan)
            yield _Cells(name, written, unit, told, plan), f"第{number}行"


def _take(
    cells: _Cells,
    place: str,
    year: int | None,
    actuals: list[Actual],
    problems: list[Problem],
) -> None:
    try:
        actuals.append(_read(cells, place, year))
    except ActualsError as reason:
        problems.append(Problem(place, str(reason)))


def _read(cells: _Cells, place: str, year: int | None) -> Actual:
    name = normalise(cells.name).strip()
    if not name or len(name) > _LONGEST_NAME:
        raise ActualsError("没有写指标名称" if not name else "指标名称过长，请核对是否填错了列")
    unit = normalise(cells.unit).strip()
    if not unit and (match := _UNIT_IN_NAME.fullmatch(name)):
        name, unit = match["name"], match["unit"]
    value, written_unit = _read_value(cells.value)
    return Actual(
        name, value, written_unit or unit, _read_year(cells.year, year), place, cells.plan
    )


def _read_value(written: str) -> tuple[Decimal, str]:
    text = normalise(written).strip().replace("\u2212", "-")
    if text.startswith("="):
        raise ActualsError(
            "实际值是公式，文件里没有它的结果；请在 Excel 或 WPS 中打开并保存，或直接填数"
        )
    value = read_value(text)
    if value is None or value.bound or value.high is not None or value.is_cumulative:
        raise ActualsError(f"实际值“{written}”不是一个确切的数，请填阿拉伯数字，如 300 或 1,234.5")
    if "," in text and not _GROUPED.fullmatch(text):
        raise ActualsError(f"实际值“{written}”的逗号不在千位上，请核对，如 1,234.5")
    number = -value.number if value.change == "decrease" else value.number
    return number, normalise(value.unit)


def _read_year(written: str, year: int | None) -> int:
    text = normalise(written).strip()
    if not text:
        if year is None:
            raise ActualsError("没有写年份，请在“年份”一列填写，如 2023")
        return year
    match = _YEAR.fullmatch(text)
    if match is None:
        raise ActualsError(
            f"年份“{written}”读不出来；请填全年数所属的年份，如 2023（不能是年中的数）"
        )
    return int(match["year"])
