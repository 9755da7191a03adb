"""The numbered and styled lines of a text: what may be a heading, lists not yet told apart."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Span, StyledHeading, Table
from corpus.outline_labels import NAMED, Label, read_label
from corpus.outline_lines import MARKS, MAX_LINE, Line, read_lines
from corpus.outline_titles import Title, is_bare_title, is_item, read_title_after

# A styled paragraph that is longer is a paragraph in the wrong style.
_MAX_STYLED = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that a label opens or that its file calls a heading.

    `title` is None where no title follows the label; `line` counts the lines that are not blank;
    `style` is the level that the file gives, 0 for none.
    """

    label: Label | None
    title: Title | None
    start: int
    words: int
    end: int
    line: int
    style: int = 0
    is_item: bool = False
    is_flat: bool = False
    continues: bool = False

    @property
    def heading(self) -> Span:
        """Return the heading's own characters, label and title."""
        return Span(self.words, self.title.end if self.title else self.words)


def read_marks(
    text: str, headings: Sequence[StyledHeading], tables: Sequence[Table]
) -> tuple[list[Mark], list[Line]]:
    """Return the marks in order, and all lines they were read from."""
    lines = read_lines(text)
    styles = {span.start: (span, style) for span, style in _styled(text, headings)}
    inside = _Tables(tables)
    marks: list[Mark] = []
    for number, line in enumerate(lines):
        if inside.hold(line.words):
            continue
        mark = _read_mark(text, lines, number, styles.get(line.words))
        if mark is not None:
            marks.append(mark)
    return marks, lines


def _styled(text: str, headings: Sequence[StyledHeading]) -> list[tuple[Span, int]]:
    """Return the styled headings without their marks and blanks."""
    found = []
    for heading in headings:
        words = heading.span.of(text)
        start = heading.span.start + len(words) - len(words.lstrip(MARKS + "\r\n"))
        end = start + len(text[start : heading.span.end].rstrip(MARKS + "\r\n"))
        if start < end <= start + _MAX_STYLED:
            found.append((Span(start, end), heading.level))
    return found


class _Tables:
    """Where the tables stand."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._spans = sorted(table.span for table in tables)
        self._starts = [span.start for span in self._spans]

    def hold(self, offset: int) -> bool:
        place = bisect_right(self._starts, offset)
        return place > 0 and offset < self._spans[place - 1].end


def _read_mark(
    text: str, lines: list[Line], number: int, styled: tuple[Span, int] | None
) -> Mark | None:
    line = lines[number]
    label = read_label(text, line.words, line.end)
    style = styled[1] if styled is not None else 0
    title: Title | None = None
    if label is not None and label.kind == "annex":
        title = _annex_title(text, label, lines, number)
    elif label is not None:
        title = read_title_after(text, label, line) or _next_line_title(text, label, lines, number)
    if styled is not None and title is None:
        title = Title(styled[0].end)
    if label is None and title is None:
        return None
    return Mark(
        label,
        title,
        line.start,
        line.words,
        line.until,
        number,
        style,
        is_item(text, line),
        line.is_flat,
        line.continues,
    )


def _next_line_title(text: str, label: Label, lines: list[Line], number: int) -> Title | None:
    """Return the title on the next line: 第一章 and its name on two lines."""
    if label.kind not in NAMED or text[label.end : lines[number].end].strip():
        return None
    end = _title_line_end(text, lines, number + 1)
    return Title(end) if end is not None else None


def _annex_title(text: str, label: Label, lines: list[Line], number: int) -> Title | None:
    """Return where an annex's heading ends; a bare 附件1 takes its title from the next line."""
    line = lines[number]
    rest = text[label.end : line.end].strip(MARKS)
    name = rest.lstrip(":\uff1a").strip()
    if rest and not name:
        # 附件： alone announces the list of annexes.
        return None
    if not name:
        end = _title_line_end(text, lines, number + 1)
        return Title(end if end is not None else label.end)
    words = label.end + text[label.end : line.end].index(name)
    if len(name) > MAX_LINE or "。" in name or read_label(text, words, line.end) is not None:
        return None
    is_open = rest == name and text[label.end] not in ' \t\u3000\xa0“"《'
    if is_open and not is_bare_title(name):
        return None
    return None if name.endswith((";", "\uff1b", ",", "\uff0c")) else Title(words + len(name))


def _title_line_end(text: str, lines: list[Line], number: int) -> int | None:
    """Return where a line ends that is a title: short, no sentence, not numbered itself."""
    if number >= len(lines):
        return None
    line = lines[number]
    if read_label(text, line.words, line.end) is not None:
        return None
    return line.end if is_bare_title(text[line.words : line.end]) else None
