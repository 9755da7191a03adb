"""Which of the plans does a question speak of, going by the places it names?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.question import Question
from corpus.catalog import CatalogEntry

_LEVEL = re.compile("(?:特别行政区|(?:[壮回]族|维吾尔)?自治区|自治州|自治县|[省市区县州盟旗])$")


@dataclass(frozen=True, slots=True)
class Scope:
    """The plans to search, and the places named that none of their titles names.

    What is said of such a place counts only where the text itself names it.
    """

    plan_ids: tuple[str, ...]
    is_narrowed: bool
    elsewhere: tuple[str, ...]


def narrow(question: Question, entries: Sequence[CatalogEntry]) -> Scope:
    """Return the plans whose titles name a place of the question; all if no title does."""
    stems = {place: place_stem(place) for place in question.places}
    titled = {
        place: [entry.id for entry in entries if stem in entry.title]
        for place, stem in stems.items()
    }
    named = {plan_id for plan_ids in titled.values() for plan_id in plan_ids}
    plan_ids = tuple(entry.id for entry in entries if not named or entry.id in named)
    elsewhere = tuple(stems[place] for place, found in titled.items() if not found)
    return Scope(plan_ids, bool(named), elsewhere)


def place_stem(place: str) -> str:
    """Return a place's name without its level: 温州市 and 温州 are the same place."""
    stem = _LEVEL.sub("", place)
    return stem if len(stem) > 1 else place
