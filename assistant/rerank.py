"""Which parts of the passages that were found a reranker reads, and what it makes of each passage.

Reading is what takes time. A passage is read in windows, each about as long as what the model has
learnt from, and of the windows of all passages those nearest to the question are read: those that
share its wording, in passages that were found first.
"""

from collections.abc import Sequence

from assistant.reading import Reading, Reranker, Told
from corpus.model import Span
from corpus.normal import character_pairs
from corpus.segment import sentences

# Characters.
_WINDOW = 300
# Windows that are read, two side by side, until one is as relevant as this.
_READ = 8
_AT_ONCE = 2
_ENOUGH = 0.6
# Those much farther than the nearest one hardly ever answer.
_NEAR = 0.75


def read_nearest(
    question: str, passages: Sequence[Told], scores: Sequence[float], reranker: Reranker
) -> dict[int, Reading]:
    """Return what is read in some of the passages, by their numbers.

    `scores` are retrieval's, 0..1. A passage's reading is that of its most relevant window.
    """
    readings: dict[int, Reading] = {}
    nearest = _nearest(question, passages, scores)
    for start in range(0, len(nearest), _AT_ONCE):
        if any(reading.relevance >= _ENOUGH for reading in readings.values()):
            break
        batch = nearest[start : start + _AT_ONCE]
        told = [
            Told(passages[number].context, window.of(passages[number].text))
            for number, window in batch
        ]
        for (number, window), reading in zip(batch, reranker.read(question, told), strict=True):
            if number not in readings or reading.relevance > readings[number].relevance:
                readings[number] = reading.moved(window.start)
    return readings


def windows(text: str) -> list[Span]:
    """Return spans of whole sentences, each about as long as the passages of the training.

    Two that follow each other share a sentence, if it is not too long, so that what refers to the
    one before is read with it.
    """
    found: list[Span] = []
    start = end = last = 0
    for sentence in sentences(text):
        if end > start and sentence.end - start > _WINDOW:
            found.append(Span(start, end))
            start = last if sentence.end - last <= _WINDOW else sentence.start
        last, end = sentence.start, sentence.end
    return [*found, Span(start, end or len(text))]


def _nearest(
    question: str, passages: Sequence[Told], scores: Sequence[float]
) -> list[tuple[int, Span]]:
    """Return the nearest windows of all passages with the passages' numbers, the nearest first."""
    asked = character_pairs(question)
    near: dict[tuple[int, Span], float] = {}
    for number, (passage, score) in enumerate(zip(passages, scores, strict=True)):
        above = character_pairs(passage.context)
        for window in windows(passage.text):
            told = above | character_pairs(window.of(passage.text))
            near[number, window] = score + len(asked & told) / max(len(asked), 1)
    least = _NEAR * max(near.values(), default=0.0)
    nearest = sorted(near, key=lambda one: -near[one])[:_READ]
    return [one for one in nearest if near[one] >= least]
