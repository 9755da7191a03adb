"""Reads the lists that a section holds: headings below it, marked items, paragraphs with a title.

Knows nothing of the question. Every list has the words that name it (`leads`) and its items whole,
whatever chunks or pages they run over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_high
from typing import TypeAlias

from assistant.question import in_words
from corpus.chunking import trim
from corpus.model import Section, Span
from corpus.outline_labels import read_label
from corpus.segment import sentences

# An item longer than this is shown by its first sentence; the citation holds all of it.
_SHOWN = 90
# Sections of so many characters together are told whole, each in so many lines.
_MAX_WHOLE = 800
_MAX_LINES = 4
# A section that says more is no list.
_MAX_SENTENCES = 30
_NOTE = re.compile(r"[（(][^（）()]*[)）][。；]?")
# The words that name a list stand close before it.
_LEAD = 600
# The title that opens a paragraph: 坚持问题导向。从体育竞赛表演产业…
_MAX_TITLE = 30
_NUMERAL = "[一二三四五六七八九十]{1,3}"
# 一是…二是…, 一要…, 第一，…, （1）…, 1.…: each counts from one within its own kind.
_MARKERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![一二三四五六七八九十第之统唯同])({_NUMERAL})(?:是|要)(?!否)",
        rf"第({_NUMERAL})[,，、]",
        rf"[（(]({_NUMERAL}|\d{{1,2}})[)）]",
        r"(?m:^)[ \t\u3000]*(\d{1,2})(?:[.．、](?!\d)|(?=[^\d\s.．、]*方面))",
    )
)
# Where a text came without its line breaks: …报告。 2.立即…
_FLAT_MARKER = re.compile(r"(?<![^\s。；;：:])(\d{1,2})[.．、](?!\d)")
_DASH = re.compile(r"(?m)^[ \t\u3000]*(?:——|--|[-•●])[ \t]*(?=\S)")
_TITLED = re.compile(
    rf"(?m)^[ \t\u3000]*([^\s。；：\n][^。；：\n]{{2,{_MAX_TITLE}}}[。：])(?=[^\s])"
)
_PARAGRAPH = re.compile(r"[。；！？”][ \t\u3000]*\n")
_VALUES = {name: value for value in range(1, 100) for name in (in_words(value), str(value))}
# Where the first mark of a list stands, and its items.
Run: TypeAlias = tuple[int, list[Span]]
_ENDED = re.compile(r"[。；;：:！？!?”\"」)）][ \t\u3000]*$")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: `span` is cited, `shown` (within it) is what an answer says."""

    span: Span
    shown: Span


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list as it stands in a section, and the headings or sentences that name it."""

    plan_id: str
    section: int
    leads: tuple[Span, ...]
    items: tuple[Item, ...]


def headings_below(
    plan_id: str, text: str, section: Section, children: Sequence[Section], *, introduced: bool
) -> Enumeration | None:
    """Return the headings right below a section's as a list, if there are several.

    Where it is `introduced`, the sentence before the first of them names it as well. What stands
    below them goes along if all of it together is short.
    """
    if len(children) < 2:
        return None
    is_short = sum(len(child.span) for child in children) <= _MAX_WHOLE
    whole = is_short and all(_is_prose(text, child) for child in children)
    items = [_headed(text, child, whole=whole) for child in children]
    if (untitled := _untitled_first(text, section, children[0])) is not None:
        items.insert(0, _item(text, untitled) if not whole else Item(untitled, untitled))
    before = _leads_before(text, _body(section), section.own.end) if introduced else ()
    leads = (section.heading, *before[:1])
    return Enumeration(plan_id, section.number, leads, tuple(items))


def lists_within(plan_id: str, text: str, section: Section) -> Iterator[Enumeration]:
    """Yield the lists that stand in a section's own text, before its first subsection."""
    body = _body(section)
    runs = [*_marked_runs(text, body), _dashed_run(text, body), _titled_run(text, body)]
    for start, run in runs:
        if len(run) < 2:
            continue
        leads = _leads_before(text, body, start)
        if _is_whole(text, body, run):
            leads = (*leads, section.heading) if leads else (section.heading,)
        if leads:
            items = tuple(_item(text, span) for span in run)
            yield Enumeration(plan_id, section.number, leads, items)
    # Too many a number stands in a text to trust the sentence before it.
    for _, run in _runs(text, body, _FLAT_MARKER):
        if len(run) > 1 and section.path and _is_whole(text, body, run):
            items = tuple(_item(text, span) for span in run)
            yield Enumeration(plan_id, section.number, (section.heading,), items)


def sentences_of(
    plan_id: str, text: str, section: Section, children: Sequence[Section]
) -> Enumeration | None:
    """Return what a section without subsections says, sentence by sentence."""
    spans = own_sentences(text, section) if not children else []
    # （省商务厅负责） says who, not what.
    spans = [span for span in spans if not _NOTE.fullmatch(span.of(text))]
    if not 1 < len(spans) <= _MAX_SENTENCES:
        return None
    items = tuple(Item(span, span) for span in spans)
    return Enumeration(plan_id, section.number, (section.heading,), items)


