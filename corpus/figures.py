"""Cells of a table → exact figures with their bounds."""

import re
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import GrowthKind
from corpus.normal import normalise

_BLANK = re.compile(r"[-—–/\u2212]*")
_BEFORE = "≥|≤|>|<|约|不低于|不少于|不高于|不超过|大于|小于|达到"
_AFTER = "左右|以上|以下|以内|上下"
_VALUE = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<number>-?\d[\d,]*(?:\.\d+)?)%?(?P<after>{_AFTER})?"
)
_CUMULATIVE = re.compile(r"[\[〔](?P<number>-?\d[\d,]*(?:\.\d+)?)%?[\]〕]")


@dataclass(frozen=True, slots=True)
class Value:
    """A figure with the words that loosen it (左右, 以上, ≥ …), None where it is exact."""

    number: Decimal
    bound: str | None


def is_blank(cell: str) -> bool:
    """Tell whether the cell stands for nothing given: empty, -, — or /."""
    return _BLANK.fullmatch(normalise(cell).strip()) is not None


def read_value(cell: str) -> Value | None:
    """Return the figure in a cell, None where the cell is anything but one figure."""
    match = _VALUE.fullmatch(normalise(cell).strip())
    if match is None:
        return None
    return Value(_decimal(match["number"]), match["before"] or match["after"])


def read_growth(cell: str) -> tuple[Decimal, GrowthKind] | None:
    """Return the growth in a cell: `12.4%` a rate a year, `[18.53]` the whole period's change."""
    text = normalise(cell).strip()
    if match := _CUMULATIVE.fullmatch(text):
        return _decimal(match["number"]), "cumulative"
    if match := _VALUE.fullmatch(text):
        return _decimal(match["number"]), "annual"
    return None


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))
