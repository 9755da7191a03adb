"""A document's text → its title and what it says of itself: 文号, issuer, place, period, date.

Only from where a document speaks of itself: its first lines, its signature, the fields of its page.
"""

import re

from corpus.metadata_dates import (
    find_made_field,
    find_meeting_date,
    find_period,
    find_published,
    find_signed_date,
)
from corpus.metadata_head import Head, read_head
from corpus.metadata_place import find_issuer, find_region, find_signature
from corpus.metadata_title import (
    find_title,
    is_report,
    issued_name,
    plain_title,
    report_title,
    title_kind,
)
from corpus.model import Document, Metadata

_NUMBER = (
    r"[\u4e00-\u9fff]{1,14}\s?[〔\[【\uff3b\uff08(﹝]\s?(?:19|20)\d\d\s?年?[〕\]】\uff3d\uff09)﹞]"
    r"\s?第?\s?\d{1,4}\s?号|[〔\[(\uff08][\u4e00-\u9fff]{2,4}届[〕\])\uff09]\s?第?\s?\d{1,4}\s?号"
)
_NUMBER_LINE = re.compile(rf"[(\uff08]?({_NUMBER})[)\uff09]?(?:\s.{{0,20}})?$")
_NUMBER_IN = re.compile(_NUMBER)
_NUMBER_FIELDS = ("文号", "发文字号", "文件编号", "文件字号", "发文文号")
_NUMBER_LINES = 40
_LAST_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?$")
# What stands above the date of a letter that names no body below it.
_LETTER_END = re.compile(r"。$|代章[)\uff09]$")
_CJK = re.compile(r"[\u4e00-\u9fff]{2}")


def read_title(document: Document, name: str) -> str:
    """Return the document's own title, unless its file's `name` says the same and more.

    A work report that calls itself 政府工作报告 only gets the year and place of its meeting.
    """
    head = read_head(document.text)
    found = find_title(head)
    if found is None:
        given = plain_title((document.title or "").strip())
        return given if title_kind(given) and _CJK.search(given) else name
    own = report_title(head, found)
    if own == found and found in name and _CJK.search(name.replace(found, "")):
        return name
    return own


def read_metadata(document: Document, title: str, name: str) -> Metadata:
    """Return what the document says of itself; what it does not say for sure is None.

    Of the place its file's `name` may tell what the document does not.
    """
    head = read_head(document.text)
    place, signed = _signature(head)
    signature = find_signature(place, signed[0]) if signed is not None else None
    issued = issued_name(title)
    region, level = find_region(title, issued)
    issuer = find_issuer(head, title, signature, region)
    if issuer is not None:
        from_issuer = find_region(issuer)
        if from_issuer[1] is not None or region is None:
            region, level = from_issuer
    if region is None and level is None:
        region, level = find_region(name)
    period = find_period(issued or "") or find_period(title) or _report_year(title)
    made = find_made_field(head) or (find_meeting_date(head) if is_report(title) else None)
    return Metadata(
        number=_number(head),
        issuer=issuer,
        region=region,
        level=level,
        kind=title_kind(title),
        start_year=period[0] if period else None,
        end_year=period[1] if period else None,
        date=made
        or (signed[1] if signed is not None else None)
        or find_meeting_date(head)
        or find_published(head),
    )


def _signature(head: Head) -> tuple[tuple[str, ...], tuple[int, str] | None]:
    """Return the lines in which the document is signed, and its date with its place in them."""
    for lines in (head.lines, head.tail):
        for found in find_signed_date(lines):
            if find_signature(lines, found[0]) is not None:
                return lines, found
    for found in find_signed_date(head.lines):
        if found[0] and _LETTER_END.search(head.lines[found[0] - 1]):
            return head.lines, found
    return (), None


def _report_year(title: str) -> tuple[int, int] | None:
    """Return the year that the name of a work report ends with."""
    found = _LAST_YEAR.search(title) if is_report(title) else None
    return (int(found[1]), int(found[1])) if found is not None else None


def _number(head: Head) -> str | None:
    """Return the document's own 文号: alone on a line of its head, or in the page's field."""
    for field in _NUMBER_FIELDS:
        found = _NUMBER_IN.search(head.fields.get(field, ""))
        if found is not None:
            return "".join(found[0].split())
    for line in head.lines[:_NUMBER_LINES]:
        own = _NUMBER_LINE.match(line)
        if own is not None:
            return "".join(own[1].split())
    return None
