"""The lines at a document's top and end in which it says what it is.

Knows where a head stops: at the salutation, the first numbered heading, the first long sentence.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.outline_labels import read_label

_PAGE_WORDS = Path(__file__).parent / "lexicon" / "page_words.txt"

_HEAD_LENGTH = 4000
_HEAD_LINES = 80
_TAIL_LENGTH = 1500
_TAIL_LINES = 20

_MARKS = " \t\u3000\xa0\u2002\u2003\f\v#*>|\ufeff\u200b\u200d"
_SENTENCE = re.compile("。.{20}|^.{80}")
_SALUTATION = re.compile(r"^.{2,200}[:\uff1a]$")
_FIELD = re.compile(r"^[【\[]?([\u4e00-\u9fff \u3000]{2,8})[】\]]?\s*[:\uff1a\t]\s*(\S.*)?$")
_SPACED = re.compile(r"^(?:\S[ \u3000])+\S$")


@dataclass(frozen=True, slots=True)
class Head:
    """The lines without blanks at their ends: those above the text, the first ones, the last ones.

    `fields` are the lines 文号：… of a page or of front matter, by name.
    """

    title_lines: tuple[str, ...]
    lines: tuple[str, ...]
    tail: tuple[str, ...]
    fields: dict[str, str]


def read_head(text: str) -> Head:
    """Return a document's head and tail."""
    lines = _lines(text[:_HEAD_LENGTH])[:_HEAD_LINES]
    fields: dict[str, str] = {}
    for place, line in enumerate(lines):
        found = _FIELD.match(line)
        if found is None:
            continue
        following = lines[place + 1] if place + 1 < len(lines) else ""
        fields.setdefault("".join(found[1].split()), (found[2] or following).strip())
    tail = _lines(text[-_TAIL_LENGTH:])[-_TAIL_LINES:]
    return Head(tuple(_above_text(lines)), tuple(lines), tuple(tail), fields)


def is_page_line(line: str) -> bool:
    """Tell whether a line belongs to the page around the document or to a picture in it."""
    return len(line) < 2 or line.isdigit() or any(word in line for word in _page_words())


def _lines(text: str) -> list[str]:
    stripped = (line.strip(_MARKS).rstrip() for line in text.split("\n"))
    # A title may be set with blanks: 政 府 工 作 报 告.
    return ["".join(line.split()) if _SPACED.match(line) else line for line in stripped if line]


def _above_text(lines: list[str]) -> list[str]:
    """Return the lines before the text itself begins, blank where the page breaks in."""
    above: list[str] = []
    for line in lines:
        if is_page_line(line) or _FIELD.match(line):
            above.append("")
            continue
        if _SENTENCE.search(line) or _SALUTATION.match(line) or read_label(line, 0, len(line)):
            break
        above.append(line)
    return above


@cache
def _page_words() -> tuple[str, ...]:
    lines = _PAGE_WORDS.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
