"""One system asked to find passages: the rank of the first right one, and the gain of all.

A passage is right if it overlaps a gold answer in the answer's document. nDCG@10 (Järvelin &
Kekäläinen 2002, doi:10.1145/582415.582418) counts every right passage that the system could find.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from corpus.model import Span
from eval.bench.load import BenchQuestion
from eval.bench.systems import Passage, System
from eval.corpus.places import Places, overlap

DEPTHS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What one search found: the rank of the first right passage is 0 where none is."""

    rank: int
    ndcg: float
    seconds: float
    first: Passage | None

    def is_within(self, depth: int) -> bool:
        """Tell whether a right passage is among the first `depth`."""
        return 0 < self.rank <= depth

    @property
    def reciprocal_rank(self) -> float:
        """Return 1 over the rank, 0 where nothing right was found."""
        return 1 / self.rank if self.rank else 0.0


def search_all(system: System, questions: Sequence[BenchQuestion]) -> tuple[Retrieved, ...]:
    """Ask a system all questions, one after the other."""
    if not questions:
        return ()
    places = cache(lambda document_id: Places.of(system.text_of(document_id)))
    by_document: dict[str, list[Passage]] = {}
    for passage in system.passages:
        by_document.setdefault(passage.document_id, []).append(passage)
    # The first search opens files and fills caches.
    system.search(questions[0].question, DEPTHS[-1])
    found: list[Retrieved] = []
    for question in questions:
        started = time.perf_counter()
        passages = system.search(question.question, DEPTHS[-1])
        seconds = time.perf_counter() - started
        text = places(question.document_id)
        gold = [span for words in question.answers for span in text.find_all(words)]
        right = [is_right(passage, question.document_id, gold) for passage in passages]
        known = by_document.get(question.document_id, [])
        findable = sum(is_right(passage, question.document_id, gold) for passage in known)
        rank = right.index(True) + 1 if True in right else 0
        first = passages[0] if passages else None
        found.append(Retrieved(rank, _ndcg(right, findable), seconds, first))
    return tuple(found)


def is_right(passage: Passage, document_id: str, gold: Sequence[Span]) -> bool:
    """Tell whether a passage overlaps an answer in its document."""
    return passage.document_id == document_id and any(overlap(passage.span, g) for g in gold)


def _ndcg(right: Sequence[bool], findable: int) -> float:
    discounts = 1 / np.log2(np.arange(2, DEPTHS[-1] + 2))
    ideal = discounts[: min(findable, DEPTHS[-1])].sum()
    gain = discounts[: len(right)][np.asarray(right, dtype=bool)].sum() if right else 0.0
    return float(gain / ideal) if ideal else 0.0
