"""What the text of a project tells of it: its area, investment, place, owner and years."""

import re

_AMOUNT = r"(?:约|达|不低于|不少于)*\d[\d,.]*"
_AREA = re.compile(rf"面积(?:为|约为|达到)?({_AMOUNT}[万亿]?(?:平方米|平方公里|公顷|亩|m2))")
_INVESTMENT = re.compile(rf"投资(?:总?额)?(?:为|约为|达到)?({_AMOUNT}[百千万亿]*元)")
# Only where the text itself says which it is.
_PLACE = re.compile(
    r"(?:(?:建设|项目)?(?:地点|地址|选址)[：:为]\s*|位于|坐落于|选址于)([^，,。；;：:\n（(]{2,30})"
)
_OWNER = re.compile(
    r"(?:(?:责任|建设|实施|牵头|业主|承担)(?:单位|主体)[：:]\s*([^。；;\n）)]{2,60})"
    r"|由([^，,。；;\n由]{2,30}?)(?:牵头|负责|投资|承建|承担))"
)
_YEARS = re.compile(
    r"(?:建设|实施|起止)(?:年限|期限|周期|时间|期)[：:为]?\s*(\d{4}年?(?:[-—–~～至]+\d{4})?年?)"
)


def read_area(text: str) -> str | None:
    """Return the area as printed (4.3万平方米)."""
    return _find(_AREA, text)


def read_investment(text: str) -> str | None:
    """Return the investment as printed, with its unit (约5200万元)."""
    return _find(_INVESTMENT, text)


def read_place(text: str) -> str | None:
    """Return where it stands, if the text says 位于 or 建设地点."""
    return _find(_PLACE, text)


def read_owner(text: str) -> str | None:
    """Return who builds it or answers for it, if the text says so."""
    return _find(_OWNER, text)


def read_years(text: str) -> str | None:
    """Return the years in which it is built, if the text says 建设年限 or the like."""
    return _find(_YEARS, text)


def _find(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return next((group for group in match.groups() if group), None) if match else None
