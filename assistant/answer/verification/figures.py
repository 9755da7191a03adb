"""A text → its figures, each with its unit, what loosens it, where it moves to and its year."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from assistant.answer.verification.numerals import read_numeral
from corpus.normal import normalise
from corpus.terms import load_units

Bound: TypeAlias = Literal["least", "most", "about"]
Side: TypeAlias = Literal["up", "down"]

YEAR = "年份"
_MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMERAL = (
    "[零〇○一二两三四五六七八九十][零〇○一二两三四五六七八九十百千万亿]*"
    "(?:点[零〇一二三四五六七八九]+)?"
)
_DASH = r"\s?(?:[-—–~\u2212\u2500至到]{1,2})\s?"
# 一个, 一批: no count, but an article.
_ARTICLE = re.compile("一(?:个|项|种|批|次|类|条|期|届|名|位|张|座|处|家|套|所|支|台|辆|天|件|户)")
_TENTH = "成(?![为立果效本员功就长熟绩分品都交型才家])"
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    (
        "least",
        "不低于|不少于|不小于|不得低于|不得少于|至少|最低|最少|超过|突破|高于|大于|多于|超|逾|>=?|[≥≧⩾]",
    ),
    (
        "most",
        "不高于|不超过|不大于|不多于|不得超过|不得高于|至多|最多|最高|低于|小于|少于|不足|<=?|[≤≦⩽]",
    ),
    ("about", "大约|接近|将近|约|近"),
)
_BOUNDS_AFTER: tuple[tuple[Bound, str], ...] = (
    ("least", "以上|及以上"),
    ("most", "以下|以内|之内|及以下"),
    ("about", "左右|上下"),
)
UP = "增长|提高|上升|增加|提升|增至|升至|上涨|扩大|上调|增幅|涨幅|递增|新增|净增|增"
DOWN = "下降|降低|减少|降至|减至|压减|缩减|下调|缩小|削减|降幅|减幅|下滑|回落|减|降"
_SIDE = re.compile(f"(?P<up>{UP})|(?P<down>{DOWN})")
_NO_UNITS = frozenset({"成", "亿", "万"})
# How far before a figure the word stands that tells which way it moves.
_NEAR = 9
_MOVES_ON = re.compile("[到至]|目标|基数|增加为|变为")
_CLAUSE_END = ",。;:!?\n、"
_SENTENCE_END = "。;!?\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed (`digits`, without separators) times `factor`, counted in `unit`.

    `is_in_cell` tells that the unit stands in another cell of its row; `digits` is None where the
    number is written in characters. `year` is the calendar year that the sentence gives it.
    """

    start: int
    end: int
    number: Decimal
    digits: str | None
    factor: Decimal
    unit: str
    printed: str
    bound: Bound | None = None
    side: Side | None = None
    year: int | None = None
    is_in_cell: bool = False
    is_cumulative: bool = False

    @property
    def value(self) -> Decimal:
        """Return the number with its magnitude."""
        return self.number * self.factor

    @property
    def is_date(self) -> bool:
        """Tell whether it names a year, a month or a day."""
        return self.unit in (YEAR, "月", "日")


def read_figures(text: str) -> list[Figure]:
    """Return the figures of a (normalised) text in their order."""
    found = [figure for match in _pattern().finditer(text) for figure in _figures(match, text)]
    return [_with_year(figure, found, text) for figure in found]


def without_figures(text: str) -> str:
    """Return a (normalised) text with a comma in the place of each figure."""
    parts: list[str] = []
    done = 0
    for match in _pattern().finditer(text):
        parts.append(text[done : match.start()])
        done = match.end()
    return ",".join([*parts, text[done:]])


# A header is cited with each of its rows.
@lru_cache(maxsize=1024)
def source_figures(quote: str) -> tuple[Figure, ...]:
    """Return the figures of a quoted text as printed, those of tables with their cell's unit."""
    found: list[Figure] = []
    prose: list[str] = []
    unit: str | None = None
    for line in quote.split("\n"):
        # Cut first: to normalise joins Chinese cells that only a blank keeps apart.
        cells = [normalise(cell) for cell in re.split(r"[\s|]+", line.strip("| \t"))]
        units = [cell for cell in cells if is_unit(cell)]
        if len(cells) > 2 and units:
            found += _row(cells)
        elif len(cells) == 1 and units:
            # A cell a line, as some readers give tables.
            unit = cells[0]
        elif len(cells) == 1 and unit is not None:
            found += [_in_cell(figure, unit) for figure in read_figures(cells[0])]
        else:
            prose.append(line)
    # A sentence that is broken over lines is one.
    return (*found, *read_figures(normalise("\n".join(prose))))


