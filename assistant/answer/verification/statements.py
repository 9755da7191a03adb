"""A line of a draft → its statements: what each says and which sources it cites."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.segment import sentences

# Stands where code computed something: a clause with it is not judged by its words.
COMPUTED = "\ue000"
MARK = re.compile(r"\[(\d{1,3})\]")
# Marks that stand behind the full stop belong to the sentence before it.
_LEADING_MARKS = re.compile(r"(?:\s*\[\d{1,3}\])+[。；;]?")
_LIST_MARK = re.compile(r"^\s*(?:[-*•·]\s+|#{1,6}\s+|\d{1,2}[.、)）]\s*(?!\d)|>\s+)*")
_EMPHASIS = re.compile(r"\*\*|__|`")


def is_introduction(words: str) -> bool:
    """Tell whether the words only lead over to what follows: 现将有关情况解读如下：."""
    return words.rstrip().endswith(("：", ":"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence (`text`, as written), the numbers of its marks and its words without them."""

    text: str
    numbers: tuple[int, ...]
    said: str

    @property
    def own(self) -> str:
        """Return what is left to be proved: nothing of what code worked out."""
        return self.said.replace(COMPUTED, "").strip()

    @property
    def is_introduction(self) -> bool:
        """Tell whether it only leads over to what follows."""
        return is_introduction(self.said)


def read_statement(text: str, computed: Collection[str] = ()) -> Statement:
    """Read one sentence; what code computed is no claim of it."""
    said = MARK.sub("", text)
    said = _numbered(said, computed)
    for sum_ in sorted(computed, key=len, reverse=True):
        said = re.sub(rf"(?<![\d.]){re.escape(sum_)}(?!\d)", COMPUTED, said)
    return Statement(text, tuple(int(mark) for mark in MARK.findall(text)), said)


def _numbered(said: str, computed: Collection[str]) -> str:
    """Take off the number that code gave an item of a list."""
    match = re.match(r"\d{1,3}\. ", said)
    return said[match.end() :] if match and match[0] in computed else said


def without_list_mark(said: str) -> str:
    """Return what is said without the signs of a list, a heading or emphasis in front of it."""
    return _EMPHASIS.sub("", _LIST_MARK.sub("", said)).strip()


def split_line(line: str) -> list[str]:
    """Return the sentences of a line, each with the marks behind its full stop, without a gap."""
    found: list[str] = []
    for span in sentences(line):
        part = span.of(line)
        marks = _LEADING_MARKS.match(part)
        if marks and found:
            found[-1] += marks[0]
            part = part[marks.end() :]
        if part.strip() or not found:
            found.append(part)
        else:
            found[-1] += part
    return found


def share_marks(parts: list[str]) -> Iterator[str]:
    """Join sentences with the next one that cites: rules put the marks at the end of a line."""
    waiting = ""
    for part in parts:
        waiting += part
        if MARK.search(part):
            yield waiting
            waiting = ""
    if waiting:
        yield waiting
