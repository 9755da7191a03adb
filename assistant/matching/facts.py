"""What follows from a profile: the types and industries that it implies, how old it may be.

What the profile leaves open stays open: nothing here guesses.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from assistant.matching.model import Profile
from corpus.segment import base_segmenter
from corpus.vocabulary import enterprise_types, generic_industry_words, industries

Fit: TypeAlias = Literal["met", "unknown", "failed"]

_DAYS_A_YEAR = Decimal("365.25")


@dataclass(frozen=True, slots=True)
class Facts:
    """A profile with what it implies.

    `industries` are those of its own words with the wider ones, `own` the words' own, `words` what
    else of them may stand in a text.
    """

    profile: Profile
    types: Mapping[str, bool]
    own: frozenset[str]
    industries: frozenset[str]
    words: tuple[str, ...]
    age: tuple[Decimal, Decimal] | None

    def fits(self, names: Iterable[str], quote: str) -> Fit:
        """Tell whether the enterprise is of one of the industries."""
        wanted = tuple(names)
        if self.industries & set(wanted) or any(word in quote for word in self.words):
            return "met"
        if not self.profile.industry and self.profile.section is None:
            return "unknown"
        if self._may_be(wanted):
            return "unknown"
        return "failed"

    def _may_be(self, wanted: tuple[str, ...]) -> bool:
        """Tell whether what is said is too wide to tell: 制造 may be 医药, 新能源 may be 储能."""
        vocabulary = industries()
        section = self.profile.section
        narrow = {name for name in self.own if not vocabulary.whole[name]}
        if narrow:
            return any(narrow & vocabulary.closure([name]) for name in wanted)
        if not self.own and section is None:
            return True
        return any(
            self.own & vocabulary.closure([name]) or (section in vocabulary.sections[name])
            for name in wanted
        )


def read_facts(profile: Profile, today: date) -> Facts:
    """Return what follows from the profile on that day."""
    # 农机制造 is 农机制造业: texts end an industry's name so.
    named = [one.name for one in industries().find(f"{_compact(profile.industry)}业")]
    named += [one.name for one in industries().find(_compact("、".join(_true_types(profile))))]
    whole = [
        name
        for name, sections in industries().whole.items()
        if profile.section is not None and profile.section in sections
    ]
    return Facts(
        profile=profile,
        types=_types(profile),
        own=frozenset(named),
        industries=industries().closure([*named, *whole]),
        words=tuple(
            word
            for word in base_segmenter().content_words(profile.industry)
            if len(word) > 1
            and word not in generic_industry_words()
            and word not in industries().names
        ),
        age=None if profile.founded is None else _age(profile.founded, today),
    )


def _true_types(profile: Profile) -> list[str]:
    return [name for name, is_one in profile.types.items() if is_one]


def _types(profile: Profile) -> dict[str, bool]:
    """Return of each type that the profile settles whether the enterprise is one.

    Whoever is 专精特新 is a 中小企业; whoever is no 中小企业 is not 专精特新.
    """
    vocabulary = enterprise_types()
    told = {canonical_type(name): is_one for name, is_one in profile.types.items()}
    yes = vocabulary.closure(name for name, is_one in told.items() if is_one)
    no = {name for name, is_one in told.items() if not is_one}
    return (
        {name: False for name in vocabulary.implied if vocabulary.closure([name]) & no}
        | dict.fromkeys(no, False)
        | dict.fromkeys(yes, True)
    )


def canonical_type(name: str) -> str:
    """Return the vocabulary's name of a type of enterprise: 专精特新 → 专精特新企业."""
    vocabulary = enterprise_types()
    if name in vocabulary.implied:
        return name
    found = vocabulary.find(_compact(name))
    return found[0].name if found else name


def _compact(words: str) -> str:
    return re.sub(r"\s", "", words).lower()


def _age(founded: int, today: date) -> tuple[Decimal, Decimal]:
    """Return the least and the most years since the founding, as the day of it is not told."""
    youngest = max((today - date(founded, 12, 31)).days, 0)
    oldest = max((today - date(founded, 1, 1)).days, 0)
    return Decimal(youngest) / _DAYS_A_YEAR, Decimal(oldest) / _DAYS_A_YEAR
