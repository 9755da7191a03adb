"""The notes that name departments (责任单位：市科技局), and the clauses that they are about."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.measure_words import any_of, words
from corpus.model import Plan, Section, Span

_LED = re.compile(r"由([^，,。；;（(\n由]{2,40}?)(?:牵头|负责(?!人)|会同|组织实施)")
# （省商务厅牵头，省农业农村厅配合）, （海关总署、商务部负责）
_BRACKETED = re.compile(
    r"[（(](?:由)?(?P<who>[^（()）。；;\n]{2,200}?(?:牵头[^（()）。；;\n]{0,200}?(?:配合|参与|负责|落实)|牵头"
    r"|(?=(?:按(?:照)?职责分工|分工|分别|共同)?负责)))"
    r"(?:按(?:照)?职责分工|分工|分别|共同)?(?:负责)?(?:[。；;][^（()）\n]{0,40})?[）)]"
)
_PARAGRAPH_END = re.compile("[。；;）)]\\s*\n")
_CLOSING = {"（": "）", "(": ")", "【": "】", "[": "]", "〔": "〕"}
_LONGEST_LIST = 300


@dataclass(frozen=True, slots=True)
class Departments:
    """The notes of a plan in order: where each begins, and the list that it holds.

    `bare` are those that no word opens: （市科技局负责）.
    """

    starts: tuple[int, ...]
    lists: tuple[Span, ...]
    bare: frozenset[int]
    sections: dict[int, Section]

    def of(self, text: str, clause: Span, section: Section) -> str | None:
        """Return who is responsible for the clause: its own note, or that which ends the text.

        A note stands inside or behind what it is about, or in a heading above it.
        """
        if (led := _LED.search(text, clause.start, clause.end)) is not None:
            return led[1]
        for here in range(bisect_left(self.starts, clause.start), len(self.starts)):
            if self.starts[here] >= section.own.end:
                break
            # A note without a name stands in the paragraph that it is about.
            between = text[clause.end : self.starts[here]]
            if here not in self.bare or not _PARAGRAPH_END.search(between):
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
    named = {start for start, _ in notes}
    notes += [
        (match.start(), Span(*match.span("who")))
        for match in _BRACKETED.finditer(plan.text)
        if not any(
            begin < match.end("who") and match.start("who") < found.end for begin, found in notes
        )
    ]
    notes.sort()
    return Departments(
        tuple(start for start, _ in notes),
        tuple(span for _, span in notes),
        frozenset(place for place, (start, _) in enumerate(notes) if start not in named),
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
