"""Headings in the order of the text → how deep each of them stands."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.outline_labels import RANKS
from corpus.outline_marks import Mark

# Kinds that some texts use the other way round: the first is then above the second.
_SWAPS = (("bracket", "ordinal"), ("ordinal", "chapter"))


@dataclass(slots=True)
class _Open:
    """A heading whose section is not over: how wide it is, and its place in its list."""

    kind: str
    value: int
    rank: float


def read_depths(marks: Sequence[Mark]) -> list[int]:
    """Return the depth of each heading, 1 for the outermost.

    A number that is next in a list that is still open belongs to that list; one that begins a list
    goes below what is wider than it.
    """
    styles = _style_ranks(marks)
    depths: list[int] = []
    open_headings: list[_Open] = []
    raised = [list(_swapped(marks, narrow, wide)) for narrow, wide in _SWAPS]
    for place, mark in enumerate(marks):
        above = [wide for (_, wide), found in zip(_SWAPS, raised, strict=True) if found[place]]
        heading = _opened(mark, styles, above)
        _close(open_headings, heading)
        if heading.kind == "box":
            # A box belongs to the section in which it stands, whatever its number.
            heading.rank = open_headings[-1].rank + 0.5 if open_headings else heading.rank
        open_headings.append(heading)
        depths.append(len(open_headings))
    return depths


def _opened(mark: Mark, styles: dict[int, float], above: Sequence[str]) -> _Open:
    if mark.label is None:
        return _Open("styled", 0, styles[mark.style])
    rank: float = mark.label.rank
    for narrow, wide in _SWAPS:
        if wide in above and mark.label.kind == narrow:
            rank = RANKS[wide] - 0.5
    return _Open(mark.label.kind, mark.label.value, rank)


def _close(open_headings: list[_Open], heading: _Open) -> None:
    """Close what the new heading ends."""
    for place in range(len(open_headings) - 1, -1, -1):
        one = open_headings[place]
        if one.kind != heading.kind:
            continue
        # Boxes are not put into each other; their number says nothing of where they stand.
        if heading.kind == "box" or heading.value == one.value + 1:
            del open_headings[place:]
            return
    if heading.kind == "box":
        return
    if heading.value > 1:
        _close_boxes(open_headings)
    elif heading.kind == "bracket" and open_headings and open_headings[-1].kind == "article":
        # In a law （一） counts within the article, whatever stands above articles elsewhere.
        return
    while open_headings and open_headings[-1].rank >= heading.rank:
        open_headings.pop()


def _close_boxes(open_headings: list[_Open]) -> None:
    """Close the box that is open: a list that began before it goes on after it."""
    for place, one in enumerate(open_headings):
        if one.kind == "box":
            del open_headings[place:]
            return


def _swapped(marks: Sequence[Mark], narrow: str, wide: str) -> Iterator[bool]:
    """Yield for each heading whether it stands where the `narrow` kind is above the `wide` one.

    It is where the narrow kind comes first and counts on whatever lists of the wide one it holds:
    （一） 一、 二、 （二） 一、 ….
    """
    for region in _regions(marks, {kind for kind, rank in RANKS.items() if rank < RANKS[wide]}):
        swapped = _is_swapped(region, narrow, wide)
        for _ in region:
            yield swapped


def _regions(marks: Sequence[Mark], borders: set[str]) -> Iterator[list[Mark]]:
    """Yield the stretches that begin with a heading of one of the kinds."""
    region: list[Mark] = []
    for mark in marks:
        if region and mark.label is not None and mark.label.kind in borders:
            yield region
            region = []
        region.append(mark)
    if region:
        yield region


def _is_swapped(region: Sequence[Mark], narrow: str, wide: str) -> bool:
    labels = [mark.label for mark in region if mark.label and mark.label.kind in {narrow, wide}]
    if not labels or labels[0].kind != narrow or labels[0].value != 1:
        return False
    last, counts_on = 0, False
    for before, label in pairwise([labels[0], *labels]):
        if label.kind != narrow:
            continue
        if label.value != last + 1:
            return False
        counts_on = counts_on or before.kind == wide
        last = label.value
    return counts_on


def _style_ranks(marks: Sequence[Mark]) -> dict[int, float]:
    """Return how wide a heading of each style level is among the numbered ones.

    It is as wide as the numbered headings in the same style; without any, it lies between those in
    wider and those in narrower styles.
    """
    numbered: dict[int, Counter[int]] = {}
    for mark in marks:
        if mark.style and mark.label is not None:
            numbered.setdefault(mark.style, Counter())[mark.label.rank] += 1
    known = {style: ranks.most_common(1)[0][0] for style, ranks in numbered.items()}
    styles = {mark.style for mark in marks if mark.style}
    return {style: _style_rank(style, known) for style in styles}


def _style_rank(style: int, known: dict[int, int]) -> float:
    if style in known:
        return known[style]
    wider = [rank for other, rank in known.items() if other < style]
    narrower = [rank for other, rank in known.items() if other > style]
    step = style / 100
    if wider:
        return max(wider) + step
    return min(narrower) - 1 + step if narrower else step
