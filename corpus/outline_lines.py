"""A text → the places where a heading may begin: its lines, or parts of them.

Lines are parted where they were run together: at a chapter after wide blanks, at every chapter of
a line that is nothing but chapters, and, in a text without breaks, at numbers after a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.outline_labels import BLANK, BLANKS, CHINESE_NUMERAL, read_label

# Indents, quote and emphasis marks of Markdown, page breaks, invisible characters.
MARKS = BLANKS + "\f\v#*>\ufeff\u200b\u200c\u200d"

# A title is a phrase: longer, and the line is an item that merely starts with a number.
MAX_LINE = 60

# A paragraph of this length is not one: its breaks were lost.
_FLAT_LENGTH = 2000
_FLAT_LINES = 3
# Wrapped text: a line that comes this near (in columns) to the right edge was broken by it.
_EDGE = 6
_NARROWEST = 40
_WIDEST = 100
_FEWEST = 8
_SHARE = 0.3

_NAMED = rf"第{BLANK}?{CHINESE_NUMERAL}{BLANK}?[篇编章节]"
_AFTER_BLANKS = re.compile(
    rf"(?<={BLANK}{BLANK})(?:{_NAMED}|第{BLANK}?{CHINESE_NUMERAL}{BLANK}?条{BLANK}"
    rf"|{CHINESE_NUMERAL}、|[(\uff08]{CHINESE_NUMERAL}[)\uff09])"
)
_CHAPTER = re.compile(_NAMED)
_AFTER_SENTENCE = re.compile(
    rf"(?<=[。!?\uff01\uff1f;\uff1b:\uff1a”\uff09){BLANKS}])(?:{_NAMED}"
    rf"|第{BLANK}?{CHINESE_NUMERAL}{BLANK}?条{BLANK}"
    rf"|{CHINESE_NUMERAL}、|[(\uff08]{CHINESE_NUMERAL}[)\uff09]|\d{{1,2}}[.\uff0e、](?!\d))"
)
_FIRST_INSIDE = re.compile(r"[(\uff08]一[)\uff09]|第一[章节]")
_PUNCTUATION = re.compile(r"[。!?\uff01\uff1f;\uff1b,\uff0c:\uff1a]")
_ENDED = re.compile(r"[。!?\uff01\uff1f;\uff1b:\uff1a”\uff09)】》\d]$")
_OPEN = re.compile(r"[,\uff0c、(\uff08《“]$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its break, or a part of one.

    `start` is where a section that begins here starts, `words` where its first word stands. `until`
    goes beyond `end` where the layout broke the line. `is_flat` marks a part of a text whose breaks
    were lost; `continues` tells that the line before goes on in this one.
    """

    start: int
    words: int
    end: int
    until: int
    is_flat: bool = False
    continues: bool = False


def read_lines(text: str) -> list[Line]:
    """Return all lines that are not blank, in order."""
    spans = [span for span in _line_spans(text) if span[1] < span[2]]
    width = _wrap_width(text, spans)
    full = [_columns(text[words:end]) >= width - _EDGE for _, words, end in spans]
    ended = [_ENDED.search(text, max(words, end - 2), end) is not None for _, words, end in spans]
    labelled = [read_label(text, words, end) is not None for _, words, end in spans]
    lines: list[Line] = []
    for place, (start, words, end) in enumerate(spans):
        continues = place > 0 and (
            (full[place - 1] and not ended[place - 1])
            or _OPEN.search(text, spans[place - 1][2] - 1, spans[place - 1][2]) is not None
        )
        until = end
        last = place
        while labelled[place] and full[last] and last < min(place + 2, len(spans) - 1):
            last += 1
            if labelled[last]:
                break
            until = spans[last][2]
        is_flat = end - words > (_FLAT_LENGTH if len(spans) > _FLAT_LINES else MAX_LINE)
        lines.extend(_parts(text, Line(start, words, end, until, is_flat, continues)))
    return lines


def _line_spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, first word and end of every line."""
    start = 0
    for line in text.split("\n"):
        words = start + len(line) - len(line.lstrip(MARKS))
        yield start, words, max(words, start + len(line.rstrip()))
        start += len(line) + 1


def _columns(line: str) -> int:
    """Return about how wide a line is printed: a Chinese character is two columns."""
    return (len(line) + len(line.encode("utf-8", "replace"))) // 2


def _wrap_width(text: str, spans: list[tuple[int, int, int]]) -> int:
    """Return the width at which the text was broken; more than any line's if it was not."""
    never = len(text) * 2 + _EDGE + 1
    widths = sorted(_columns(text[words:end]) for _, words, end in spans)
    if len(widths) < _FEWEST:
        return never
    width = widths[len(widths) * 95 // 100]
    if not _NARROWEST <= width <= _WIDEST:
        return never
    broken = sum(
        _columns(text[words:end]) >= width - _EDGE
        and not _ENDED.search(text, max(words, end - 1), end)
        for _, words, end in spans
    )
    return width if broken >= _SHARE * len(spans) else never


def _parts(text: str, line: Line) -> Iterator[Line]:
    """Yield the line, in parts if several headings were run together in it."""
    cuts = list(_cuts(text, line))
    if not cuts:
        yield line
        return
    edges = [line.words, *cuts, line.end]
    for place, words in enumerate(edges[:-1]):
        end = edges[place + 1]
        end = words + len(text[words:end].rstrip(BLANKS))
        yield Line(
            line.start if place == 0 else words,
            words,
            end,
            end if place + 1 < len(cuts) + 1 else line.until,
            line.is_flat and place > 0,
            line.continues and place == 0,
        )


def _cuts(text: str, line: Line) -> Iterator[int]:
    if line.is_flat:
        yield from _flat_cuts(text, line)
        return
    only_chapters = (
        _CHAPTER.match(text, line.words, line.end) is not None
        and _PUNCTUATION.search(text, line.words, line.end) is None
    )
    pattern = _CHAPTER if only_chapters else _AFTER_BLANKS
    for found in pattern.finditer(text, line.words + 1, line.end):
        yield found.start()


def _flat_cuts(text: str, line: Line) -> Iterator[int]:
    """Yield the numbers after a sentence, and the first of a list straight after its title."""
    last = line.words
    for found in (*_AFTER_SENTENCE.finditer(text, line.words + 1, line.end), None):
        until = found.start() if found is not None else line.end
        inside = _FIRST_INSIDE.search(text, last + 1, min(until, last + 40))
        if inside is not None and _is_title(text, last, inside.start()):
            yield inside.start()
        if found is not None:
            yield until
            last = until


def _is_title(text: str, start: int, end: int) -> bool:
    """Tell whether a label and a few words stand there, and nothing else."""
    label = read_label(text, start, end)
    return label is not None and label.end < end and not _PUNCTUATION.search(text, label.end, end)
