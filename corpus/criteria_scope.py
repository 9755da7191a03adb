"""Where a policy says once for many measures who may apply and on what condition.

Two forms are read. In a card (服务对象, 条件要求 … on lines of their own) the layout sets a label
beside its text, at half its height, so that it stands within the lines that it names. In other
texts it is a heading, or a paragraph that opens with its label (申报条件：…).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.measure_words import any_of, words
from corpus.model import Plan, Section, Span

_WHO_LABELS = ("服务对象", "支持对象")
_CONDITION_LABELS = ("条件要求", "申报条件")
_TIME_LABELS = ("时间/频度", "申报时间")
_FLOW_LABELS = ("服务流程", "办理流程", "申报流程", "时间/频度", "联络方式", "申报材料")
_FEWEST_LABELS = 3
_ITEM = re.compile(r"^[ \u3000]*(\d{1,2})[.．、](?!\d)", re.MULTILINE)
_FLOW = re.compile(
    r"→|^(?:在线填写|项目申报[。：]|项目审核|发布通知|申报流程|办理具体流程)", re.MULTILINE
)
_DATE = re.compile(r"\s*(?:19|20)\d\d[-年./]")
_LONGEST_BLOCK = 2500
# A blank line, a row of cells, a sentence, or a line of the table of contents.
_NO_TITLE = re.compile(r"^\s*$|\t|。\s*$|\.{4,}")
_MOST_TITLE_LINES = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for all measures of a part of the text.

    `title` is the heading of that part; `is_card` tells that nothing outside of it counts.
    """

    title: Span | None = None
    who: Span | None = None
    conditions: tuple[Span, ...] = ()
    validity: Span | None = None
    is_card: bool = False


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes of a plan: its cards in order, and its outline."""

    text: str
    cards: tuple[tuple[int, Scope], ...]
    sections: dict[int, Section]
    children: dict[int | None, tuple[Section, ...]]

    def of(self, start: int, section: Section) -> Scope:
        """Return what holds for a measure that starts here."""
        place = bisect_right(self.cards, start, key=lambda card: card[0])
        if place:
            return self.cards[place - 1][1]
        conditions: list[Span] = []
        who: Span | None = None
        for own in self._around(section):
            conditions += _fields(self.text, own, "condition_field")
            who = who or next(iter(_fields(self.text, own, "who_field")), None)
        return Scope(who=who, conditions=tuple(dict.fromkeys(conditions)))

    def _around(self, section: Section) -> Iterator[Section]:
        """Yield the section, those above it, and what stands beside each."""
        current: Section | None = section
        while current is not None:
            yield current
            yield from (one for one in self.children[current.parent] if one is not current)
            current = None if current.parent is None else self.sections[current.parent]


def read_scopes(plan: Plan, sections: Sequence[Section]) -> Scopes:
    """Find the cards of a plan and prepare its outline."""
    children: dict[int | None, tuple[Section, ...]] = {}
    for section in sections:
        children[section.parent] = (*children.get(section.parent, ()), section)
    by_number = {section.number: section for section in sections}
    return Scopes(plan.text, tuple(_cards(plan.text)), by_number, children)


def _cards(text: str) -> Iterator[tuple[int, Scope]]:
    labels = [(match["label"], Span(*match.span("label"))) for match in _label().finditer(text)]
    if len({label for label, _ in labels}) < _FEWEST_LABELS:
        return
    starts = [place for place, (label, _) in enumerate(labels) if label == labels[0][0]]
    # Where a table's cells are told apart, each label stands before its text.
    read = _cells if any(text[span.end : span.end + 1] == "\t" for _, span in labels) else _card
    for first, last in zip(starts, [*starts[1:], len(labels)], strict=True):
        end = labels[last][1].start if last < len(labels) else len(text)
        title = Span(_title_start(text, labels[first][1].start), labels[first][1].start)
        yield title.start, read(text, labels[first:last], title, end)


def _title_start(text: str, start: int) -> int:
    """Return where the lines above the first label begin, that are no row of the card before."""
    begin = start
    for _ in range(_MOST_TITLE_LINES):
        line = text.rfind("\n", 0, max(begin - 1, 0)) + 1
        words_ = text[line : max(begin - 1, 0)]
        if begin == 0 or _NO_TITLE.search(words_):
            break
        begin = line
    return begin


def _cells(text: str, labels: list[tuple[str, Span]], title: Span, end: int) -> Scope:
    """Return a card whose labels stand before their text."""
    stops = [*(span.start for _, span in labels[1:]), end]
    found = {label: Span(span.end, stop) for (label, span), stop in zip(labels, stops, strict=True)}

    def of(wanted: tuple[str, ...]) -> Span | None:
        return next((found[label] for label in wanted if label in found), None)

    conditions = of(_CONDITION_LABELS)
    return Scope(
        title=title,
        who=of(_WHO_LABELS),
        conditions=(conditions,) if conditions else (),
        validity=of(_TIME_LABELS),
        is_card=True,
    )


def _card(text: str, labels: list[tuple[str, Span]], title: Span, end: int) -> Scope:
    """Return a card whose labels stand within their text."""
    conditions = _block_of(text, labels, _CONDITION_LABELS, end)
    return Scope(
        title=title,
        who=_who(text, labels, end),
        conditions=(conditions,) if conditions else (),
        validity=_beside(text, labels, _TIME_LABELS, end),
        is_card=True,
    )


def _who(text: str, labels: list[tuple[str, Span]], end: int) -> Span | None:
    """Return the lines around 服务对象: those above may begin before the label above it."""
    for place, (label, span) in enumerate(labels):
        if label not in _WHO_LABELS:
            continue
        start = labels[place - 1][1].start if place else span.start
        first = text[:start].rstrip().rfind("\n\n") + 2
        # The date of the row above opens the paragraph.
        while first < start and (_DATE.match(text, first) or text[first] == "\n"):
            first = text.find("\n", first + 1) + 1
        stop = _paragraph_end(text, span.end, end)
        return Span(min(first, start), stop)
    return None


def _paragraph_end(text: str, start: int, end: int) -> int:
    """Return where the paragraph at or behind `start` ends: at a blank line or a numbered item."""
    begin = start + len(text[start:end]) - len(text[start:end].lstrip())
    blank = text.find("\n\n", begin, end)
    item = _ITEM.search(text, begin, end)
    return min(one for one in (blank, item.start() if item else -1, end) if one >= begin)


def _block_of(
    text: str, labels: list[tuple[str, Span]], wanted: tuple[str, ...], end: int
) -> Span | None:
    for place, (label, span) in enumerate(labels):
        if label in wanted:
            floor = labels[place - 1][1].end if place else 0
            stop = next((s.start for name, s in labels[place:] if name in _FLOW_LABELS), end)
            return _numbered(text, span, floor, stop) or _plain(text, span, floor, stop)
    return None


def _numbered(text: str, label: Span, floor: int, stop: int) -> Span | None:
    """Return the numbered items that the label stands among: 1 to the last that counts on."""
    items = [(int(match[1]), match.start()) for match in _ITEM.finditer(text, floor, stop)]
    above = [item for item in items if item[1] < label.start]
    below = [item for item in items if item[1] >= label.start]
    goes_on = bool(above and below and below[0][0] == above[-1][0] + 1)
    if below and below[0][0] == 1 and not goes_on:
        start, last = below[0][1], 0
    elif above and (goes_on or not _ends_above(text, label)):
        start, last = (
            next(at for number, at in reversed(above) if number == 1 or at == above[0][1]),
            0,
        )
        below = [item for item in items if item[1] >= start]
    else:
        return None
    for number, at in below:
        if number != last + 1:
            return _cut(text, start, at)
        last = number
    return _cut(text, start, min(stop, start + _LONGEST_BLOCK))


def _ends_above(text: str, label: Span) -> bool:
    """Tell whether the sentence above the label is complete."""
    return text[: label.start].rstrip().endswith(("。", "；", "："))


def _plain(text: str, label: Span, floor: int, stop: int) -> Span:
    """Return the unnumbered sentences around the label."""
    start = label.end
    if not _ends_above(text, label):
        ends = [match.end() for match in re.finditer(r"[。：]\n", text[floor : label.start])]
        start = floor + (ends[-1] if ends else 0)
    return _cut(text, start, stop)


def _cut(text: str, start: int, stop: int) -> Span:
    """Return the block without the course of an application that may follow it."""
    flow = _FLOW.search(text, start, stop)
    if flow is None:
        return Span(start, stop)
    line = text.rfind("。", start, flow.start())
    return Span(start, line + 1 if line > start else flow.start())


def _beside(
    text: str, labels: list[tuple[str, Span]], wanted: tuple[str, ...], end: int
) -> Span | None:
    """Return the paragraphs between such a label and the next but one."""
    for place, (label, span) in enumerate(labels):
        if label in wanted:
            following = [other.start for _, other in labels[place + 1 :]]
            # The text may stand behind the next label too, where both labels come first.
            stop = following[1] if len(following) > 1 else end
            start = labels[place - 1][1].end if place else span.end
            return Span(max(start, span.start - 60), min(stop, span.end + 90))
    return None


def _fields(text: str, section: Section, kind: str) -> list[Span]:
    """Return a section that such a label heads, or its paragraphs that open with one."""
    if _heads(kind).search(section.title):
        return [Span(section.heading.end, section.span.end)]
    return [
        Span(*match.span("value"))
        for match in _opens(kind).finditer(text, section.own.start, section.own.end)
    ]


@cache
def _label() -> re.Pattern[str]:
    extra = {"服务内容", "联络方式", "依据文件", "时间/频度", "发文时间"}
    return re.compile(
        rf"(?:^|(?<=\t))[ \u3000]*(?P<label>{any_of(words('form') | extra)})(?=[ \t\u3000\n]|$)",
        re.MULTILINE,
    )


@cache
def _heads(kind: str) -> re.Pattern[str]:
    return re.compile(
        rf"^(?:[（(]?[第一二三四五六七八九十百\d]{{1,4}}[条章节)）.．、]*)?\s*{any_of(words(kind))}[。：:]?$"
    )


@cache
def _opens(kind: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[\n\t。；])[ \u3000]*(?:[（(]?[一二三四五六七八九十\d]{{1,2}}[)）.．、][ \u3000]*)?"
        rf"{any_of(words(kind))}(?:[：:]|\t)\s*(?P<value>[^\n\t]{{2,400}})"
    )
