"""Works out sums over the figures of one place's plans, and with figures that the user gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.common_names import common_name, names_said
from assistant.library import Library
from assistant.names import match_names
from assistant.operation import Given, Operation, read_given, read_operation
from assistant.question import Question, read_question
from assistant.tools.figures import Figure, Side, common_unit
from assistant.tools.indicators import asked_unit, spoken_of, tables_first
from corpus.arithmetic import (
    Incalculable,
    Working,
    completion,
    completion_of_rise,
    compound_growth,
    difference,
    growth,
    mean,
    multiple,
    total,
    yearly_change,
)
from corpus.course import is_ceiling
from corpus.model import Indicator

_BASE = re.compile("基数|基期|基准|现状|起点")
_TARGET = re.compile("目标|指标值")
# What stands between 和, 比 and the like; 占比, 比重 and 比例 are parts of a name.
_PART = re.compile(
    "(?:(?!加上|减去|相当于|(?<!占)比(?![重例率较值])|是(?=[^,。]*倍))[^、,，。和与跟及])+"
)
_COMPARED = re.compile("(?<!占)比(?![重例率较值])|是[^,。]*倍|相当于|相?差")
_PROGRESS = re.compile("进度|增量")
# More rows of one name than this are of plans that nobody asked for.
_MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Calculation:
    """The figures of a sum with its outcome, or why it cannot be done.

    `workings` are several where one sum has two readings; `given` is the user's own figure;
    `is_reached` tells whether that is on the right side of the target, `is_ceiling` that the target
    is not to be passed. Of a range, it is the lower end that is to be reached.
    """

    operation: Operation
    figures: tuple[Figure, ...]
    workings: tuple[Working, ...] = ()
    refusal: str = ""
    given: Given | None = None
    is_reached: bool = False
    is_ceiling: bool = False


def find_calculations(
    question: Question, library: Library, *, plan_ids: Sequence[str] | None = None
) -> list[Calculation]:
    """Return the sums that the question asks for, one for each indicator of the name."""
    operation = read_operation(question)
    if operation is None or operation == "compare":
        return []
    indicators = library.catalog.indicators(plan_ids)
    if operation in ("total", "mean") and (group := _group(question, indicators)):
        return [_of_several(operation, [Figure(one) for one in group])]
    mentioned = mentioned_in(question, indicators)
    if len(mentioned) > 1:
        return _of_plans(operation, question, mentioned)
    if not mentioned or operation in ("total", "mean"):
        return []
    rows = _of_years(question, mentioned[0][1])
    if len(rows) > _MOST_ROWS:
        return []
    if operation not in ("gap", "completion") and not _within_row(question, rows):
        return []
    found = (_of_one(operation, question, row) for row in rows)
    return [calculation for calculation in found if calculation is not None]


def _group(question: Question, indicators: Sequence[Indicator]) -> list[Indicator]:
    """Return the rows of a table whose category or unit the question names."""
    rows = [one for one in indicators if one.origin == "table"]
    unit = asked_unit(question.normal)
    categories = {one.category for one in rows if one.category and one.category in question.normal}
    if not categories and unit is None:
        return []
    return [
        one
        for one in rows
        if (not categories or one.category in categories) and (unit is None or one.unit == unit)
    ]


def mentioned_in(
    question: Question, indicators: Sequence[Indicator]
) -> list[tuple[str, list[Indicator]]]:
    """Return for each indicator that is named its rows, with the part of the question it is in."""
    rows = tables_first(list(indicators))
    by_name: dict[str, list[Indicator]] = {}
    for one in rows:
        by_name.setdefault(common_name(one), []).append(one)
    found: dict[str, tuple[int, str]] = {}
    said = names_said(question, rows)
    ends = [name.start for name in said[1:]] + [len(question.normal)]
    for name, end in zip(said, ends, strict=False):
        found[name.name] = (name.start, question.normal[name.start : end])
    # What stands on the other side of 和 or 比 may be said less exactly.
    for part in _PART.finditer(question.normal):
        if not any(part.start() <= name.start < part.end() for name in said):
            likely = _named(read_question(part[0]), list(by_name))
            if likely is not None:
                found.setdefault(likely, (part.start(), part[0]))
    if not found and (likely := _named(question, list(by_name))):
        found[likely] = (0, question.normal)
    return [(part, by_name[name]) for name, (_, part) in sorted(found.items(), key=lambda f: f[1])]


def _of_plans(
    operation: Operation, question: Question, mentioned: Sequence[tuple[str, list[Indicator]]]
) -> list[Calculation]:
    """Work with several indicators, in each plan that has them all."""
    shared = [
        plan_id
        for plan_id in dict.fromkeys(row.plan_id for row in mentioned[0][1])
        if all(any(row.plan_id == plan_id for row in rows) for _, rows in mentioned)
    ]
    if len(shared) > _MOST_ROWS:
        return []
    calculations: list[Calculation] = []
    for plan_id in shared:
        figures: list[Figure] = []
        for part, rows in mentioned:
            row = next(row for row in rows if row.plan_id == plan_id)
            figures.append(Figure(row, _side(part, question, row)))
        calculations.append(_of_several(operation, figures))
    return calculations


def _within_row(question: Question, rows: Sequence[Indicator]) -> bool:
    """Tell whether base and target are compared, not the row with something that is not there."""
    printed = {year for row in rows for year in (row.base_year, row.target_year)}
    if not set(question.years) <= printed:
        return False
    if _COMPARED.search(question.normal) is None or _BASE.search(question.normal):
        return True
    return any(row.base_year in question.years for row in rows)


def _named(part: Question, names: Sequence[str]) -> str | None:
    matches = spoken_of(match_names(part, names))
    return names[matches[0].position] if matches else None


def _side(part: str, question: Question, row: Indicator) -> Side:
    """Tell whether the base or the target is meant: by the words at the name, or all words."""
    for text in (part, question.normal):
        base = _BASE.search(text) or (row.base_year and str(row.base_year) in text)
        target = _TARGET.search(text) or (row.target_year and str(row.target_year) in text)
        if bool(base) != bool(target):
            return "base" if base else "target"
    return "target"


def _of_years(question: Question, rows: Sequence[Indicator]) -> list[Indicator]:
    """Return the rows for the years of the question; without one, those for the nearest year."""
    if question.years:
        return [row for row in rows if {row.base_year, row.target_year} & set(question.years)]
    nearest = {
        row.plan_id: min(one.target_year or 0 for one in rows if one.plan_id == row.plan_id)
        for row in rows
    }
    return [row for row in rows if (row.target_year or 0) == nearest[row.plan_id]]


def _of_several(operation: Operation, figures: Sequence[Figure]) -> Calculation:
    """Add up, average or compare figures of different indicators."""
    try:
        values = [figure.exact() for figure in figures]
        unit = common_unit(figures)
        if operation == "total":
            working = total(values, unit)
        elif operation == "mean":
            working = mean(values, unit)
        elif len(values) > 2:
            raise Incalculable("涉及两项以上指标")
        elif operation == "multiple":
            working = multiple(values[0], values[1])
        else:
            working = difference(values[0], values[1], unit)
    except Incalculable as reason:
        return Calculation(operation, tuple(figures), refusal=str(reason))
    return Calculation(operation, tuple(figures), (working,))


def _of_one(operation: Operation, question: Question, row: Indicator) -> Calculation | None:
    """Work with the base, the target and the user's figure of one indicator."""
    if operation in ("gap", "completion"):
        given = read_given(question, (row.base, row.target))
        return None if given is None else _with_given(operation, question, row, given)
    if row.base is None and row.origin == "prose":
        # A passage may well say what the figure rose from.
        return None
    figures = (Figure(row), Figure(row, "base"))
    try:
        target, base = (figure.exact() for figure in figures)
        return Calculation(operation, figures, (_work(operation, row, base, target),))
    except Incalculable as reason:
        return Calculation(operation, figures, refusal=str(reason))


