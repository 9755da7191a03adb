"""A question and a passage as the reranker sees them, in training as in use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.model import Span
from corpus.tokens import encodable

# What a token is to the model: of the question (or a mark), of the passage, or of the passage
# where the question has the same. Being told what recurs spares a small model learning it.
ASKED, TOLD, REPEATED = range(3)
KINDS = 3
# The pieces that e5's vocabulary begins with.
BEGIN, PAD, END = 0, 1, 2
MAX_TOKENS = 320

_QUESTION_TOKENS = 96
_MARKS = 4  # <s> question </s></s> passage </s>
_LONGEST_SPAN = 160
# The likeliest spans are candidates, their scores divided by this before they become chances: the
# model is too sure of its first one. Mean character F1 of what is read first on the parts to fit on
# of ncpqa, its written questions, cmrc and DRCD: .745 undivided, .749 with 1.5, .755 with 2, .751
# with 2.5 and with 3; of DRCD, whose answers are a word or a figure, .773, .767, .764, .748, .738.
_CANDIDATES = 30
_FLATTENED = 2.0

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens from `first` on are the passage's; `offsets` tell its characters of each."""

    ids: tuple[int, ...]
    kinds: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]

    def tokens_of(self, span: Span) -> tuple[int, int] | None:
        """Return the first and the last token that overlap a span of the passage, if any do."""
        inside = [
            number
            for number, (start, end) in enumerate(self.offsets, self.first)
            if start < span.end and end > span.start
        ]
        return (inside[0], inside[-1]) if inside else None


def encode_pair(
    tokenizer: Tokenizer, question: str, passage: str, *, max_tokens: int = MAX_TOKENS
) -> Pair:
    """Lay a question and a passage out; what is too long loses its end."""
    asked, told = (
        tokenizer.encode(encodable(text), add_special_tokens=False) for text in (question, passage)
    )
    question_ids = asked.ids[:_QUESTION_TOKENS]
    room = max_tokens - len(question_ids) - _MARKS
    passage_ids = told.ids[:room]
    known = set(question_ids)
    return Pair(
        ids=(BEGIN, *question_ids, END, END, *passage_ids, END),
        kinds=(
            *(ASKED for _ in range(len(question_ids) + _MARKS - 1)),
            *(REPEATED if number in known else TOLD for number in passage_ids),
            ASKED,
        ),
        first=len(question_ids) + _MARKS - 1,
        offsets=tuple(told.offsets[:room]),
    )


def best_span(start: Numbers, end: Numbers, offsets: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the first and last token of the answer to expect.

    It is, of the likeliest spans, the one that has most characters in common with all of them,
    each counted as often as it is likely (minimum Bayes risk; Kumar and Byrne 2004,
    https://aclanthology.org/N04-1022). The likeliest alone is often one of several that differ by
    a few words, and the outermost of them.
    """
    scores = (start[:, None] + end[None, :]) / _FLATTENED
    tokens = np.arange(len(start))
    width = tokens[None, :] - tokens[:, None]
    scores[(width < 0) | (width >= _LONGEST_SPAN)] = -np.inf
    number = min(_CANDIDATES, scores.size)
    likeliest = np.argpartition(-scores, number - 1, axis=None)[:number]
    likeliest = likeliest[np.isfinite(scores.flat[likeliest])]
    first, last = np.unravel_index(likeliest, scores.shape)
    chances = np.exp(scores[first, last] - scores.max())
    begins, ends = np.array(offsets)[first, 0], np.array(offsets)[last, 1]
    shared = np.minimum.outer(ends, ends) - np.maximum.outer(begins, begins)
    # Character F1 of each with each.
    lengths = np.maximum(np.add.outer(ends - begins, ends - begins), 1)
    likeness = 2 * np.maximum(shared, 0) / lengths
    best = int((likeness @ chances).argmax())
    return int(first[best]), int(last[best])
