"""The words of a source that a sentence of the model rests on, to be quoted beside it."""

import re
from functools import lru_cache

from assistant.answer.evidence import support
from corpus.chunking import trim
from corpus.model import Span
from corpus.normal import normalise
from corpus.segment import base_segmenter, sentences

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_QUOTED = re.compile('[「《“"]([^「」《》“”"]+)[」》”"]')
# A shorter run of sentences will do if it holds nearly all that the whole passage does.
_NEARLY_ALL = 0.9


@lru_cache(maxsize=128)
def best_quote(said: str, passage: Span, text: str) -> Span:
    """Return the shortest run of the passage's sentences that carries what is said.

    It holds every figure and quotation that the passage has of it, and nearly all its words.
    """
    pieces = [
        trim(text, Span(passage.start + piece.start, passage.start + piece.end))
        for piece in sentences(passage.of(text))
    ]
    pieces = [piece for piece in pieces if len(piece)]
    words = base_segmenter().content_words(said)
    whole = normalise(passage.of(text))
    needed = [part for part in _exact_parts(said) if part in whole]
    least = _NEARLY_ALL * support(words, whole)
    for length in range(1, len(pieces)):
        runs = [
            Span(pieces[first].start, pieces[first + length - 1].end)
            for first in range(len(pieces) - length + 1)
        ]
        carried = {run: normalise(run.of(text)) for run in runs}
        fitting = [run for run in runs if all(part in carried[run] for part in needed)]
        supports = {run: support(words, carried[run]) for run in fitting}
        if supports and max(supports.values()) >= least:
            return max(fitting, key=lambda run: supports[run])
    return passage


def _exact_parts(said: str) -> list[str]:
    normal = normalise(said)
    return [*_FIGURE.findall(normal), *_QUOTED.findall(normal)]
