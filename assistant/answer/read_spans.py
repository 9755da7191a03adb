"""What the reranker reads in the best passage → the words that answer, cited with their sentences.

The words are the source's own, not cut inside a number or a bracket: within one clause a part of
it, but never without a denial that stands before; else whole clauses. Of the figures of a sentence
all are said or none.
"""

import re
from collections.abc import Sequence

from assistant.answer.denial import asks_whether
from assistant.answer.passages import Passage, Sentence, choose_sentences
from assistant.answer.sources import Sources
from assistant.question import Question
from assistant.reading import Reranker
from corpus.chunking import trim
from corpus.model import Chunk, Span
from corpus.segment import brackets, quantities, sentences

_SURE = 0.5
_CLAUSE_END = re.compile("[，,；;。！？!?\n]")
_DATES = "年月日时点"
_DENIES = re.compile("[不未无非禁没除]")


def choose_answer(
    question: Question,
    passages: Sequence[Passage],
    sources: Sources,
    reranker: Reranker | None,
) -> list[Sentence]:
    """Return what answers: as the reranker reads it, where it reads well, else by the rules.

    Whether something may be done is for the rules, which know what forbids it.
    """
    if reranker is not None and reranker.fitted.reads and not asks_whether(question):
        read = _read(passages, sources)
        if read:
            return read
    return choose_sentences(question, passages, sources)


def _read(passages: Sequence[Passage], sources: Sources) -> list[Sentence]:
    """Return what is read of each sentence, nothing where reading is a guess."""
    read = [
        (passage.hit, passage.hit.reading.relevance, passage.hit.reading.span)
        for passage in passages
        if passage.hit.reading is not None and passage.hit.reading.span is not None
    ]
    if not read:
        return []
    hit, relevance, span = max(read, key=lambda one: one[1])
    # Of a passage that more likely does not answer, what is read is a guess.
    if relevance < _SURE:
        return []
    chunk = hit.chunk
    answer = trim(chunk.text, _whole(chunk.text, span))
    around = [
        one for one in sentences(chunk.text) if one.start < answer.end and one.end > answer.start
    ]
    if not len(answer) or not around:
        return []
    said = trim(chunk.text, Span(around[0].start, around[-1].end))
    # A rate and its cap belong together.
    figures = _figures(chunk, said)
    if 0 < sum(answer.holds(one) for one in figures) < len(figures):
        answer = said
    at = chunk.span.start
    text = sources.plan(chunk.plan_id).text
    cited = trim(text, Span(at + around[0].start, at + around[-1].end))
    section = sources.sections(chunk.plan_id)[chunk.section]
    # A row means nothing without its header, and a heading is no answer.
    is_row = sources.is_project_row(chunk.plan_id, cited) or any(
        table.start < cited.end and cited.start < table.end
        for table in sources.tables(chunk.plan_id)
    )
    if cited.start < section.heading.end or is_row:
        return []
    found: list[Sentence] = []
    for one in around:
        words = trim(chunk.text, Span(max(one.start, answer.start), min(one.end, answer.end)))
        if len(words):
            whole = trim(text, Span(at + one.start, at + one.end))
            found.append(Sentence(hit, whole, words.of(chunk.text), relevance))
    return found


def _figures(chunk: Chunk, said: Span) -> list[Span]:
    """Return the quantities of the sentence but its dates."""
    return [
        one
        for one in quantities(chunk.text)
        if said.holds(one) and chunk.text[one.end - 1] not in _DATES
    ]


def _whole(text: str, span: Span) -> Span:
    """Return the span with what it cuts through."""
    start, end = span.start, span.end
    for unit in (*quantities(text), *brackets(text)):
        if unit.start < start < unit.end or unit.start < end < unit.end:
            start, end = min(start, unit.start), max(end, unit.end)
    clause = max((match.end() for match in _CLAUSE_END.finditer(text, 0, start)), default=0)
    if _CLAUSE_END.search(text, start, end):
        ends = _CLAUSE_END.search(text, end)
        return Span(clause, ends.start() if ends else len(text))
    return Span(clause if _DENIES.search(text, clause, start) else start, end)