def _work(operation: Operation, row: Indicator, base: Decimal, target: Decimal) -> Working:
    years = (row.target_year or 0) - (row.base_year or 0)
    if operation in ("annual", "increment") and None in (row.base_year, row.target_year):
        raise Incalculable(f"文件没有给出{row.name}的基期或目标年份")
    match operation:
        case "multiple":
            return multiple(target, base)
        case "increment":
            return yearly_change(base, target, years, row.unit)
        case "annual":
            return compound_growth(base, target, years)
        case "growth" if row.unit not in ("%", "‰"):
            return growth(base, target)
        case _:
            # The growth of a percentage is told in percentage points.
            return difference(target, base, row.unit)


def _with_given(
    operation: Operation, question: Question, row: Indicator, given: Given
) -> Calculation:
    figures: tuple[Figure, ...] = (Figure(row),)
    try:
        target = figures[0].value if figures[0].is_range else figures[0].exact()
        assert target is not None
        actual = given.in_unit(row.unit)
        if actual is None:
            raise Incalculable(f"您给出的{given.shown}与目标的单位（{row.unit}）不同")
        below = is_ceiling(row)
        is_reached = actual <= target if below else actual >= target
        workings = [difference(max(actual, target), min(actual, target), row.unit)]
        if operation == "completion" and not below:
            workings = [completion(actual, target)]
            if _PROGRESS.search(question.normal) and row.base is not None:
                figures = (*figures, Figure(row, "base"))
                workings.append(completion_of_rise(actual, row.base, target))
    except Incalculable as reason:
        return Calculation(operation, figures, refusal=str(reason), given=given)
    return Calculation(
        "gap" if below else operation,
        figures,
        tuple(workings),
        given=given,
        is_reached=is_reached,
        is_ceiling=below,
    )
