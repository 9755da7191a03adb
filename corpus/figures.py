"""Cells of a table → exact figures with their bounds.

A cell that holds anything but one figure (or one range) is left as text.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Change, GrowthKind, Span
from corpus.normal import normal_view, normalise
from corpus.terms import unit_pattern

_BLANK = re.compile(r"[-—–/\\\u2212\u2500]*|\.{3,6}|…{1,2}")
NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
# Both ends of a range: 25—27, 25~27, 25%-27%.
DASH = r"[-—–~\u2212\u2500至]{1,2}"
BEFORE = (
    "不低于|不少于|不高于|不超过|不小于|不大于|高于|低于|大于|小于|少于|多于|超过|超"
    "|[≥≧⩾≤≦⩽><]=?|大约|约"
)
AFTER = "左右|以上|以下|以内|之内|之间|上下"
_RISE = "增长|提高|增加|提升|上升"
_FALL = "下降|降低|减少|压减"
_LEVEL = "达到|达|保持在|稳定在|控制在|维持在|提高到|增加到|降到|降至|不变"
_OPENING, _CLOSING = "[〔【〖", "]〕】〗"
# A cell is a figure with few words; a longer one is a sentence.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Value:
    """A figure with what is printed around it.

    `bound` is the word or sign that loosens it (左右, 以上, ≥ …), `high` the upper end of a range,
    `unit` what the cell itself counts in, `is_cumulative` tells that it stands in [] or 〔〕.
    """

    number: Decimal
    bound: str | None
    high: Decimal | None = None
    unit: str = ""
    is_cumulative: bool = False
    change: Change | None = None


def _pattern() -> re.Pattern[str]:
    unit = rf"(?:[十百千万亿]*{unit_pattern()}|[万亿])"
    return re.compile(
        rf"(?P<open>[{re.escape(_OPENING)}(])?(?:累计)?"
        rf"(?:(?P<rise>{_RISE})|(?P<fall>{_FALL})|{_LEVEL})?(?P<open2>[{re.escape(_OPENING)}])?"
        rf"(?P<before>{BEFORE})?"
        rf"(?P<number>{NUMBER})(?:\s?(?P<unit>{unit}))?"
        rf"(?:{DASH}(?P<high>{NUMBER})(?P<unit2>{unit})?)?"
        rf"(?P<after>{AFTER})?(?P<close>[{re.escape(_CLOSING)})])?(?P<after2>{AFTER})?"
    )


_VALUE = _pattern()


def is_blank(cell: str) -> bool:
    """Tell whether the cell stands for nothing given: empty, -, — or /."""
    return _BLANK.fullmatch(normalise(cell).strip()) is not None


def read_value(cell: str, *, brackets: str = _OPENING) -> Value | None:
    """Return the figure in a cell, None where the cell is anything but one figure or range.

    `brackets` are those that mark what is summed up over the period; others mark nothing.
    """
    if len(cell) > _LONGEST or not any(character.isdigit() for character in cell):
        return None
    view = normal_view(cell)
    start = len(view.text) - len(view.text.lstrip())
    match = _VALUE.fullmatch(view.text.rstrip(), start)
    if match is None or not _closes(match):
        return None
    bound = next((name for name in ("before", "after", "after2") if match[name]), None)
    opening = match["open"] or match["open2"]
    return Value(
        decimal(match["number"]),
        view.back(*match.span(bound)).of(cell) if bound else None,
        decimal(match["high"]) if match["high"] else None,
        _printed(cell, view.back(*match.span("unit2" if match["unit2"] else "unit")))
        if match["unit"] or match["unit2"]
        else "",
        opening is not None and opening in brackets,
        "increase" if match["rise"] else "decrease" if match["fall"] else None,
    )


def read_growth(
    cell: str, *, brackets: str = _OPENING, bare: GrowthKind = "annual"
) -> tuple[Decimal, GrowthKind] | None:
    """Return the growth in a cell: `12.4%` a rate a year, `[18.53]` the whole period's change.

    A figure without brackets is what the column's header says, `bare`.
    """
    value = read_value(cell, brackets=brackets)
    if value is None or value.high is not None or value.change == "decrease":
        return None
    return value.number, "cumulative" if value.is_cumulative else bare


def decimal(number: str) -> Decimal:
    """Return a printed figure, its thousands separators left out."""
    return Decimal(number.replace(",", ""))


def _printed(cell: str, span: Span) -> str:
    return normalise(span.of(cell)) if "%" in normalise(span.of(cell)) else span.of(cell)


def _closes(match: re.Match[str]) -> bool:
    """Tell whether the brackets pair up and no bound is named twice."""
    opening = match["open"] or match["open2"]
    paired = not opening if match["close"] is None else opening is not None
    pairs = dict(zip(_OPENING + "(", _CLOSING + ")", strict=True))
    if opening and match["close"] != pairs[opening]:
        return False
    bounds = [match[name] for name in ("before", "after", "after2") if match[name]]
    return paired and len(bounds) <= 1 and not (match["open"] and match["open2"])
