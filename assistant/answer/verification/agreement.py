"""Does a figure of a statement agree with a figure of the source?

Its digits, its unit, what loosens it (以上, 左右), which way it moves, the year it is given.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from assistant.answer.verification.cited import Cited
from assistant.answer.verification.fault import Fault
from assistant.answer.verification.figures import DOWN, YEAR, Figure, is_unit, read_figures
from corpus.normal import normalise

_COUNTERS = frozenset("个家所座项条处张套件支台辆艘架床间份")
# What a bare number of the source may be counted in although nothing there says so.
_UNSAID = _COUNTERS | {"人", "", YEAR, "年", "月", "日"}
_FALLS = re.compile(f"{DOWN}|控制|[负-]|以下|以内|节约|节省|优惠|免")
_BOUND_WORDS = {
    "least": "“以上、不低于”",
    "most": "“以下、不超过”",
    "about": "“左右、约”",
    None: "没有限定词",
}
_SIDE_WORDS = {"up": "增长、提高", "down": "下降、减少", None: ""}


def disagreement(figure: Figure, cited: Cited) -> Fault | None:
    """Return in what the figure differs from those of the sources, None where one agrees."""
    if figure.unit == YEAR:
        return _missing_year(figure, cited)
    same = [other for other in cited.figures if _same_number(figure, other, cited.text)]
    if not same:
        if _is_span_of_years(figure, cited):
            return None
        return Fault(f"number {_shown(figure)}", f"数字{figure.printed}不见于所引原文")
    steps: tuple[tuple[Callable[[Figure, Figure], bool], Callable[[Figure], str]], ...] = (
        (_same_unit, lambda other: f"单位不符：原文是{other.printed}，句中是{figure.printed}"),
        (
            _same_bound,
            lambda other: (
                f"限定不符：原文{other.printed}{_BOUND_WORDS[other.bound]}，"
                f"句中{figure.printed}{_BOUND_WORDS[figure.bound]}"
            ),
        ),
        (
            _same_side,
            lambda other: f"升降相反：原文{other.printed}是{_SIDE_WORDS[other.side]}",
        ),
        (
            _same_year,
            lambda other: f"年份不符：原文{other.printed}属于{other.year}年，不是{figure.year}年",
        ),
    )
    for fits, reason in steps:
        left = [other for other in same if fits(figure, other)]
        if not left:
            return Fault(f"figure {figure.printed}", reason(same[0]))
        same = left
    if figure.side == "down" and not _may_fall(figure, same, cited):
        return Fault(f"figure {figure.printed}", f"升降不符：原文{figure.printed}没有下降的意思")
    return None


def _may_fall(figure: Figure, same: Sequence[Figure], cited: Cited) -> bool:
    """Tell whether the source says that it falls, or prints a higher figure of the same kind."""
    if any(other.side == "down" for other in same) or _FALLS.search(cited.text):
        return True
    return any(
        other.unit == same[0].unit and other.value > same[0].value for other in cited.figures
    )


def counts_items(figure: Figure, text: str) -> bool:
    """Tell whether it counts what the sentence itself goes on to list: 三项：甲、乙和丙."""
    if figure.unit not in _COUNTERS | {"类", "种", "方面"} or figure.factor != 1:
        return False
    behind = text[figure.end :]
    listed = re.match("[\u4e00-\u9fff]{0,8}[:,](?:分别(?:是|为)|包括|即)?([^。;!?]+)", behind)
    items = re.split("、|以及|和|与|及", listed[1].rstrip(",")) if listed else []
    return len(items) == figure.number > 1


def _missing_year(figure: Figure, cited: Cited) -> Fault | None:
    stands = any(
        other.number == figure.number and other.unit in (YEAR, "") for other in cited.figures
    ) or re.search(rf"(?<!\d){figure.number}(?!\d)", cited.around)
    if stands:
        return None
    return Fault(f"number {figure.number}", f"年份{figure.number}年不见于所引原文")


def _is_span_of_years(figure: Figure, cited: Cited) -> bool:
    """Tell whether it counts the years between two that are named: 五年累计 from 2020 to 2025."""
    years = {other.number for other in cited.figures if other.unit == YEAR}
    return (
        figure.unit == "年"
        and figure.digits is None
        and any(year + figure.number in years for year in years)
    )


def _shown(figure: Figure) -> str:
    """Return the number with its magnitude as printed: 550万."""
    match = re.search(r"[\d,]+(?:\.\d+)?\s?[十百千万亿]*", figure.printed)
    return match[0].replace(",", "").replace(" ", "") if match else figure.printed


def _same_number(figure: Figure, other: Figure, text: str) -> bool:
    if figure.digits is not None and other.digits is not None and figure.factor == other.factor:
        # As printed: 20.30 is not 20.3.
        return figure.digits == other.digits
    if not figure.unit and figure.factor == 1 and other.digits is None:
        # The bare 2 of (2) is not the 两 of 两个.
        return False
    if other.unit or other.factor != 1 or figure.factor == 1:
        return figure.value == other.value or _is_bare_of_cell(figure, other)
    return figure.number == other.number and _stands_alone(figure, text)


def _is_bare_of_cell(figure: Figure, other: Figure) -> bool:
    return (
        other.is_in_cell
        and not figure.unit
        and figure.factor == 1
        and figure.digits == other.digits
    )


def _stands_alone(figure: Figure, text: str) -> bool:
    """Tell whether the magnitude stands in the source without a number: in a heading, a cell."""
    magnitudes: dict[Decimal, str] = {
        Decimal(10**2): "百",
        Decimal(10**3): "千",
        Decimal(10**4): "万",
        Decimal(10**8): "亿",
        Decimal(10**12): "万亿",
    }
    word = magnitudes.get(figure.factor)
    if word is None:
        return False
    return re.search(rf"(?<![\d万亿千百]){word}{re.escape(figure.unit)}", text) is not None


def _same_unit(figure: Figure, other: Figure) -> bool:
    if not figure.unit or figure.unit == other.unit:
        return True
    if not other.unit:
        return figure.unit in _UNSAID or figure.factor != 1
    if {figure.unit, other.unit} <= _COUNTERS:
        return "个" in (figure.unit, other.unit)
    # 累计提高 of a row that counts in %, printed as [18.53]: 18.53个百分点.
    return other.is_cumulative and (figure.unit, other.unit) == ("百分点", "%")


def _same_bound(figure: Figure, other: Figure) -> bool:
    """Tell whether the statement loosens the figure as the source does, or not at all."""
    return figure.bound is None or figure.bound == other.bound


def _same_side(figure: Figure, other: Figure) -> bool:
    return None in (figure.side, other.side) or figure.side == other.side


def _same_year(figure: Figure, other: Figure) -> bool:
    return None in (figure.year, other.year) or figure.year == other.year


def check_columns(figures: Sequence[Figure], cited: Cited) -> Fault | None:
    """Return the figure of a table's row that is given the year of another column."""
    for years, cells in _rows(cited):
        for figure in figures:
            if figure.year is None or figure.is_date:
                continue
            columns = [
                column
                for column, held in enumerate(cells)
                if figure.number in held or figure.value in held
            ]
            dated = [years[column] for column in columns if column < len(years)]
            if dated and None not in dated and figure.year not in dated:
                return Fault(
                    f"figure {figure.printed}",
                    f"年份不符：表中{figure.printed}在{dated[0]}年一栏，不是{figure.year}年",
                )
    return None


