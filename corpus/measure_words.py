"""The word lists by which measures are read, as sets and regular expressions over a compact view.

The compact view of a clause has one width, lower case and no blanks: a full-width comma is ","
and （ is "(" there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from corpus.model import Span
from corpus.normal import NormalView

_FOLDER = Path(__file__).parent / "lexicon"


def compact_view(text: str, span: Span) -> NormalView:
    """Return the span's characters without blanks (a hard line break parts no word)."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset in range(span.start, span.end):
        for character in unicodedata.normalize("NFKC", text[offset]).lower():
            if not character.isspace():
                characters.append(character)
                offsets.append(offset)
    return NormalView("".join(characters), tuple(offsets))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for one of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=_longest)) + ")"


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


@cache
def words(kind: str) -> frozenset[str]:
    """Return the words of one kind in measure_words.tsv."""
    return dict(_rows("measure_words.tsv"))[kind]


@cache
def instrument_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each instrument with the words that name it."""
    return tuple(_rows("measure_instruments.tsv"))


@cache
def beneficiary_pattern() -> str:
    """Return a pattern for the nouns that end a beneficiary's name."""
    noun = any_of(cells[0] for cells in _cells("measure_beneficiaries.txt"))
    # “小巨人”企业, 龙头企业: the nouns stand one behind the other.
    return rf"{noun}(?:[”\"]?{noun}){{0,2}}"


def _rows(name: str) -> Iterator[tuple[str, frozenset[str]]]:
    for kind, *found in _cells(name):
        yield kind, frozenset(found)


def _cells(name: str) -> Iterator[list[str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [cell.strip().lower() for cell in line.split("\t")]
