"""Pairs what was read with what was labelled, one to one, by where both stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.model import Span
from eval.corpus.places import overlap


@dataclass(frozen=True, slots=True)
class Match:
    """Numbers of what was read and labelled: pairs, and what has no partner."""

    hits: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    invented: tuple[int, ...]


def match(
    read: Sequence[Span],
    labelled: Sequence[Span | None],
    optional: Sequence[bool],
    *,
    fits: Callable[[int, int], bool],
    overlaps: Callable[[Span, Span], bool],
) -> Match:
    """Pair each label with at most one read item that overlaps it and fits, most overlap first.

    An optional label is never missed, and what overlaps one is never invented.
    """
    candidates = [
        (overlap(span, place), i, j)
        for j, place in enumerate(labelled)
        if place is not None and not optional[j]
        for i, span in enumerate(read)
        if overlaps(span, place) and fits(i, j)
    ]
    candidates.sort(key=lambda candidate: (-candidate[0], candidate[1], candidate[2]))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in candidates:
        if i not in taken and j not in partner:
            partner[j] = i
            taken.add(i)
    excused = [
        place for place, free in zip(labelled, optional, strict=True) if free and place is not None
    ]
    return Match(
        hits=tuple((i, j) for j, i in sorted(partner.items())),
        missed=tuple(j for j in range(len(labelled)) if j not in partner and not optional[j]),
        invented=tuple(
            i
            for i, span in enumerate(read)
            if i not in taken and not any(overlaps(span, place) for place in excused)
        ),
    )
