"""Sections → sentences, each with the time that it speaks of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.model import Section, Span
from corpus.targets_years import (
    Clock,
    heading_stance,
    heading_year,
    is_title_line,
    named_years,
    section_stances,
    sets_goals,
    years_ahead,
)
from corpus.years import Years

# No sentence is longer; one that is (text without punctuation) is cut, so that time stays linear.
_SENTENCE = re.compile(r"[^。！？!?；;\n]{1,2000}")
_ENDED = re.compile("[。！？!?；;：:]\\W*$")
_LINE = re.compile(r"[^\n]+")
# A year so near to a sentence's start holds for the sentences that follow in the paragraph.
_OPENING = 16
# 今年……目标是：……；……: what follows is of this year as well, not of the period before it.
_THIS_YEAR = re.compile(r"\s*今年")
_PERIOD = re.compile(
    r"[\s“\"]*(?:十[一二三四五六七八九]?五[”\"]?(?:时期|期间)|(?:今后|未来)[三四五]年)"
)
# The document's own title tells nothing of what follows.
_OWN_TITLE = re.compile("报告|纲要$|规划$|建议$|通知$|意见$|目录")


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence and what is known of its time.

    `years` are those that it names itself, `year` the one that holds for it from `year_span` (a
    heading, a sentence before it). `is_goal` tells that its paragraph says that it sets goals.
    """

    section: Section
    span: Span
    sentence: str
    is_ahead: bool
    is_goal: bool
    years: tuple[Years, ...]
    year: int | None
    year_span: Span


@dataclass(frozen=True, slots=True)
class _Title:
    """What the last heading without a number says of the time of what follows it."""

    is_ahead: bool
    year: int | None
    span: Span


@dataclass(slots=True)
class _Reading:
    """What holds at the point up to which a section has been read."""

    title: _Title
    told: bool | None
    is_ahead: bool
    year_span: Span
    year: int | None = None
    is_goal: bool = False
    is_open: bool = False


def read_places(text: str, sections: Sequence[Section], clock: Clock) -> Iterator[Place]:
    """Return the sentences in order, each with the time that it speaks of."""
    # A heading without a number stands above all sections that follow, until the next one.
    title = _Title(not clock.is_report, None, Span(0, 0))
    for section, told in zip(sections, section_stances(sections, clock), strict=True):
        if told is not None and section.parent is None:
            title = _Title(told, None, Span(0, 0))
        reading = _Reading(title, told, title.is_ahead if told is None else told, title.span)
        for line in _LINE.finditer(text, section.own.start, section.own.end):
            if line.end() > section.heading.end:
                yield from _read_line(text, line, section, reading, clock)
        title = reading.title


def _read_line(
    text: str, line: re.Match[str], section: Section, reading: _Reading, clock: Clock
) -> Iterator[Place]:
    if is_title_line(line[0]):
        new = _read_title(line, clock)
        if new is not None:
            reading.title, reading.is_ahead = new, new.is_ahead
        return
    if not reading.is_open:
        _start_paragraph(section, reading, clock)
    # A line that ends within a sentence goes on in the next one.
    reading.is_open = _ENDED.search(line[0][-8:]) is None
    is_first = True
    for match in _SENTENCE.finditer(text, line.start(), line.end()):
        years = tuple(years_ahead(match[0]))
        if reading.told is not False and sets_goals(match[0]) and not is_past(years, clock):
            # A report that goes over to its goals looks ahead from there on.
            reading.is_goal = reading.is_ahead = True
            if reading.told is None:
                reading.title = replace(reading.title, is_ahead=True)
        span = Span(*match.span())
        yield Place(
            section=section,
            span=span,
            sentence=match[0],
            is_ahead=reading.is_ahead,
            is_goal=reading.is_goal,
            years=years,
            year=reading.year,
            year_span=reading.year_span,
        )
        if is_first and reading.told is None and _opens_period(match[0], years, clock):
            # 十四五时期是……: a report that goes over to what follows its own year.
            reading.is_ahead = True
            reading.year, reading.year_span = years[0].last, span
            reading.title = _Title(True, reading.year, span)
        is_first = False
        opening = [one.last for one in years if one.start < _OPENING]
        if not opening and _THIS_YEAR.match(match[0]) and clock.is_report and clock.last:
            opening = [clock.last]
        if opening and (clock.first is None or opening[-1] >= clock.first):
            reading.year, reading.year_span = opening[-1], span


def _start_paragraph(section: Section, reading: _Reading, clock: Clock) -> None:
    reading.is_goal = False
    reading.year, reading.year_span = heading_year(section, clock), section.heading
    if reading.year is None:
        reading.year, reading.year_span = reading.title.year, reading.title.span


def _opens_period(sentence: str, years: Sequence[Years], clock: Clock) -> bool:
    """Tell whether a report's sentence opens with a period that goes beyond the report's year."""
    if not (clock.is_report and years) or clock.last is None or years[0].last <= clock.last:
        return False
    return _PERIOD.match(sentence) is not None


def is_past(years: Sequence[Years], clock: Clock) -> bool:
    """Tell whether years are named and all lie before the document's own."""
    return bool(years) and clock.first is not None and max(y.last for y in years) < clock.first


def _read_title(line: re.Match[str], clock: Clock) -> _Title | None:
    """Return what a heading without a number says of the time, None if it says nothing."""
    told = heading_stance(line[0], clock)
    named = named_years(line[0], clock)
    # A plan looks ahead all along: in it, only a title with a year tells more.
    if told is None or _OWN_TITLE.search(line[0]) or not (named or clock.is_report):
        return None
    return _Title(told, named.pop() if len(named) == 1 else None, Span(*line.span()))
