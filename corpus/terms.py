"""The lexicon (data files beside this module): aliases, units, places, words without meaning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.normal import normalise

_FOLDER = Path(__file__).parent / "lexicon"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the plans and what people also call it, all normalised."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scoping:
    """In what figures of one name differ; `ways` are the choices, each with its synonyms."""

    what: str
    ways: tuple[tuple[str, ...], ...]


@cache
def load_terms() -> tuple[Term, ...]:
    """Return what people also call the words of the plans, and the indicators of other plans."""
    return (*_terms("aliases.tsv"), *load_indicator_names())


@cache
def load_indicator_names() -> tuple[Term, ...]:
    """Return the names of one and the same indicator in different plans."""
    return _terms("indicator_names.tsv")


@cache
def load_near_indicators() -> dict[str, frozenset[str]]:
    """Return for the common name of an indicator what is like it, but not the same."""
    near: dict[str, frozenset[str]] = {}
    for line in _lines("near_indicators.tsv"):
        names = frozenset(normalise(cell) for cell in line.split("\t"))
        near |= {name: near.get(name, frozenset()) | names - {name} for name in names}
    return near


@cache
def load_scopes() -> tuple[Scoping, ...]:
    """Return in what the figures of one name may differ: 城镇 or 农村, 现价 or 可比价 …"""
    return tuple(
        Scoping(what, tuple(tuple(words.split("|")) for words in ways))
        for what, *ways in (line.split("\t") for line in _lines("scopes.tsv"))
    )


@cache
def load_directions() -> dict[str, tuple[str, ...]]:
    """Return what the names of indicators end with that should fall, and that should rise."""
    rows = (line.split("\t") for line in _lines("directions.tsv"))
    return {way: tuple(ends) for way, *ends in rows}


def _terms(file: str) -> tuple[Term, ...]:
    rows = [[normalise(cell) for cell in line.split("\t")] for line in _lines(file)]
    return tuple(
        Term(name, tuple(dict.fromkeys(alias for alias in aliases if alias != name)))
        for name, *aliases in rows
    )


def synonyms(word: str) -> frozenset[str]:
    """Return what else the lexicon calls a (normalised) word."""
    return _synonyms().get(word, frozenset())


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for term in load_terms():
        for word in (term.name, *term.aliases):
            found[word] = found.get(word, frozenset()) | {term.name, *term.aliases} - {word}
    return found


@cache
def load_stopwords() -> frozenset[str]:
    """Return the words that say nothing about a subject."""
    return frozenset(_lines("stopwords.txt")) | frozenset(_lines("function_words.txt"))


@cache
def load_aspects() -> frozenset[str]:
    """Return the words for what is asked about a subject: 目标, 基数, 达到 …"""
    return frozenset(_lines("aspects.txt"))


@cache
def load_frame_words() -> frozenset[str]:
    """Return the words by which an answer speaks of its source: 其中, 提出, 包括 …"""
    return frozenset(_lines("frame_words.txt"))


@cache
def load_item_words() -> frozenset[str]:
    """Return what questions call the items of a list: 任务, 措施, 方面 …"""
    return frozenset(_lines("item_words.txt"))


@cache
def load_support_words() -> frozenset[str]:
    """Return the words with which support is asked for: 支持, 政策, 享受 …"""
    return frozenset(_lines("support_words.txt"))


@cache
def load_comparison_words() -> frozenset[str]:
    """Return the words around an indicator's name that are no part of it: 对比, 哪个, 已经 …"""
    return frozenset(_lines("comparison_words.txt"))


@cache
def load_generic() -> frozenset[str]:
    """Return the words that ask about a subject and name none: 政策, 负责部门 …"""
    return frozenset(_lines("generic_words.txt"))


@cache
def load_places() -> frozenset[str]:
    """Return names of provinces, cities, counties and districts."""
    return frozenset(_lines("places.txt"))


@cache
def load_units() -> frozenset[str]:
    """Return what figures are counted in, in tables and in running text."""
    names = ("units.txt", "target_units.txt", "statement_units.txt")
    return frozenset(unit for name in names for unit in _lines(name))


@cache
def unit_pattern() -> str:
    """Return a regular expression for one unit, the longest first."""
    units = sorted(_lines("units.txt"), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(unit) for unit in units) + ")"


def _lines(name: str) -> Iterator[str]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
