"""Industries, types of enterprise and kinds of applicants: which of them words name.

A vocabulary finds the longest words first; what one of its entries implies is looked up here too,
so that an enterprise in 中成药 is known to be in 医药 and 制造业.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.measure_words import any_of
from corpus.model import Span

_FOLDER = Path(__file__).parent / "lexicon"
_NO_ENTRY = "-"
_TWINS = {"公司": "企业", "企业": "公司"}


@dataclass(frozen=True, slots=True)
class Named:
    """An entry of a vocabulary where a view names it."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Entries with the words that name them and the entries that each implies.

    `sections` holds the sections of GB/T 4754 of an industry, `whole` those that it is as a whole.
    """

    names: Mapping[str, tuple[str, ...]]
    implied: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]
    sections: Mapping[str, frozenset[str]]
    whole: Mapping[str, frozenset[str]]

    def find(self, view: str, start: int = 0, end: int | None = None) -> list[Named]:
        """Return the entries that a compact view names, in order; a word may name several."""
        stop = len(view) if end is None else end
        return [
            Named(name, Span(*match.span()))
            for match in self.pattern.finditer(view, start, stop)
            for name in self.names[match[0]]
        ]

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """Return the entries with all that they imply."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.implied.get(name, ())
        return frozenset(found)


@cache
def industries() -> Vocabulary:
    """Return the industries."""
    return _vocabulary(
        [
            (name, parents, words, sections)
            for name, sections, parents, *words in _with_twins(_rows("industries.tsv"))
        ]
    )


def _with_twins(rows: list[list[str]]) -> Iterator[list[str]]:
    """Yield the rows with 融资租赁企业 for 融资租赁公司: they are the same.

    航空企业 is left to 航空, which is a word by itself.
    """
    told = {word for _, _, _, *words in rows for word in words}
    for row in rows:
        ends = [(word[:-2], word[-2:]) for word in row[3:] if word[-2:] in _TWINS]
        yield row + [stem + _TWINS[end] for stem, end in ends if stem not in told]


@cache
def enterprise_types() -> Vocabulary:
    """Return the types of enterprise."""
    return _vocabulary(
        [(name, implied, words, "") for name, implied, *words in _rows("enterprise_types.tsv")]
    )


@cache
def applicant_kinds() -> Vocabulary:
    """Return the kinds of applicants: enterprise, person, government, institution."""
    return _vocabulary([(kind, "", nouns, "") for kind, *nouns in _rows("applicant_kinds.tsv")])


def names_enterprise(text: str) -> bool:
    """Tell whether enterprises are among the applicants that a normalised text names."""
    return any(one.name == "enterprise" for one in applicant_kinds().find(text))


@cache
def generic_industry_words() -> frozenset[str]:
    """Return the words that tell no industry by themselves: 制造, 研发, 服务."""
    return frozenset(word for (word,) in _rows("industry_generic_words.txt"))


@dataclass(frozen=True, slots=True)
class Topic:
    """A condition that many policies set: what is asked, and whether yes meets it."""

    key: str
    yes_meets: bool
    question: str
    words: tuple[str, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """Return the common conditions."""
    return tuple(
        Topic(key, sign == "+", question, tuple(words))
        for key, sign, question, *words in _rows("condition_topics.tsv")
    )


def _vocabulary(rows: list[tuple[str, str, list[str], str]]) -> Vocabulary:
    names: dict[str, tuple[str, ...]] = {}
    for name, _, words, _ in rows:
        for word in words:
            names[word] = (*names.get(word, ()), *((name,) if name != _NO_ENTRY else ()))
    told = {name: sections.split("、") if sections else [] for name, _, _, sections in rows}
    return Vocabulary(
        names=names,
        implied={name: tuple(filter(None, implied.split("、"))) for name, implied, _, _ in rows},
        pattern=re.compile(any_of(names)),
        sections={name: frozenset(s.lstrip("=") for s in of) for name, of in told.items()},
        whole={name: frozenset(s[1:] for s in of if s[0] == "=") for name, of in told.items()},
    )


def _rows(name: str) -> list[list[str]]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