def _row(cells: list[str]) -> Iterator[Figure]:
    unit: str | None = None
    for cell in cells:
        if is_unit(cell):
            unit = cell
            continue
        for figure in read_figures(cell):
            cumulative = replace(figure, is_cumulative=cell[0] in "[〔【")
            yield cumulative if unit is None else _in_cell(cumulative, unit)


def _in_cell(figure: Figure, unit: str) -> Figure:
    if figure.unit or figure.factor != 1:
        return figure
    match = re.fullmatch(_unit(), unit.strip("()"))
    assert match is not None
    factor, name = _split_unit(match)
    return replace(figure, factor=factor, unit=name, is_in_cell=True)


def is_unit(cell: str) -> bool:
    """Tell whether a (normalised) cell holds a unit and nothing else."""
    return (re.fullmatch(_unit(), cell.strip("()")) is not None and not cell.isascii()) or cell in (
        "%",
        "(%)",
        "‰",
    )


@cache
def _unit() -> str:
    names = {re.sub("^[万亿]+(?=.)", "", normalise(unit)) for unit in load_units()}
    names |= {re.sub("^[千百](?=元|人|户|家)", "", name) for name in names}
    longest = "|".join(re.escape(name) for name in sorted(names - _NO_UNITS, key=len, reverse=True))
    return (
        r"(?P<magnitude>[十百千万亿]*?)多?余?"
        rf"(?P<unit>(?:{longest})(?:/(?:万|亿|10万)?(?:{longest}))?)"
    )


@cache
def _pattern() -> re.Pattern[str]:
    before = "|".join(words for _, words in _BOUNDS)
    after = "|".join(words for _, words in _BOUNDS_AFTER)
    unit = _unit().replace("?P<magnitude>", "?P<{0}m>").replace("?P<unit>", "?P<{0}u>")
    low, high, numeral = (unit.replace("{0}", name) for name in ("l", "h", "n"))
    magnitude = "(?P<{0}>[十百千万亿]+)"
    return re.compile(
        rf"(?P<before>{before})?(?:"
        rf"百分之(?P<percent>{_NUMBER}|{_NUMERAL}|百)"
        rf"|千分之(?P<permille>{_NUMBER}|{_NUMERAL})"
        rf"|(?P<parts>{_NUMERAL}|\d+)分之(?P<part>{_NUMERAL}|\d+)"
        rf"|(?P<tenth>[\d一二两三四五六七八九](?:\.\d)?){_TENTH}"
        rf"|(?<![a-z\d.])(?P<number>{_NUMBER})\s?(?:{low}|{magnitude.format('lx')}|(?P<latin>[a-z]+(?:/[a-z]+)?))?"
        rf"(?:{_DASH}(?P<high>{_NUMBER})\s?(?:{high}|{magnitude.format('hx')})?)?"
        rf"|(?<!第)(?P<numeral>{_NUMERAL})(?:{numeral}|(?P<nx>[万亿](?=[以左])))"
        rf")(?:\(含\))?(?P<after>{after})?"
    )


def _figures(match: re.Match[str], text: str) -> Iterator[Figure]:
    if _ARTICLE.fullmatch(match[0]):
        return
    bound = _bound(match["before"], _BOUNDS) or _bound(match["after"], _BOUNDS_AFTER)
    for number, digits, factor, unit in _readings(match):
        if match["before"] == "近" and unit in ("年", "月", "天"):
            bound = None
        figure = Figure(
            match.start(), match.end(), number, digits, factor, unit, match[0].strip(), bound
        )
        yield replace(figure, side=None if figure.is_date else _side(text, match))


def _readings(match: re.Match[str]) -> Iterator[tuple[Decimal, str | None, Decimal, str]]:
    one = Decimal(1)
    if (percent := match["percent"] or match["permille"]) is not None:
        factor = one if match["percent"] else Decimal("0.1")
        number = Decimal(100) if percent == "百" else _number(percent)
        yield number, _digits(percent), factor, "%"
    elif match["part"] is not None:
        yield _number(match["part"]), None, one, f"{_number(match['parts'])}分之"
    elif match["tenth"] is not None:
        yield _number(match["tenth"]) * 10, None, one, "%"
    elif match["number"] is not None:
        yield from _ends(match)
    else:
        factor, unit = _split(match, "n")
        number = _number(match["numeral"])
        yield number, None, factor, _year_or(number, unit)


