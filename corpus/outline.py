"""A plan's text → its outline: headings, numbered or styled, and the sections that they open.

The way: lines (`outline_lines`) → those with a label or a style (`outline_marks`, by way of
`outline_labels` and `outline_titles`) → 1. told from 1． (`outline_dots`) → without the table of
contents (`outline_contents`) and enumerations (`outline_lists`) → nested (`outline_tree`).
"""

from collections.abc import Sequence

from corpus.model import Section, Span, StyledHeading, Table
from corpus.outline_contents import find_contents
from corpus.outline_dots import part_dots
from corpus.outline_lists import find_headings
from corpus.outline_marks import Mark, read_marks
from corpus.outline_tree import read_depths


def build_outline(
    text: str, *, headings: Sequence[StyledHeading] = (), tables: Sequence[Table] = ()
) -> tuple[Section, ...]:
    """Cut the text into sections; section 0 is the text before the first heading, if any.

    No heading starts inside one of the `tables`. The sections' `own` spans follow each other
    without a gap and cover the whole text; `level` is the depth, 1 for the outermost, 0 for the
    text before the first heading.
    """
    marks, lines = read_marks(text, headings, tables)
    marks = part_dots(text, marks)
    found = _without_title(find_headings(text, marks, find_contents(text, marks, lines)))
    starts = [mark.start for mark in found]
    sections: list[Section] = []
    if not starts or text[: starts[0]].strip():
        lead = Span(0, starts[0] if starts else len(text))
        sections.append(Section(0, None, 0, (), Span(0, 0), lead, lead))
    elif starts[0] > 0:
        # Blank lines on top belong to the first section.
        starts[0] = 0
    depths = read_depths(found)
    ends = _ends(depths, starts, len(text))
    open_sections: list[Section] = []
    for position, mark in enumerate(found):
        del open_sections[depths[position] - 1 :]
        parent = open_sections[-1] if open_sections else None
        own_end = starts[position + 1] if position + 1 < len(starts) else len(text)
        section = Section(
            number=len(sections),
            parent=parent.number if parent else None,
            level=depths[position],
            path=(*(parent.path if parent else ()), " ".join(mark.heading.of(text).split())),
            heading=mark.heading,
            own=Span(starts[position], own_end),
            span=Span(starts[position], ends[position]),
        )
        sections.append(section)
        open_sections.append(section)
    return tuple(sections)


def _without_title(marks: list[Mark]) -> list[Mark]:
    """Leave out the document's title: the only heading of its style, above all others."""
    if len(marks) < 2 or marks[0].label is not None:
        return marks
    style = marks[0].style
    rest = [mark.style for mark in marks[1:] if mark.style]
    return marks[1:] if all(other > style for other in rest) else marks


def _ends(levels: list[int], starts: list[int], length: int) -> list[int]:
    """Return for each heading where the next one of its level or a higher one starts."""
    ends = [length] * len(levels)
    still_open: list[int] = []
    for position, level in enumerate(levels):
        while still_open and levels[still_open[-1]] >= level:
            ends[still_open.pop()] = starts[position]
        still_open.append(position)
    return ends
