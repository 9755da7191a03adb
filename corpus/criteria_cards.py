"""The cards of a collection of policies: each states for itself who may apply, and when.

A card is a table of labels (服务对象, 条件要求 …) and their texts. Where its cells are not told
apart, the layout sets a label beside its text, at half its height, so that it stands within the
lines that it names, and a short cell between the lines of a long one.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from corpus.criteria import Scope
from corpus.criteria_cells import read_cell
from corpus.measure_words import any_of, words
from corpus.model import Span

_WHO_LABELS = ("服务对象", "支持对象")
_CONDITION_LABELS = ("条件要求", "申报条件")
_TIME_LABELS = ("时间/频度", "申报时间")
_FLOW_LABELS = ("服务流程", "办理流程", "申报流程")
_LAST_LABELS = ("联络方式", "联系方式", "咨询电话", "申报材料")
# The row below whom it is for, whose label comes first if its cell is short enough.
_SERVICE_LABELS = ("服务内容", "支持标准")
_FEWEST_LABELS = 3
_ITEM = re.compile(r"^[ \u3000]*(\d{1,2})[.．、](?!\d)", re.MULTILINE)
_DATE = re.compile(r"\s*(?:19|20)\d\d[-年./]")
_LINE = re.compile(r"[^\n]+")
# Characters to a line of a column that is as wide as its labels (资金 / 支持).
_NARROW = 4
# Characters within which a label that is set on two lines (服务 / 对象) ends.
_LONGEST_ROW = 400
# A blank line, a row of cells, a sentence, or a line of the table of contents.
_NO_TITLE = re.compile(r"^\s*$|\t|。\s*$|\.{4,}")
_MOST_TITLE_LINES = 4


def read_cards(text: str) -> Iterator[tuple[int, Scope]]:
    """Yield where each card starts and what it states."""
    labels = _labels(text)
    if len({label for label, _ in labels}) < _FEWEST_LABELS:
        return
    starts = [place for place, (label, _) in enumerate(labels) if label == labels[0][0]]
    read = _cells if _lead(text, labels) else _card
    for first, last in zip(starts, [*starts[1:], len(labels)], strict=True):
        end = labels[last][1].start if last < len(labels) else len(text)
        title = Span(_title_start(text, labels[first][1].start), labels[first][1].start)
        yield title.start, read(text, labels[first:last], title, end)


def _lead(text: str, labels: list[tuple[str, Span]]) -> bool:
    """Tell whether each label stands before its text, as where a table's cells are told apart."""
    if any(text[span.end : span.end + 1] == "\t" for _, span in labels):
        return True
    middle = [span for label, span in labels if label in (*_CONDITION_LABELS, *_FLOW_LABELS)]
    return bool(middle) and all(text[: span.start].rstrip()[-1:] in "。；" for span in middle)


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

    who, conditions = of(_WHO_LABELS), of(_CONDITION_LABELS)
    return Scope(
        title=title,
        who=(who,) if who else (),
        conditions=(conditions,) if conditions else (),
        validity=of(_TIME_LABELS),
        is_card=True,
    )


def _card(text: str, labels: list[tuple[str, Span]], title: Span, end: int) -> Scope:
    """Return a card whose labels stand within their text."""
    who = _who(text, labels, end)
    return Scope(
        title=title,
        who=who,
        conditions=_conditions(text, labels, who[-1].end if who else title.end, end),
        validity=_beside(text, labels, _TIME_LABELS, end),
        is_card=True,
    )


def _who(text: str, labels: list[tuple[str, Span]], end: int) -> tuple[Span, ...]:
    """Return the lines of the row of 服务对象 that are no other cell's."""
    for place, (label, span) in enumerate(labels):
        if label in _WHO_LABELS:
            first = max(place - 1, 0)
            while first and labels[first][0] in _SERVICE_LABELS:
                first -= 1
            others = [other for _, other in labels[first:place]]
            start = _row_start(text, others[0].start if others else span.start)
            stop = _paragraph_end(text, span.end, end)
            above = text[start : others[0].start].split() if others else []
            if above and len(above[-1]) <= _NARROW and stop - span.end <= 2 * _NARROW:
                # The other cell began above its label, so it goes on below it.
                stop = _paragraph_end(text, stop, end)
            return _lines_of(text, Span(start, stop), span, others)
    return ()


