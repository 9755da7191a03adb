"""Tells the lines of a table of contents from the headings that they announce."""

import re
from collections.abc import Sequence, Set
from itertools import pairwise

from corpus.outline_lines import Line
from corpus.outline_marks import Mark

# Dots, dashes or tabs that lead to a page number; without dots the blanks must be wide.
_LEADER = re.compile(
    r"(?:(?:[.\uff0e．·•…‥\u2500—-][ \u3000]?){3,}|\t+|[ \u3000\xa0]{3,})"
    r"[(\uff08-]?\s?\d{1,4}\s?[)\uff09-]?\s*$"
)
# A title that fills its line leaves room for one dot.
_DOTTED = re.compile(
    r"(?:(?:[.\uff0e·•…‥\u2500—-][ \u3000]?){4,}|(?<=[\u4e00-\u9fff”》)\uff09])[.\uff0e·…]+)"
    r"\s*\d{1,4}\s*$"
)
_CONTENTS = re.compile(r"目[\s\u3000]*录|目[\s\u3000]*次")
_CONTENTS_LINE = 6
_TAIL = 80
# How much of a title is compared, how many lines make a table, how far apart they may stand.
_KEY = 8
_FEWEST_LEADERS = 3
_FEWEST = 3
_BETWEEN = 4
_GAP = 30
_SHARE = 0.6
_SENTENCE = re.compile("[。;\uff1b]")
_NOT_WORDS = re.compile(r"[\W\d_]+")

_Key = tuple[str, int, str]


def find_contents(text: str, marks: Sequence[Mark], lines: Sequence[Line]) -> frozenset[int]:
    """Return the places (in `marks`) of those that only announce a heading."""
    leading = _with_leaders(text, marks)
    announced = set(leading)
    keys = [_key(text, mark) for mark in marks]
    last = {key: place for place, key in enumerate(keys)}
    titles = _contents_lines(text, lines)
    for first, end in _tight_runs(text, marks, leading):
        stop = _restart(keys, first, end)
        recurring = sum(last[keys[place]] >= stop for place in range(first, stop))
        before = marks[first].line - 1
        fewest = 1 if before in titles or before - 1 in titles else _FEWEST
        if stop - first >= fewest and recurring >= _SHARE * (stop - first):
            announced.update(range(first, stop))
    return frozenset(announced)


def is_contents_line(line: str) -> bool:
    """Tell whether dots lead to a page number at the end of the line."""
    return _DOTTED.search(line) is not None


def _with_leaders(text: str, marks: Sequence[Mark]) -> set[int]:
    """Return the marks that lead to a page number, and the few between them that were broken."""
    leading = [
        place
        for place, mark in enumerate(marks)
        if _LEADER.search(text, max(mark.words, mark.end - _TAIL), mark.end)
    ]
    if len(leading) < _FEWEST_LEADERS:
        return set()
    found = set(leading)
    for left, right in pairwise(leading):
        if right - left <= _BETWEEN:
            found.update(range(left, right))
    return found


def _key(text: str, mark: Mark) -> _Key:
    """Return what a heading and its line in the table of contents have in common."""
    if mark.label is None:
        return "styled", 0, _NOT_WORDS.sub("", mark.heading.of(text))[:_KEY]
    words = text[mark.label.end : min(mark.end, mark.label.end + 4 * _KEY)]
    return mark.label.kind, mark.label.value, _NOT_WORDS.sub("", words)[:_KEY]


def _contents_lines(text: str, lines: Sequence[Line]) -> set[int]:
    """Return which lines say 目录."""
    return {
        number
        for number, line in enumerate(lines)
        if line.end - line.words <= _CONTENTS_LINE and _CONTENTS.match(text, line.words, line.end)
    }


def _tight_runs(text: str, marks: Sequence[Mark], leading: Set[int]) -> list[tuple[int, int]]:
    """Return the runs (first, end) of marks without text between them or page numbers."""
    runs: list[tuple[int, int]] = []
    first = 0
    for place in range(1, len(marks) + 1):
        parted = (place in leading) != (place - 1 in leading)
        if place < len(marks) and not parted and _is_tight(text, marks[place - 1], marks[place]):
            continue
        runs.append((first, place))
        first = place
    return runs


def _is_tight(text: str, left: Mark, right: Mark) -> bool:
    """Tell whether the left mark is a line without a sentence, and the right one follows it."""
    if right.start - left.words > 2 * (_TAIL + _GAP):
        return False
    if right.is_item or _SENTENCE.search(text, left.words, right.start):
        return False
    return len(text[left.end : right.start].strip()) <= _GAP


def _restart(keys: Sequence[_Key], first: int, end: int) -> int:
    """Return where in a run the headings begin again, its end if they do not."""
    seen: set[_Key] = set()
    for place in range(first, end):
        if keys[place] in seen:
            return place
        seen.add(keys[place])
    return end