def own_sentences(text: str, section: Section) -> list[Span]:
    """Return the sentences of a section's own text, without its heading."""
    body = _body(section)
    found = [Span(body.start + s.start, body.start + s.end) for s in sentences(body.of(text))]
    return [span for span in (trim(text, span) for span in found) if len(span) > 1]


def _body(section: Section) -> Span:
    return Span(min(section.heading.end, section.own.end), section.own.end)


def _is_whole(text: str, body: Span, run: Sequence[Span]) -> bool:
    """Tell whether the list makes up most of its section, so that the heading names it."""
    return 2 * (run[-1].end - run[0].start) > len(body.of(text).strip())


def _leads_before(text: str, body: Span, end: int) -> tuple[Span, ...]:
    """Return the sentence before a list, and the first one of the paragraph that it ends."""
    before = Span(max(body.start, end - _LEAD), max(body.start, end))
    ends = [Span(before.start + s.start, before.start + s.end) for s in sentences(before.of(text))]
    found = [span for span in (trim(text, span) for span in ends) if len(span) > 1]
    if not found:
        return ()
    break_ = text.rfind("\n", body.start, found[-1].start)
    opening = next(span for span in found if span.start > break_)
    return tuple(dict.fromkeys((found[-1], opening)))


def _marked_runs(text: str, body: Span) -> Iterator[Run]:
    """Yield the lists that count on from one: 一是…二是…三是…"""
    for pattern in _MARKERS:
        yield from _runs(text, body, pattern)


def _runs(text: str, body: Span, pattern: re.Pattern[str]) -> Iterator[Run]:
    run: list[tuple[int, int]] = []
    for match in pattern.finditer(text, body.start, body.end):
        value = _VALUES.get(match[1], 0)
        if value == 1:
            yield _spans(text, body, run)
            run = []
        if value == len(run) + 1:
            run.append((match.start(), match.end()))
    yield _spans(text, body, run)


def _dashed_run(text: str, body: Span) -> Run:
    found = _DASH.finditer(text, body.start, body.end)
    return _spans(text, body, [(match.start(), match.end()) for match in found])


def _titled_run(text: str, body: Span) -> Run:
    """Return the paragraphs that open with a short title: 坚持问题导向。从…"""
    found = [
        match.start(1)
        for match in _TITLED.finditer(text, body.start, body.end)
        if not (before := text[body.start : match.start()].rstrip()) or _ENDED.search(before)
    ]
    return _spans(text, body, [(start, start) for start in found])


def _spans(text: str, body: Span, marks: Sequence[tuple[int, int]]) -> Run:
    """Return the items, each from behind its mark to the next; the last ends as the others do."""
    if len(marks) < 2:
        return body.end, []
    ends = [start for start, _ in marks[1:]]
    last_start = marks[-1][1]
    ends.append(_paragraph_end(text, body, last_start))
    found = [trim(text, Span(start, end)) for (_, start), end in zip(marks, ends, strict=True)]
    if "\n" not in text[marks[0][0] : last_start].strip():
        # Within a paragraph, what follows the last item is no longer of the list.
        usual = median_high(len(sentences(span.of(text))) for span in found[:-1])
        kept = sentences(found[-1].of(text))[:usual][-1]
        found[-1] = trim(text, Span(found[-1].start, found[-1].start + kept.end))
    return marks[0][0], [span for span in found if len(span)]


def _paragraph_end(text: str, body: Span, start: int) -> int:
    """Return where the paragraph ends: at a line that ends with its sentence."""
    match = _PARAGRAPH.search(text, start, body.end)
    return match.start() + 1 if match else body.end


def _unnumbered(text: str, heading: Span) -> Span:
    """Return the heading without the number that opens it."""
    label = read_label(text, heading.start, heading.end)
    return trim(text, Span(label.end, heading.end)) if label is not None else heading


def _headed(text: str, section: Section, *, whole: bool) -> Item:
    """Return a section as an item: its heading, or the `whole` of it."""
    shown = _unnumbered(text, section.heading)
    if not whole:
        return Item(section.heading, shown)
    told = trim(text, section.own)
    return Item(told, Span(shown.start, told.end))


def _untitled_first(text: str, section: Section, child: Section) -> Span | None:
    """Return what stands before the first heading below a section and is numbered right before it.

    Its number opens a sentence and no title, so it is no section: 6.建立资金池，主要用于…7.加强…
    """
    body = trim(text, _body(section))
    label = read_label(text, body.start, body.end)
    following = read_label(text, child.heading.start, child.heading.end)
    if label is None or following is None or label.kind != following.kind:
        return None
    return Span(label.end, body.end) if label.value == following.value - 1 else None


def _is_prose(text: str, section: Section) -> bool:
    """Tell whether a section without subsections says a few sentences, and no table."""
    body = _body(section).of(text).strip()
    is_leaf = section.own.end == section.span.end
    return is_leaf and body.count("\n") < _MAX_LINES and body.endswith(("。", "；", "）", ")"))


def _item(text: str, span: Span) -> Item:
    if len(span) <= _SHOWN:
        return Item(span, span)
    first = sentences(span.of(text))[0]
    return Item(span, trim(text, Span(span.start + first.start, span.start + first.end)))