def _row_start(text: str, label: int) -> int:
    """Return where the paragraph above the row's first label starts, or the label."""
    first = text[:label].rstrip().rfind("\n\n") + 2
    # The date of the row above opens the paragraph.
    while first < label and (_DATE.match(text, first) or text[first] == "\n"):
        first = text.find("\n", first + 1) + 1
    return min(first, label)


def _lines_of(text: str, row: Span, label: Span, others: list[Span]) -> tuple[Span, ...]:
    """Return the row's lines but labels, what stands beside the others, and narrow cells."""
    lines = list(_lines(text, row.start, others[0].start if others else label.start))
    for one, following in pairwise([*others, label]):
        lines += list(_lines(text, one.end, following.start))[1:]
    lines += _lines(text, label.end, row.end)
    return tuple(
        line for line in lines if line is lines[-1] or len(line.of(text).strip()) > _NARROW
    )


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    return (Span(*match.span()) for match in _LINE.finditer(text, start, end) if match[0].strip())


def _paragraph_end(text: str, start: int, end: int) -> int:
    """Return where the paragraph at or behind `start` ends: at a blank line or a numbered item."""
    begin = start + len(text[start:end]) - len(text[start:end].lstrip())
    blank = text.find("\n\n", begin, end)
    item = _ITEM.search(text, begin, end)
    return min(one for one in (blank, item.start() if item else -1, end) if one >= begin)


def _conditions(
    text: str, labels: list[tuple[str, Span]], floor: int, end: int
) -> tuple[Span, ...]:
    """Return the lines of 条件要求 between whom the card is for and when one may apply."""
    label = _first(labels, _CONDITION_LABELS)
    if label is None:
        return ()
    column = _first(labels, _SERVICE_LABELS), label, _first(labels, _FLOW_LABELS)
    stop = _first(labels, (*_TIME_LABELS, *_LAST_LABELS))
    rows = Span(floor, stop.start if stop and stop.start > label.end else end)
    found = read_cell(text, column, [span for _, span in labels], rows)
    return () if found is None else (found,)


def _first(labels: list[tuple[str, Span]], wanted: tuple[str, ...]) -> Span | None:
    return next((span for label, span in labels if label in wanted), None)


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


def _labels(text: str) -> list[tuple[str, Span]]:
    """Return the labels that stand alone, open a cell or follow a short one, or fill two lines."""
    found = {match.start("label"): match for match in _label().finditer(text)}
    found |= {match.start("label"): match for match in _label_behind().finditer(text)}
    labels = [(match["label"], Span(*match.span("label"))) for match in found.values()]
    for label in _WHO_LABELS:
        labels += [(label, Span(*match.span("end"))) for match in _broken(label).finditer(text)]
    return sorted(labels, key=lambda one: one[1].start)


@cache
def _label() -> re.Pattern[str]:
    extra = {"服务内容", "联络方式", "依据文件", "时间/频度", "发文时间"}
    return re.compile(
        rf"(?:^|(?<=\t))[ \u3000]*(?P<label>{any_of(words('form') | extra)})(?=[ \t\u3000\n]|$)",
        re.MULTILINE,
    )


@cache
def _label_behind() -> re.Pattern[str]:
    """Return a pattern for a label behind the cell before it: 资金支持 服务对象."""
    return re.compile(
        r"^[ \u3000]*[\u4e00-\u9fff、]{4,12}[ \u3000]+"
        rf"(?P<label>{any_of(_WHO_LABELS)})(?=[ \u3000\n])",
        re.MULTILINE,
    )


@cache
def _broken(label: str) -> re.Pattern[str]:
    """Return a pattern for a label on two lines; lines of other cells may stand between them."""
    half = len(label) // 2
    return re.compile(
        rf"^[ \u3000]*{label[:half]}[ \u3000]*$(?:(?!{label})[\s\S]){{1,{_LONGEST_ROW}}}?"
        rf"^[ \u3000]*(?P<end>{label[half:]})[ \u3000]*$",
        re.MULTILINE,
    )
