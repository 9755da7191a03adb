"""Where a policy says once for many measures who may apply and on what condition.

Within a card only the card counts (corpus/criteria_cards.py). In other texts it is a heading, or a
paragraph that opens with its label (申报条件：…).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.criteria import Scope
from corpus.criteria_cards import read_cards
from corpus.measure_words import any_of, words
from corpus.model import Plan, Section, Span


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
        who: tuple[Span, ...] = ()
        for own in self._around(section):
            conditions += _fields(self.text, own, "condition_field")
            who = who or tuple(_fields(self.text, own, "who_field")[:1])
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
    return Scopes(plan.text, tuple(read_cards(plan.text)), by_number, children)


def _fields(text: str, section: Section, kind: str) -> list[Span]:
    """Return a section that such a label heads, or its paragraphs that open with one."""
    if _heads(kind).search(section.title):
        return [Span(section.heading.end, section.span.end)]
    return [
        Span(*match.span("value"))
        for match in _opens(kind).finditer(text, section.own.start, section.own.end)
    ]


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
