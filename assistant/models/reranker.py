"""A question and passages → how likely each passage answers, and where. Never imports torch.

One pass of a small encoder over question and passage together gives all of it. `eval.reranker`
trains the model and exports it; a folder holds the graph, the tokenizer and `reader.json`.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.models.cache import MODEL_FILE, TOKENIZER_FILE
from assistant.models.errors import RerankerUnavailable
from assistant.models.onnx import open_session, open_tokenizer
from corpus.model import Span
from corpus.tokens import encodable

# What a token is to the model: of the question (or a mark), of the passage, and of the passage
# where the question has the same. Seeing repetition at once spares a small model learning it.
ASKED, TOLD, REPEATED = range(3)
KINDS = 3
MAX_TOKENS = 320
_QUESTION_TOKENS = 96
_MARKS = 4  # <s> question </s> </s> passage </s>
_BEGIN, _END = 0, 2
# A longer answer is better read in the passage itself.
_LONGEST_SPAN = 160

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as the model sees them; `offsets` are the passage's characters."""

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
        ids=(_BEGIN, *question_ids, _END, _END, *passage_ids, _END),
        kinds=(
            *(ASKED for _ in range(len(question_ids) + 3)),
            *(REPEATED if number in known else TOLD for number in passage_ids),
            ASKED,
        ),
        first=len(question_ids) + 3,
        offsets=tuple(told.offsets[:room]),
    )


def best_span(start: Numbers, end: Numbers) -> tuple[int, int, float]:
    """Return the first and last token of the likeliest answer, and its summed score."""
    scores = start[:, None] + end[None, :]
    tokens = np.arange(len(start))
    width = tokens[None, :] - tokens[:, None]
    scores[(width < 0) | (width >= _LONGEST_SPAN)] = -np.inf
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(first), int(last), float(scores[first, last])
