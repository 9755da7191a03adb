"""A plan's text → its outline: numbered headings and the sections that they open."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.model import Section, Span, StyledHeading, Table

_NUMERAL = "[一二三四五六七八九十百零〇两]+"

# From widest to narrowest; what comes later in the list nests in what comes before, whatever a
# text starts with or leaves out.
_LABELS = (
    (
        "annex",
        re.compile(r"附[件录表]\s*(?:\d{1,2}|" + _NUMERAL + r")?(?=[\s:\uff1a“\"]|$)[:\uff1a]?"),
    ),
    ("part", re.compile(rf"第(?:{_NUMERAL}|\d+)(?:篇|部分)")),
    ("chapter", re.compile(rf"第(?:{_NUMERAL}|\d+)章")),
    ("section", re.compile(rf"第(?:{_NUMERAL}|\d+)节")),
    ("ordinal", re.compile(rf"{_NUMERAL}、")),
    ("box", re.compile(r"专栏\s*(?:\d{1,2}|" + _NUMERAL + r")")),
    ("bracket", re.compile(rf"[(（]{_NUMERAL}[)）]、?")),
    ("article", re.compile(rf"第(?:{_NUMERAL}|\d+)条")),
    ("arabic", re.compile(r"\d{1,2}(?:[.\uff0e](?!\d)|、)")),
    ("arabic bracket", re.compile(r"[(（]\d{1,2}[)）]")),
    ("circled", re.compile(r"[①-⑳]")),
)

# A heading is a phrase: longer, and the line is an item that merely starts with a number.
_MAX_TITLE = 40
_LINE_TITLE = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered line, or the part of a line that a run-in heading takes up."""

    level: int
    span: Span


def build_outline(
    text: str, *, headings: Sequence[StyledHeading] = (), tables: Sequence[Table] = ()
) -> tuple[Section, ...]:
    """Cut the text into sections; section 0 is the text before the first heading, if any.

    The sections' `own` spans follow each other without a gap and cover the whole text.
    """
    found = list(_find_headings(text))
    starts = [_section_start(text, heading) for heading in found]
    sections: list[Section] = []
    if not starts or text[: starts[0]].strip():
        lead = Span(0, starts[0] if starts else len(text))
        sections.append(Section(0, None, 0, (), Span(0, 0), lead, lead))
    elif starts[0] > 0:
        # Blank lines on top belong to the first section.
        starts[0] = 0
    ends = _ends([heading.level for heading in found], starts, len(text))
    open_sections: list[Section] = []
    for position, heading in enumerate(found):
        while open_sections and open_sections[-1].level >= heading.level:
            open_sections.pop()
        parent = open_sections[-1] if open_sections else None
        own_end = starts[position + 1] if position + 1 < len(starts) else len(text)
        section = Section(
            number=len(sections),
            parent=parent.number if parent else None,
            level=heading.level,
            path=(*(parent.path if parent else ()), _title(text, heading)),
            heading=heading.span,
            own=Span(starts[position], own_end),
            span=Span(starts[position], ends[position]),
        )
        sections.append(section)
        open_sections.append(section)
    return tuple(sections)


def _ends(levels: list[int], starts: list[int], length: int) -> list[int]:
    """Return for each heading where the next one of its level or a higher one starts."""
    ends = [length] * len(levels)
    still_open: list[int] = []
    for position, level in enumerate(levels):
        while still_open and levels[still_open[-1]] >= level:
            ends[still_open.pop()] = starts[position]
        still_open.append(position)
    return ends


def _section_start(text: str, heading: Heading) -> int:
    """Return where the heading's line starts: its indent and its # belong to no other section."""
    return text.rfind("\n", 0, heading.span.start) + 1


def _title(text: str, heading: Heading) -> str:
    return " ".join(heading.span.of(text).split())


def _find_headings(text: str) -> Iterator[Heading]:
    lines = list(re.finditer(r"[^\n]*\S[^\n]*", text))
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        heading = _read_heading(text, line, following)
        if heading is not None:
            yield heading


def _read_heading(
    text: str, line: re.Match[str], following: re.Match[str] | None
) -> Heading | None:
    start = line.start() + len(line[0]) - len(line[0].lstrip(" \t\u3000#*"))
    for level, (kind, pattern) in enumerate(_LABELS, start=1):
        label = pattern.match(text, start, line.end())
        if label is None:
            continue
        if kind == "annex":
            end = _annex_end(text, label, line, following)
        else:
            end = _heading_end(text, label.end(), line.end())
        return Heading(level, Span(start, end)) if end is not None else None
    return None


def _heading_end(text: str, start: int, line_end: int) -> int | None:
    """Return where the heading stops: at its full stop if it runs into the paragraph."""
    stop = re.compile("[。!?\uff01\uff1f]").search(text, start, line_end)
    if stop is None:
        rest = text[start:line_end].rstrip().rstrip("*")
        fits = 0 < len(rest) <= _LINE_TITLE and not rest.endswith((";", "\uff1b", ",", "\uff0c"))
        return start + len(rest) if fits else None
    if stop.start() - start > _MAX_TITLE:
        return None
    return stop.start()


def _annex_end(
    text: str,
    label: re.Match[str],
    line: re.Match[str],
    following: re.Match[str] | None,
) -> int | None:
    """Return where an annex's heading stops; a bare 附件1 takes its title from the next line."""
    rest = text[label.end() : line.end()].strip()
    if rest:
        return line.end() if len(rest) <= _LINE_TITLE and "。" not in rest else None
    if following is not None and _is_title(text, following):
        return line.start() + len(text[line.start() : following.end()].rstrip())
    return label.end()


def _is_title(text: str, line: re.Match[str]) -> bool:
    words = line[0].strip()
    # A numbered line is the first heading inside the annex, not its title.
    is_heading = any(pattern.match(words) for _, pattern in _LABELS)
    return len(words) <= _LINE_TITLE and "。" not in words and not is_heading
