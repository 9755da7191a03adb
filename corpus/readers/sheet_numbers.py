"""A spreadsheet's value as its cell shows it: 0.085 with the format 0.0% → 8.5%."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

# Colours, conditions and the blanks that align figures: [红色], [$-804], _) and *-.
_MARKS = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r"\"([^\"]*)\"|\\(.)")
_FIGURE = re.compile(r"[#0?,.]+")
# A section is one that this module can show: a figure, maybe with text on either side of it.
_PLAIN = re.compile(r"([^#0?,.%]*)([#0?]+(?:,[#0?]+)*)(\.[0?#]*)?(,*)(%?)([^#0?,.%]*)")
_DATE_PARTS = re.compile(r"[ymdhs]", re.IGNORECASE)
# A cell shows at most 11 digits of a number without a format; its binary value has more.
_DIGITS = 11
_LONGEST = 255  # that a format may be


def show_value(content: object, number_format: str) -> str:
    """Return what the cell shows."""
    if content is None:
        return ""
    number_format = number_format if len(number_format) <= _LONGEST else "General"
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    if isinstance(content, int | float | Decimal):
        return _show_number(Decimal(repr(content)), number_format)
    if isinstance(content, datetime | date | time | timedelta):
        return _show_date(content, number_format)
    return str(content)


def _show_number(figure: Decimal, number_format: str) -> str:
    sections = _MARKS.sub("", number_format or "General").split(";")
    # Positive; negative; zero.
    has_own = figure < 0 and len(sections) > 1 and bool(sections[1].strip())
    section = sections[1] if has_own else sections[0]
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] if match[1] is not None else match[2])
        return chr(0xE000 + len(literals) - 1)

    bare = _LITERAL.sub(keep, section).strip()
    shown = _show_plain(abs(figure) if has_own else figure, bare)
    if shown is None:
        return _show_general(figure)
    return "".join(
        literals[ord(c) - 0xE000] if 0 <= ord(c) - 0xE000 < len(literals) else c for c in shown
    ).strip()


def _show_plain(figure: Decimal, section: str) -> str | None:
    match = _PLAIN.fullmatch(section)
    if match is None or re.search(r"[a-zA-Z/@]", match[1] + match[6]):
        return None
    before, whole, decimals, thousands, percent, after = match.groups()
    figure = figure.scaleb(2 if percent else 0).scaleb(-3 * len(thousands))
    places = len(decimals) - 1 if decimals else 0
    fixed = decimals.count("0") if decimals else 0
    # As the figure is rounded in a spreadsheet: halves away from zero.
    rounded = figure.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    digits = f"{abs(rounded):,f}" if "," in whole else f"{abs(rounded):f}"
    if places > fixed:
        integer, _, fraction = digits.partition(".")
        digits = f"{integer}.{fraction[:fixed]}{fraction[fixed:].rstrip('0')}".rstrip(".")
    sign = "-" if rounded < 0 else ""
    width = whole.count("0")
    digits = digits if "," in whole else _pad(digits, width)
    return f"{sign}{before}{digits}{percent}{after}"


def _pad(digits: str, width: int) -> str:
    """Add the leading zeros of a format such as 000."""
    integer, point, fraction = digits.partition(".")
    return f"{integer.zfill(width)}{point}{fraction}"


def _show_general(figure: Decimal) -> str:
    if not figure.is_finite():
        return ""
    if figure == figure.to_integral_value():
        return f"{figure.to_integral_value():f}"
    places = max(0, _DIGITS - 1 - max(0, figure.adjusted()))
    shown = f"{round(figure, places):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _show_date(moment: datetime | date | time | timedelta, number_format: str) -> str:
    if isinstance(moment, timedelta):
        return str(moment)
    if isinstance(moment, time):
        return moment.strftime("%H:%M")
    parts = {part.lower() for part in _DATE_PARTS.findall(_LITERAL.sub("", number_format))}
    day = _show_day(moment, parts, is_chinese="年" in number_format or "月" in number_format)
    if isinstance(moment, datetime) and (moment.hour or moment.minute) and parts & {"h", "s"}:
        return f"{day} {moment:%H:%M}".strip()
    return day


def _show_day(moment: date, parts: set[str], *, is_chinese: bool) -> str:
    year = f"{moment.year}年" if is_chinese else f"{moment.year}"
    month = f"{moment.month}月" if is_chinese else f"{moment.month:02d}"
    day = f"{moment.day}日" if is_chinese else f"{moment.day:02d}"
    shown = [text for part, text in (("y", year), ("m", month), ("d", day)) if part in parts]
    return ("" if is_chinese else "-").join(shown or [year, month, day])