def _ends(match: re.Match[str]) -> Iterator[tuple[Decimal, str | None, Decimal, str]]:
    """Read a number, or both ends of a range; an end without a unit has the other's."""
    ends = [(match["number"], *_split(match, "l"))]
    if match["high"] is not None:
        factor, unit = _split(match, "h")
        if not ends[0][2] and ends[0][1] == 1:
            ends = [(match["number"], factor, unit)]
        if not unit and factor == 1:
            factor, unit = ends[0][1:]
        ends.append((match["high"], factor, unit))
    for printed, factor, unit in ends:
        number = _number(printed)
        yield number, _digits(printed), factor, _year_or(number, unit)


def _split(match: re.Match[str], name: str) -> tuple[Decimal, str]:
    if match[f"{name}u"]:
        return _scaled(match[f"{name}m"], match[f"{name}u"])
    latin = match["latin"] if name == "l" else None
    return _scaled(match[f"{name}x"] or "", latin or "")


def _split_unit(match: re.Match[str]) -> tuple[Decimal, str]:
    return _scaled(match["magnitude"], match["unit"])


def _scaled(magnitude: str, unit: str) -> tuple[Decimal, str]:
    factor = Decimal(1)
    for character in magnitude:
        factor *= _MAGNITUDES[character]
    if unit == "‰":
        return factor / 10, "%"
    return factor, _SAME_UNIT.get(unit, unit)


# What means the same after a number.
_SAME_UNIT = {
    "名": "人",
    "位": "人",
    "户": "家",
    "个百分点": "百分点",
    "㎡": "平方米",
    "m2": "平方米",
    "平米": "平方米",
    "月份": "月",
    "年度": "年",
    "号": "日",
    "周岁": "岁",
    "吨标煤": "吨标准煤",
    "千米": "公里",
    "平方千米": "平方公里",
    "立方": "立方米",
}


def _year_or(number: Decimal, unit: str) -> str:
    is_year = unit in ("年", "") and 1900 <= number <= 2100 and number == int(number)
    return YEAR if is_year and unit == "年" else unit


def _number(printed: str) -> Decimal:
    return (
        Decimal(printed.replace(",", ""))
        if printed[0].isdigit() and printed.isascii()
        else read_numeral(printed)
    )


def _digits(printed: str) -> str | None:
    return printed.replace(",", "") if printed.isascii() else None


def _bound(word: str | None, bounds: tuple[tuple[Bound, str], ...]) -> Bound | None:
    if word is None:
        return None
    return next(bound for bound, words in bounds if re.fullmatch(words, word))


def _side(text: str, match: re.Match[str]) -> Side | None:
    start = max(0, match.start() - _NEAR)
    before = text[start : match.start()]
    cut = max(before.rfind(end) for end in _CLAUSE_END) + 1
    words = list(_SIDE.finditer(before[cut:]))
    if words:
        found: Side = "up" if words[-1]["up"] else "down"
        return found
    return None


def _with_year(figure: Figure, figures: list[Figure], text: str) -> Figure:
    """Return the figure with the last year before it in its sentence, or in brackets behind it."""
    if figure.is_date:
        return figure
    behind = re.match(r"\((\d{4})年?", text[figure.end :])
    if behind:
        return replace(figure, year=int(behind[1]))
    begin = max(text.rfind(end, 0, figure.start) for end in _SENTENCE_END) + 1
    before = [other for other in figures if begin <= other.start < figure.start]
    years = [other for other in before if other.unit == YEAR]
    if not years:
        return figure
    said_of_it = text[years[-1].end : figure.start]
    last = max(other.end for other in before)
    # 2020年的218家增至550家: the year is that of the first figure only.
    # 到2025年由218家增至550家: that of the last one only.
    moves_on = last > years[-1].end and _MOVES_ON.search(text[last : figure.start])
    from_it = re.search("[由从]", said_of_it)
    is_base = from_it is not None and last <= years[-1].end + from_it.start()
    is_reached = text[: years[-1].start].endswith(("到", "至"))
    if is_base or ((moves_on or from_it) and not is_reached):
        return figure
    return replace(figure, year=int(years[-1].number))
