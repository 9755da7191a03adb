"""Tells headings from numbered sentences and enumerations, by what stands beside them.

A line alone does not show it: 「1.申请表」 is an item among items and a heading above a paragraph.
So numbered lines are judged as the list that they make together.
"""

import re
from collections.abc import Iterator, Sequence, Set

from corpus.outline_labels import NAMED, RANKS, WEAK, Label
from corpus.outline_marks import Mark

# A number left out (a lost page, a misread figure) does not end a list.
_GAP = 3
# More of the list than this must be titles.
_SHARE = 0.5

# The date under a letter, within reach of its last line.
_SIGNATURE = 120
_SIGNED = re.compile(
    r"\n[ \t\u3000\xa0]*[12二][0-9〇○零一二三四五六七八九]{3}年[^\n。]{2,8}日"
    r"[ \t\u3000\xa0]*(?=\n|$)"
)
_TEXT = re.compile(r"[^\s。:\uff1a*#]")


def find_headings(text: str, marks: Sequence[Mark], contents: Set[int]) -> list[Mark]:
    """Return the marks that are headings, in order."""
    present = [mark for place, mark in enumerate(marks) if place not in contents]
    opens = [_opens(text, present, place) for place in range(len(present))]
    kept: set[int] = {place for place, mark in enumerate(present) if mark.style}
    for run in _runs(present):
        kept.update(_headings_of(text, present, opens, run))
    kept -= _annex_notes(text, present)
    return list(_without_repeats(text, [present[place] for place in sorted(kept)]))


def _annex_notes(text: str, marks: Sequence[Mark]) -> set[int]:
    """Return the lines 附件：… of a letter that only name its annex: it is signed after them."""
    notes: set[int] = set()
    later: set[int] = set()
    for place in range(len(marks) - 1, -1, -1):
        label, end = marks[place].label, marks[place].end
        if label is None or label.kind != "annex":
            continue
        is_named = text[label.end : label.end + 1] in {":", "\uff1a"}
        is_named = is_named or text[label.end - 1] in {":", "\uff1a"}
        if is_named and (label.value in later or _SIGNED.search(text, end, end + _SIGNATURE)):
            notes.add(place)
        later |= {label.value, 0}
    return notes


def _opens(text: str, marks: Sequence[Mark], place: int) -> bool:
    """Tell whether text or a list of a narrower kind follows the title."""
    mark = marks[place]
    following = marks[place + 1] if place + 1 < len(marks) else None
    whole = mark.title is None or mark.title.is_sentence
    start = mark.end if whole or mark.title is None else mark.title.end
    until = following.start if following is not None else len(text)
    if _TEXT.search(text, start, max(start, until)):
        return True
    if following is None or following.label is None or mark.label is None:
        return False
    if following.label.kind == mark.label.kind:
        return False
    return following.label.value <= 1 or _counts_on(marks[:place], mark.label, following.label)


def _counts_on(before: Sequence[Mark], label: Label, below: Label) -> bool:
    """Tell whether items are numbered through below several headings: （一）1.…5.（二）6.…"""
    same = (mark.label for mark in reversed(before) if mark.label and mark.label.kind == below.kind)
    last = next(same, None)
    return below.rank > label.rank and last is not None and below.value == last.value + 1


def _runs(marks: Sequence[Mark]) -> Iterator[list[int]]:
    """Yield the lists that count on, as places; an annex counts anew."""
    open_runs: dict[str, list[int]] = {}
    for place, mark in enumerate(marks):
        label = mark.label
        if label is None:
            continue
        if label.kind == "annex":
            yield from open_runs.values()
            open_runs = {"annex": [place]}
            continue
        run = open_runs.get(label.kind)
        last = marks[run[-1]].label if run else None
        if run is not None and last is not None and 0 < label.value - last.value <= _GAP:
            run.append(place)
            continue
        if run is not None:
            yield run
        open_runs[label.kind] = [place]
    yield from open_runs.values()


def _headings_of(
    text: str, marks: Sequence[Mark], opens: Sequence[bool], run: list[int]
) -> list[int]:
    """Return which of the list are headings."""
    label = marks[run[0]].label
    if label is None or not _counts(text, marks, run):
        return []
    if label.kind not in NAMED and label.kind != "article" and _is_enumeration(marks, opens, run):
        return []
    return [
        place
        for position, place in enumerate(run)
        if _is_heading(marks[place], opens[place]) and _follows(marks, run, position)
    ]


def _counts(text: str, marks: Sequence[Mark], run: list[int]) -> bool:
    """Tell whether a list is more than a number that stands at the head of a line by chance."""
    first = marks[run[0]]
    if first.label is None or first.label.kind in NAMED:
        return True
    if first.is_flat:
        return len(run) > 1
    if first.label.kind == "article":
        # Run into other words it is a reference, unless articles come before or after it.
        return len(run) > 1 or text[first.label.end : first.label.end + 1].strip() == ""
    if first.label.kind not in WEAK:
        return True
    return len(run) > 1 or first.label.value == 1 or not text[: first.start].strip()


def _is_enumeration(marks: Sequence[Mark], opens: Sequence[bool], run: list[int]) -> bool:
    items = sum(marks[place].is_item for place in run)
    if items * 2 >= len(run):
        return True
    titles = sum(marks[place].title is not None for place in run)
    label = marks[run[0]].label
    if titles < _SHARE * len(run) or (len(run) > 1 and titles == _SHARE * len(run)):
        return True
    is_weak = label is not None and label.kind in WEAK
    return is_weak and len(run) > 1 and not any(opens[place] for place in run[:-1])


def _is_heading(mark: Mark, opens: bool) -> bool:
    if mark.title is None or mark.is_item:
        return False
    return opens or not mark.title.is_sentence


def _follows(marks: Sequence[Mark], run: list[int], position: int) -> bool:
    """Tell whether a number in a line that the one before runs into is next in its list."""
    mark = marks[run[position]]
    if not mark.continues or mark.label is None or mark.label.kind in WEAK:
        return not mark.continues
    beside = run[position - 1] if position else run[min(1, len(run) - 1)]
    other = marks[beside].label
    return other is not None and abs(other.value - mark.label.value) == 1


def _without_repeats(text: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks without those that say again where the reader is: headers of pages."""
    open_titles: dict[str, str] = {}
    for mark in marks:
        if mark.label is not None:
            title = "".join(mark.heading.of(text).split())
            if open_titles.get(mark.label.kind) == title and mark.label.kind in NAMED:
                continue
            rank = mark.label.rank
            open_titles = {kind: of for kind, of in open_titles.items() if RANKS[kind] < rank}
            open_titles[mark.label.kind] = title
        yield mark
