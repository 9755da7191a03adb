"""Ranks of the first right passage → recall, reciprocal rank and how sure they are."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from corpus.model import Span
from eval.corpus.places import Places, overlap
from eval.retrieval.bench import BenchQuestion
from eval.retrieval.systems import Passage, System

DEPTHS = (1, 3, 5, 10)
_SURE = 5
_RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """For each question the rank of the first right passage, 0 for none, and the seconds."""

    ranks: tuple[int, ...]
    seconds: tuple[float, ...]

    def recall(self, depth: int) -> float:
        """Return the share of questions with a right passage among the first `depth`."""
        return float(np.mean([0 < rank <= depth for rank in self.ranks]))

    @property
    def reciprocal_rank(self) -> float:
        """Return the mean reciprocal rank within the deepest search."""
        return float(np.mean([1 / rank if rank else 0.0 for rank in self.ranks]))

    @property
    def median_seconds(self) -> float:
        """Return the seconds that the middle question took."""
        return statistics.median(self.seconds)

    def interval(self) -> tuple[float, float]:
        """Return the 95 % bootstrap interval of R@5 over the questions."""
        hits = np.array([0 < rank <= _SURE for rank in self.ranks])
        random = np.random.default_rng(0)
        # Resampling 0 and 1 with replacement is drawing their number.
        drawn = random.binomial(len(hits), hits.mean(), _RESAMPLES) / len(hits)
        low, high = np.quantile(drawn, [0.025, 0.975])
        return float(low), float(high)


def run(system: System, questions: Sequence[BenchQuestion]) -> Found:
    """Ask a system all questions, one after the other."""
    places = cache(lambda document_id: Places.of(system.text_of(document_id)))
    # The first search opens files and fills caches.
    system.search(questions[0].question, DEPTHS[-1])
    ranks: list[int] = []
    seconds: list[float] = []
    for question in questions:
        started = time.perf_counter()
        passages = system.search(question.question, DEPTHS[-1])
        seconds.append(time.perf_counter() - started)
        text = places(question.document_id)
        gold = [span for words in question.answers for span in text.find_all(words)]
        ranks.append(rank_of(passages, question.document_id, gold))
    return Found(tuple(ranks), tuple(seconds))


def rank_of(passages: Sequence[Passage], document_id: str, gold: Sequence[Span]) -> int:
    """Return the rank of the first passage that overlaps an answer in its document, 0 for none."""
    for rank, passage in enumerate(passages, start=1):
        if passage.document_id == document_id and any(overlap(passage.span, g) for g in gold):
            return rank
    return 0
