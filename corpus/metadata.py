"""A document's text → its title and what it says of itself: 文号, issuer, place, period, date."""

import re

from corpus.model import Document, Metadata

# What a title ends with; a first line without one of these is taken for body text.
_TITLE = re.compile(
    r"^[^。!?\uff01\uff1f;\uff1b]{4,60}(?:规划|纲要|计划|报告|意见|措施|办法|方案|条例|建议|通知|决定|批复)"
    r"(?:[(\uff08][^()\uff08\uff09]{1,20}[)\uff09])?$"
)


def find_title(text: str) -> str | None:
    """Return the first line of the text if it reads like a document's title."""
    first = text.lstrip().split("\n", 1)[0].strip().lstrip("#").strip()
    return first if _TITLE.match(first) else None


def read_title(document: Document, name: str) -> str:
    """Return the document's own title, unless its file's `name` says the same and more."""
    found = find_title(document.text)
    return name if found is None or found in name else found


def read_metadata(document: Document, title: str) -> Metadata:
    """Return what the document says of itself."""
    return Metadata()
