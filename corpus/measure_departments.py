"""The notes that name departments (责任单位：市科技局), and the clauses that they are about."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.measure_words import any_of, words
from corpus.model import Plan, Section, Span

_LED = re.compile(r"由([^，,。；;（(\n由]{2,40}?)(?:牵头|负责(?!人)|会同|组织实施)")
_CLOSING = {"（": "）", "(": ")", "【": "】", "[": "]", "〔": "〕"}
_LONGEST_LIST = 300


@dataclass(frozen=True, slots=True)
class Departments:
    """The notes of a plan in order: where each begins, and the list that it holds."""

    starts: tuple[int, ...]
    lists: tuple[Span, ...]
    sections: dict[int, Section]

    def of(self, text: str, clause: Span, section: Section) -> str | None:
        """Return who is responsible for the clause: its own note, or that which ends the text.

        A note stands inside or behind what it is about, or in a heading above it.
        """
        if (led := _LED.search(text, clause.start, clause.end)) is not None:
            return led[1]
        here = bisect_left(self.starts, clause.start)
        if here < len(self.starts) and self.starts[here] < section.own.end:
            return self.lists[here].of(text)
        return self._above(text, section)

    def _above(self, text: str, section: Section) -> str | None:
        current: Section | None = section
        while current is not None:
            line_end = text.find("\n", current.heading.start, current.own.end)
            first = bisect_left(self.starts, current.heading.start)
            if first < len(self.starts) and self.starts[first] < max(line_end, current.heading.end):
                return self.lists[first].of(text)
            current = None if current.parent is None else self.sections[current.parent]
        return None


def read_departments(plan: Plan, sections: Sequence[Section]) -> Departments:
    """Find all notes in the plan's text."""
    notes: list[tuple[int, Span]] = []
    end = 0
    for match in _note().finditer(plan.text):
        # 牵头单位：A；配合单位：B is one note.
        if match.start() >= end:
            found = _list_of(plan.text, match)
            end = found.end
            if found:
                notes.append((match.start(), found))
    return Departments(
        tuple(start for start, _ in notes),
        tuple(span for _, span in notes),
        {section.number: section for section in sections},
    )


def _list_of(text: str, note: re.Match[str]) -> Span:
    """Return the list behind the colon, up to the note's closing bracket or its line's end."""
    closing = _CLOSING.get(note["open"] or "")
    depth, end = 0, note.end()
    limit = min(len(text), note.end() + _LONGEST_LIST)
    while end < limit and text[end] != "\n":
        if closing and text[end] == closing:
            if depth == 0:
                break
            depth -= 1
        depth += text[end] == note["open"]
        end += 1
    content = text[note.end() : end]
    scope = re.search("[；;，,。]?\\s*(?:适用范围|完成时限|完成时间|时间要求|期限)", content)
    content = content[: scope.start()] if scope else content
    content = content.rstrip(" 。；;\u3000")
    start = note.end() + len(content) - len(content.lstrip())
    return Span(start, max(start, note.end() + len(content)))


@cache
def _note() -> re.Pattern[str]:
    return re.compile(rf"(?P<open>[（(【\[〔])?[ \u3000]*{any_of(words('note'))}\s*[：:]")
