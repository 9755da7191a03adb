"""What a form or a policy states once for all measures of a section: 支持对象：……, 申报条件：…….

A field is a paragraph that opens with its label, or the cell behind the label's cell.
"""

import re
from dataclasses import dataclass
from functools import cache

from corpus.measure_words import any_of, beneficiary_pattern, words
from corpus.model import Plan, Section, Span

_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Fields:
    """The sections of a plan, in which a measure finds what its own sentence does not tell."""

    plan: Plan
    sections: dict[int, Section]

    def applicants(self, section: Section) -> str | None:
        """Return who may apply, as the section or one above it states."""
        for own in self._above(section):
            for found in _who().finditer(self.plan.text, own.start, own.end):
                if re.search(beneficiary_pattern(), found["value"].lower()):
                    return found["value"]
        return None

    def condition(self, section: Section) -> str | None:
        """Return the condition, as the section or one above it states in one sentence."""
        for own in self._above(section):
            found = _condition().search(self.plan.text, own.start, own.end)
            if found is not None:
                return found["value"]
        return None

    def _above(self, section: Section | None) -> list[Span]:
        found: list[Span] = []
        while section is not None:
            found.append(section.own)
            section = None if section.parent is None else self.sections[section.parent]
        return found


@cache
def _who() -> re.Pattern[str]:
    return _field("who_field")


@cache
def _condition() -> re.Pattern[str]:
    return _field("condition_field")


def _field(kind: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[\n\t。；])[ \u3000]*(?:[（(]?[一二三四五六七八九十\d]{{1,2}}[)）.．、][ \u3000]*)?"
        rf"{any_of(words(kind))}(?:[：:]|\t)\s*(?P<value>[^\n\t。；：:]{{2,{_LONGEST}}})(?=[。；\n\t]|\Z)"
    )
