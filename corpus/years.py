"""Words that name a year or a five-year period: 2025年, “十四五”, 第十四个五年规划."""

import re
from dataclasses import dataclass

# The plans are counted from 1953: the sixth is 1981-1985, the fourteenth 2021-2025.
_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", start=1)}
_ORDINAL = "十[一二三四五六七八九]|十|[六七八九]"
_PERIOD = re.compile(
    rf"[“\"‘「](?P<quoted>{_ORDINAL})五[”\"’」]"
    r"|(?P<plain>十[一二三四五六七八九])五(?=规划|计划|时期|期间|期末|末|以来|目标|完成|年均|累计|$)"
    rf"|第(?P<counted>{_ORDINAL})个五年"
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2}|一九[一二三四五六七八九〇○零]{2})"
    r"\s*(?:[-—–~\uff5e至到]{1,2}\s*(?P<last>(?:19|20)\d\d)\s*)?年"
)


@dataclass(frozen=True, slots=True)
class Years:
    """The years that a phrase names; `first` is None where it names one year only."""

    first: int | None
    last: int
    start: int
    end: int


def find_years(text: str) -> list[Years]:
    """Return the years and periods that the text names, in order, each with where it stands."""
    found = [_of_period(match) for match in _PERIOD.finditer(text)]
    found += [_of_year(match) for match in _YEAR.finditer(text)]
    return sorted(found, key=lambda years: years.start)


def _of_period(match: re.Match[str]) -> Years:
    ordinal = match["quoted"] or match["plain"] or match["counted"]
    number = 10 if ordinal == "十" else _NUMERALS[ordinal[-1]] + 10 * (len(ordinal) - 1)
    last = 1955 + 5 * number
    return Years(last - 4, last, *match.span())


def _of_year(match: re.Match[str]) -> Years:
    year = int(match["year"].translate(_DIGITS))
    if match["last"]:
        return Years(year, int(match["last"]), *match.span())
    return Years(None, year, *match.span())
