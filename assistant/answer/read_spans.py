"""What the reranker reads in the best passage → the words that answer, cited with their sentences.

The words are the source's own, not cut inside a word or number, never with one of two brackets,
never without a denial that stands before them, and a rate never without its cap.
"""

import re
from collections.abc import Sequence

from assistant.answer.passages import Sentence
from assistant.answer.sources import Sources
from assistant.question import Question
from assistant.reading import Reranker
from assistant.retrieve import Hit
from corpus.chunking import trim
from corpus.model import Span
from corpus.segment import brackets, plain_segmenter, quantities, sentences

_SURE = 0.8
# Characters. Longer words are said as whole clauses: where they begin and end is read less surely.
_PHRASE = 20
# What is done, how and what for, is seldom told in one clause.
_ASKS_HOW = re.compile("怎么|怎样|如何|咋|[干做]什么|干嘛|干啥|什么(?:作用|用)")
_CLAUSE_END = re.compile("[，,；;。！？!?\n]")
_DATES = "年月日时点"
_DENIES = re.compile("[不未无非禁没除]")
_CAPS = re.compile("最高|不超过|不高于|上限|封顶|限额")


def read_answer(
    question: Question, hits: Sequence[Hit], sources: Sources, reranker: Reranker
) -> list[Sentence]:
    """Return the words that surely answer, each with its sentence; none if it is a guess.

    They are those of the best hit that is surely read, superseded plans after all others.
    """
    if not reranker.fitted.reads:
        return []
    # Relevance is near 0 or near 1; in between, what is read is a guess.
    sure = [
        (hit, reading.span, reading.relevance)
        for hit in hits
        if (reading := hit.reading) and reading.span and reading.relevance >= _SURE
    ]
    if not sure:
        return []
    best, span, relevance = max(
        sure, key=lambda one: (not sources.is_superseded(one[0].chunk.plan_id), one[0].score)
    )
    text = best.chunk.text
    told = _sentence_around(text, span) if _ASKS_HOW.search(question.normal) else span
    answer = trim(text, _whole(text, told))
    if not len(answer) or _is_row(best, answer, sources):
        return []
    return _by_sentence(best, answer, relevance, sources)


def _is_row(hit: Hit, answer: Span, sources: Sources) -> bool:
    """Tell whether the words are of a row, which means nothing without its header."""
    chunk = hit.chunk
    cited = Span(chunk.span.start + answer.start, chunk.span.start + answer.end)
    return sources.is_project_row(chunk.plan_id, cited) or any(
        table.start < cited.end and cited.start < table.end
        for table in sources.tables(chunk.plan_id)
    )


def _by_sentence(hit: Hit, answer: Span, relevance: float, sources: Sources) -> list[Sentence]:
    """Return the answer parted by the sentences that it stands in, each to be cited."""
    chunk = hit.chunk
    text = sources.plan(chunk.plan_id).text
    found: list[Sentence] = []
    for one in sentences(chunk.text):
        start, end = max(one.start, answer.start), min(one.end, answer.end)
        words = trim(chunk.text, Span(start, end)) if start < end else Span(0, 0)
        if len(words):
            at = chunk.span.start
            whole = trim(text, Span(at + one.start, at + one.end))
            found.append(Sentence(hit, whole, words.of(chunk.text), relevance))
    return found


def _whole(text: str, span: Span) -> Span:
    """Return the span with what it cuts through, and what it would mislead without."""
    start, end = span.start, span.end
    for unit in (*plain_segmenter().words(text), *quantities(text)):
        if unit.start < start < unit.end or unit.start < end < unit.end:
            start, end = min(start, unit.start), max(end, unit.end)
    # What the items of an enumeration share stands before the first or behind the last.
    is_widened = end - start >= _PHRASE or "、" in text[start:end]
    clause = max((match.end() for match in _CLAUSE_END.finditer(text, 0, start)), default=0)
    if is_widened or _DENIES.search(text, clause, start):
        start = clause
    if is_widened:
        ends = _CLAUSE_END.search(text, end - 1)
        end = ends.start() if ends else len(text)
    # Within brackets it may stand, but not with one of two.
    for pair in brackets(text):
        if (pair.start < start < pair.end) != (pair.start < end < pair.end):
            start, end = min(start, pair.start), max(end, pair.end)
    return Span(start, _end_of_cap(text, Span(start, end)))


def _sentence_around(text: str, span: Span) -> Span:
    """Return the span from the beginning of its first sentence to the end of its last."""
    touched = [one for one in sentences(text) if one.start < span.end and span.start < one.end]
    return Span(touched[0].start, touched[-1].end) if touched else span


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
