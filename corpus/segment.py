"""Text → jieba words, and the places where it must not be cut."""

import logging
import marshal
import os
import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cache

import jieba
import platformdirs

from corpus.model import Span
from corpus.normal import normalise
from corpus.terms import load_stopwords, load_terms, unit_pattern

# jieba tells on stderr how long its dictionary took to load.
jieba.setLogLevel(logging.WARNING)

_WORD = re.compile(r"[\w&%‰.+/-]*\w[\w&%‰.+/-]*")
# Full-width forms by number where they look like their half-width twins.
_PAIRS = "()[]“”‘’《》「」『』【】〔〕\uff08\uff09"
_CLOSING = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
# No text nests deeper; thousands of unclosed brackets must not take quadratic time.
_DEEPEST = 32
_SENTENCE_END = re.compile("[。!?\uff01\uff1f]+[”’」』)\uff09]*|\n+")


@dataclass(frozen=True)
class Segmenter:
    """Cuts text into words with jieba's dictionary and the terms that were added to it."""

    tokenizer: jieba.Tokenizer

    def with_terms(self, terms: Iterable[str]) -> "Segmenter":
        """Return a segmenter that knows these words too; this one is left as it is."""
        tokenizer = copy(self.tokenizer)
        tokenizer.FREQ = self.tokenizer.FREQ.copy()
        for term in terms:
            tokenizer.add_word(term)
        return Segmenter(tokenizer)

    def words(self, text: str) -> list[Span]:
        """Return the spans of the words, one after the other over the whole text."""
        return [Span(start, end) for _, start, end in self.tokenizer.tokenize(text)]

    def search_words(self, text: str) -> list[str]:
        """Return the words to search by: normalised, long ones with their parts, no stopwords."""
        stopwords = load_stopwords()
        return [
            word
            for word in self.tokenizer.cut_for_search(normalise(text))
            if _WORD.fullmatch(word) and word not in stopwords
        ]

    def content_words(self, text: str) -> list[str]:
        """Return the words that carry the meaning, each once, in order; no parts, no stopwords."""
        stopwords = load_stopwords()
        words = self.tokenizer.lcut(normalise(text))
        return [
            word for word in dict.fromkeys(words) if _WORD.fullmatch(word) and word not in stopwords
        ]


@cache
def plain_segmenter() -> Segmenter:
    """Return the segmenter that knows jieba's own dictionary only."""
    folder = platformdirs.user_cache_path("plan-assistant", appauthor=False)
    tokenizer = jieba.Tokenizer()
    # jieba's cache is any user's to write and is kept when jieba's dictionary has changed.
    tokenizer.cache_file = f"jieba-{jieba.__version__}.cache"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Read in one piece, it is there in a third of the time that jieba takes to read it.
        cached = (folder / tokenizer.cache_file).read_bytes()
        tokenizer.FREQ, tokenizer.total = marshal.loads(cached)
        tokenizer.initialized = True
    except (OSError, EOFError, ValueError, TypeError):
        if os.access(folder, os.W_OK):
            tokenizer.tmp_dir = str(folder)
        tokenizer.initialize()
    return Segmenter(tokenizer)


@cache
def base_segmenter() -> Segmenter:
    """Return the segmenter that knows jieba's dictionary and the lexicon."""
    names = [word for term in load_terms() for word in (term.name, *term.aliases)]
    # The lexicon is normalised, a plan may write R&D: jieba tells the two apart.
    return plain_segmenter().with_terms(dict.fromkeys(names + [word.upper() for word in names]))


@cache
def _quantity() -> re.Pattern[str]:
    # A range keeps both ends (2024—2026年), a multiplier its unit (4.3万平方米).
    number = r"\d[\d,]*(?:[.\uff0e]\d+)?"
    return re.compile(
        rf"[约≥≤<>±]?{number}(?:\s*[-—–~\uff5e至]\s*{number})?"
        rf"\s*(?:[万亿千百]*{unit_pattern()}|[万亿千百]+)?(?:左右|以上|以下|以内)?"
    )


def brackets(text: str) -> list[Span]:
    """Return the spans of the outermost bracketed or quoted phrases, none reaching over a line.

    A bracket without its partner protects nothing.
    """
    found: list[Span] = []
    still_open: list[tuple[str, int]] = []
    for position, character in enumerate(text):
        if character == "\n":
            still_open.clear()
        elif character in _CLOSING:
            still_open.append((_CLOSING[character], position))
            del still_open[:-_DEEPEST]
        elif any(character == closing for closing, _ in still_open):
            closing, start = still_open.pop()
            while closing != character:
                closing, start = still_open.pop()
            while found and found[-1].start > start:
                found.pop()
            found.append(Span(start, position + 1))
    return found


def quantities(text: str) -> list[Span]:
    """Return the spans of the numbers, each with its unit."""
    return [Span(*match.span()) for match in _quantity().finditer(text)]


def sentences(text: str) -> list[Span]:
    """Return the sentences (or lines) of the text, without a gap; none ends inside brackets."""
    protected = inside(brackets(text))
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    ends = [end for end in ends if end not in protected]
    if not ends or ends[-1] != len(text):
        ends.append(len(text))
    return [Span(start, end) for start, end in zip([0, *ends], ends, strict=False) if start < end]


def inside(spans: Iterable[Span]) -> set[int]:
    """Return the positions at which a cut would part one of the spans."""
    return {position for span in spans for position in range(span.start + 1, span.end)}