def _rows(cited: Cited) -> list[tuple[list[int | None], list[set[Decimal]]]]:
    """Return for each row the numbers of its cells behind the unit, with the header's years."""
    lines = [citation.quote.split("\n")[0].split() for citation in cited.citations]
    headers = [line[line.index("单位") + 1 :] for line in lines if "单位" in line]
    years = [[_year_of(cell) for cell in header] for header in headers]
    years = [found for found in years if len(set(found) - {None}) > 1]
    rows = [_behind_unit(line) for line in lines if "单位" not in line]
    return [(found, cells) for found in years[:1] for cells in rows if cells]


def _year_of(cell: str) -> int | None:
    match = re.search(r"(?:19|20)\d\d", cell)
    return int(match[0]) if match else None


def _behind_unit(cells: list[str]) -> list[set[Decimal]]:
    """Return each cell's number, as printed and times the magnitude of the unit: 85, 85亿."""
    place = next((i for i, cell in enumerate(cells) if is_unit(normalise(cell))), None)
    if place is None:
        return []
    factor = next((one.factor for one in read_figures(f"1{normalise(cells[place])}")), Decimal(1))
    return [
        {
            number
            for one in read_figures(normalise(cell))
            for number in (one.number, one.number * factor)
        }
        for cell in cells[place + 1 :]
    ]
