"""The outline against the labelled headings."""

from collections import Counter
from collections.abc import Sequence

from corpus.model import Section, Span
from eval.corpus.outcome import Outcome, shorten
from eval.corpus.tally import Counts


def score_headings(
    sections: Sequence[Section], labelled: Sequence[tuple[str, ...]], stretch: Span
) -> Outcome:
    """Compare whole paths, and the last heading of each alone; blanks inside one count as one."""
    read = [
        _path(section.path)
        for section in sections
        if section.path and stretch.start <= section.heading.start < stretch.end
    ]
    wanted = [_path(path) for path in labelled]
    missed, invented = Counter(wanted) - Counter(read), Counter(read) - Counter(wanted)
    return Outcome(
        counts={
            "headings": _count(wanted, read),
            "last_headings": _count([path[-1] for path in wanted], [path[-1] for path in read]),
        },
        failures=(
            *(f"标题漏读：{_show(path)}" for path in missed.elements()),
            *(f"标题多读：{_show(path)}" for path in invented.elements()),
        ),
    )


def _path(headings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(heading.split()) for heading in headings)


def _count(wanted: Sequence[object], read: Sequence[object]) -> Counts:
    hits = (Counter(wanted) & Counter(read)).total()
    return Counts(hits, len(wanted) - hits, len(read) - hits)


def _show(path: tuple[str, ...]) -> str:
    return " > ".join(shorten(heading, 30) for heading in path)
