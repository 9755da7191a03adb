"""The word lists of target_words.tsv as regular expressions."""

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lexicon"


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the words of one line of target_words.tsv, the longest first."""
    for line in (_FOLDER / "target_words.tsv").read_text(encoding="utf-8").splitlines():
        name, *found = line.split("\t")
        if name == kind:
            return tuple(sorted(set(found), key=len, reverse=True))
    raise KeyError(kind)


@cache
def any_of(kind: str) -> str:
    """Return a regular expression for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in words(kind)) + ")"


@cache
def quantity_endings() -> tuple[str, ...]:
    """Return what the name of a quantity ends with."""
    return tuple(_lines("quantity_endings.txt"))


@cache
def figure_unit() -> str:
    """Return a regular expression for the unit of a figure in running text."""
    # The longest first, whichever list it is from: 立方米 before 立方.
    plain = sorted({*_lines("target_units.txt"), *_lines("units.txt")}, key=len, reverse=True)
    one = "(?:" + "|".join(re.escape(unit) for unit in plain) + ")"
    per = "(?:10万|[十百千万])?(?:人|户)|平方公里|平方米|立方米|公顷|亩|吨|年|天|小时|万元|公里"
    # Dates and hours set no target; the rest of a compound unit follows a stroke or 每.
    return (
        rf"(?![月日号时])(?:[十百千万亿]*{one}|[万亿]+(?![\w\u4e00-\u9fff]))(?:/(?:{per}))?|/10万"
    )


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
