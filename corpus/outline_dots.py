"""Tells 1． from 1. where a text numbers two levels by them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus.outline_marks import Mark

# A slip of the keyboard nests nothing: so many lists are needed, and so many of them in order.
_FEWEST = 2
_SHARE = 0.8


def part_dots(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks, those numbered with the inner kind of dot as a kind of their own.

    Where 1． 2． stand again and again under a 1. 2. that counts on, they are the level below.
    """
    dots = [_dot(text, mark) for mark in marks]
    for outer, inner in ((".", "．"), ("．", ".")):
        if _nests(marks, dots, outer, inner):
            return [
                _inner(mark) if dot == inner else mark
                for mark, dot in zip(marks, dots, strict=True)
            ]
    return list(marks)


def _dot(text: str, mark: Mark) -> str:
    label = mark.label
    return text[label.end - 1] if label is not None and label.kind == "arabic" else ""


def _inner(mark: Mark) -> Mark:
    return (
        mark
        if mark.label is None
        else replace(mark, label=replace(mark.label, kind="inner arabic"))
    )


def _nests(marks: Sequence[Mark], dots: Sequence[str], outer: str, inner: str) -> bool:
    values = [mark.label.value if mark.label else 0 for mark in marks]
    kinds: Counter[str] = Counter()
    above: int | None = None
    is_first, has_list = False, False
    for value, dot in zip(values, dots, strict=True):
        if dot == inner and is_first:
            kinds["begun" if value == 1 else "not begun"] += 1
            is_first, has_list = False, True
        elif dot == outer:
            if has_list and above is not None and value > 1:
                kinds["counted on" if value == above + 1 else "broken off"] += 1
            above, is_first, has_list = value, True, False
    return all(
        kinds[good] >= _FEWEST and kinds[good] >= _SHARE * (kinds[good] + kinds[bad])
        for good, bad in (("begun", "not begun"), ("counted on", "broken off"))
    )
