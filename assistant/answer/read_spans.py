"""What the reranker reads in the best passage → the words that answer, cited with their sentences.

The words are the source's own, not cut inside a number, never with one of two brackets, never
without a denial that stands before them, and a rate never without its cap.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer.denial import asks_whether
from assistant.answer.evidence import holds_wanted
from assistant.answer.passages import Passage, Sentence, choose_sentences, denying
from assistant.answer.sources import Sources
from assistant.question import Question
from assistant.reading import Reranker
from assistant.retrieve import Hit
from corpus.chunking import trim
from corpus.model import Span
from corpus.segment import brackets, quantities, sentences

_SURE = 0.5
_CERTAIN = 0.9
_CLAUSE_END = re.compile("[，,；;。！？!?\n]")
_DATES = "年月日时点"
_DENIES = re.compile("[不未无非禁没除]")
_CAPS = re.compile("最高|不超过|不高于|上限|封顶|限额")


def choose_answer(
    question: Question,
    hits: Sequence[Hit],
    passages: Sequence[Passage],
    sources: Sources,
    reranker: Reranker | None,
) -> list[Sentence]:
    """Return the words that answer, or where reading them is a guess the sentences they stand in.

    Without a reranker, and where something forbids what is asked for, the rules choose.
    """
    read = _read(question, hits, passages, sources, reranker)
    return _by_sentence(read, sources) if read else choose_sentences(question, passages, sources)


def read_answer(
    question: Question,
    hits: Sequence[Hit],
    passages: Sequence[Passage],
    sources: Sources,
    reranker: Reranker | None,
) -> list[Sentence]:
    """Return the words that answer, each with its sentence; nothing where reading is a guess."""
    read = _read(question, hits, passages, sources, reranker)
    return _by_sentence(read, sources) if read is not None and read.is_sure else []


@dataclass(frozen=True, slots=True)
class _Read:
    """Words of a chunk by their span in it."""

    hit: Hit
    words: Span
    relevance: float

    @property
    def is_sure(self) -> bool:
        """Tell whether the chunk likelier answers than not."""
        return self.relevance >= _SURE


def _read(
    question: Question,
    hits: Sequence[Hit],
    passages: Sequence[Passage],
    sources: Sources,
    reranker: Reranker | None,
) -> _Read | None:
    """Return what is read in the best hit; whoever asks 能否 is told by the rules what forbids."""
    best = max((hit for hit in hits if hit.reading), key=lambda hit: hit.score, default=None)
    if reranker is None or not reranker.fitted.reads or best is None or best.reading is None:
        return None
    text, reading = best.chunk.text, best.reading
    if reading.span is None:
        return None
    # 比例 may be told as 三成, which the rules do not know.
    if reading.relevance < _CERTAIN and not holds_wanted(question, best.chunk.embedded):
        return None
    answer = trim(text, _whole(text, reading.span))
    if not len(answer) or _is_row(best, answer, sources):
        return None
    if asks_whether(question) and denying(question, passages, sources):
        return None
    read = _Read(best, answer, reading.relevance)
    return read if read.is_sure else replace(read, words=_sentences(text, answer))


def _sentences(text: str, words: Span) -> Span:
    """Return the whole sentences that the words stand in."""
    around = [one for one in sentences(text) if one.start < words.end and one.end > words.start]
    return Span(around[0].start, around[-1].end)


def _is_row(hit: Hit, answer: Span, sources: Sources) -> bool:
    """Tell whether the words are of a row, which means nothing without its header."""
    chunk = hit.chunk
    cited = Span(chunk.span.start + answer.start, chunk.span.start + answer.end)
    return sources.is_project_row(chunk.plan_id, cited) or any(
        table.start < cited.end and cited.start < table.end
        for table in sources.tables(chunk.plan_id)
    )


def _by_sentence(read: _Read, sources: Sources) -> list[Sentence]:
    """Return what is read parted by the sentences that it stands in, each to be cited."""
    chunk = read.hit.chunk
    text = sources.plan(chunk.plan_id).text
    found: list[Sentence] = []
    for one in sentences(chunk.text):
        start, end = max(one.start, read.words.start), min(one.end, read.words.end)
        words = trim(chunk.text, Span(start, end)) if start < end else Span(0, 0)
        if len(words):
            at = chunk.span.start
            whole = trim(text, Span(at + one.start, at + one.end))
            found.append(Sentence(read.hit, whole, words.of(chunk.text), read.relevance))
    return found


def _whole(text: str, span: Span) -> Span:
    """Return the span with what it cuts through, and what it would mislead without."""
    start, end = span.start, span.end
    for unit in quantities(text):
        if unit.start < start < unit.end or unit.start < end < unit.end:
            start, end = min(start, unit.start), max(end, unit.end)
    # Within brackets it may stand, but not with one of two.
    for pair in brackets(text):
        if (pair.start < start < pair.end) != (pair.start < end < pair.end):
            start, end = min(start, pair.start), max(end, pair.end)
    clause = max((match.end() for match in _CLAUSE_END.finditer(text, 0, start)), default=0)
    if _DENIES.search(text, clause, start):
        start = clause
    return Span(start, _end_of_cap(text, Span(start, end)))


def _end_of_cap(text: str, answer: Span) -> int:
    """Return the end of the answer, or of the cap that the same sentence goes on with."""
    sums = [one for one in quantities(text) if text[one.end - 1] not in _DATES]
    if not any(answer.holds(one) for one in sums):
        return answer.end
    sentence = next((one for one in sentences(text) if one.start < answer.end <= one.end), answer)
    cap = _CAPS.search(text, answer.end, sentence.end)
    if cap is None:
        return answer.end
    return next((one.end for one in sums if cap.end() <= one.start < sentence.end), answer.end)
