"""What the reranker reads in the best passage → the words that answer, cited with their sentences.

The words are the source's own, not cut inside a word or number, never with one of two brackets,
never without a denial that stands before them, and a rate never without its cap.
"""

import re
from collections.abc import Sequence

from assistant.answer.evidence import holds_wanted
from assistant.answer.passages import Sentence
from assistant.answer.sentences import parts_of, sentences_in
from assistant.answer.sources import Sources
from assistant.answer.verification.statements import is_introduction
from assistant.question import Question
from assistant.reading import Reranker
from assistant.retrieve import Hit
from corpus.chunking import trim
from corpus.model import Span
from corpus.segment import brackets, plain_segmenter, quantities, sentences

# Relevance. Less surely read words must be of the kind that is wanted and outweigh no list; those
# below the second bound are told as whole clauses; below the third the rules choose better.
# Character F1 on the questions written to ncpqa's part to fit on: .718; with .2 or .4 as the second
# the same, with .5 .716, with .65 .705; with .1 as the third .710, with .2 .707.
SURE = 0.8
LIKELY = 0.3
POSSIBLE = 0.02
# What is done, how and what for, is seldom told in a few words (characters), nor is a wording.
_ASKS_HOW = re.compile("怎么|怎样|如何|咋|[干做]什么|干嘛|干啥|什么(?:作用|用)|原[文话句]")
_FEW = 40
# A name or a sum is no longer (characters).
_NAME = 12
# The dash of 010—59191471 ends nothing.
_CLAUSE_END = re.compile(r"[，,；;。！？!?\n]|(?<!\d)—|—(?!\d)")
_LEADS_ON = "的和与及或、为是在对由"
_DATES = "年月日时点"
_DENIES = re.compile("[不未无非禁没除]")
_CAPS = re.compile("最高|不超过|不高于|上限|封顶|限额")


def read_answer(
    question: Question,
    hits: Sequence[Hit],
    sources: Sources,
    reranker: Reranker,
    *,
    least: float,
) -> list[Sentence]:
    """Return the words that answer, each with its sentence; none if no relevance is `least`.

    They are those of the best hit that is read, superseded plans after all others, but for what
    only leads over to something.
    """
    if not reranker.fitted.reads:
        return []
    likely = [
        (hit, reading.span, reading.relevance)
        for hit in hits
        if (reading := hit.reading) and reading.span and reading.relevance >= least
    ]
    likely.sort(key=lambda one: (sources.is_superseded(one[0].chunk.plan_id), -one[0].score))
    for hit, span, relevance in likely:
        answer = _answer(question, hit, span, relevance, sources)
        words = answer.of(hit.chunk.text)
        if is_introduction(words):
            continue
        is_kind_wanted = relevance >= SURE or holds_wanted(question, words)
        if not words or not is_kind_wanted or _is_row(hit, answer, sources):
            return []
        return _by_sentence(hit, answer, relevance, sources)
    return []


def _answer(question: Question, hit: Hit, span: Span, relevance: float, sources: Sources) -> Span:
    """Return what is told of what is read, within the hit's text."""
    chunk, text = hit.chunk, hit.chunk.text
    said = sentences_in(chunk, sources)
    told = _told(question, text, said, trim(text, span), is_likely=relevance >= LIKELY)
    return trim(text, _whole(text, said, told))


def _told(
    question: Question, text: str, said: Sequence[Span], read: Span, *, is_likely: bool
) -> Span:
    """Return what is told of what is read: the more of it there is, the larger its whole parts.

    `said` are the sentences of the text.
    """
    touched = [one for one in said if one.overlaps(read)]
    if touched:
        read = Span(max(read.start, touched[0].start), min(read.end, touched[-1].end))
    is_short_of_how = len(read) < _FEW and _ASKS_HOW.search(question.normal)
    if touched and (len(touched) > 1 or is_short_of_how):
        return Span(touched[0].start, touched[-1].end)
    if not is_likely:
        return Span(_clause_start(text, said, read.start), _clause_end(text, read.end))
    if _CLAUSE_END.search(text, read.start, read.end):
        return Span(read.start, _clause_end(text, read.end))
    return read


def _is_row(hit: Hit, answer: Span, sources: Sources) -> bool:
    """Tell whether the words are of a row, which means nothing without its header."""
    chunk = hit.chunk
    cited = Span(chunk.span.start + answer.start, chunk.span.start + answer.end)
    return sources.is_project_row(chunk.plan_id, cited) or any(
        table.overlaps(cited) for table in sources.tables(chunk.plan_id)
    )


def _by_sentence(hit: Hit, answer: Span, relevance: float, sources: Sources) -> list[Sentence]:
    """Return the answer parted by the sentences that it stands in, each to be cited."""
    chunk = hit.chunk
    found: list[Sentence] = []
    for one in parts_of(chunk, sources):
        start, end = max(one.start, answer.start), min(one.end, answer.end)
        words = trim(chunk.text, Span(start, end)) if start < end else Span(0, 0)
        if len(words):
            at = chunk.span.start
            whole = Span(at + one.start, at + one.end)
            found.append(Sentence(hit, whole, words.of(chunk.text), relevance))
    return found


def _whole(text: str, said: Sequence[Span], span: Span) -> Span:
    """Return the span with what it cuts through, and what it would mislead without.

    `said` are the sentences of the text.
    """
    start, end = span.start, span.end
    for unit in (*plain_segmenter().words(text), *quantities(text)):
        if unit.start < start < unit.end or unit.start < end < unit.end:
            start, end = min(start, unit.start), max(end, unit.end)
    clause = _clause_start(text, said, start)
    if _DENIES.search(text, clause, start):
        start = clause
    # An enumeration is told from its first item.
    if "、" in text[clause:start] and "、" in text[start:end]:
        start = clause
    # What is said of a thing is not told without the thing: 对扰乱市场秩序|的行为进行投诉举报.
    is_said_of = text[end : end + 1] == "的" and end - start > _NAME
    if is_said_of or (end < len(text) and text[end - 1] in _LEADS_ON):
        end = _clause_end(text, end + 1)
    # Within brackets it may stand, but not with one of two.
    for pair in brackets(text):
        if (pair.start < start < pair.end) != (pair.start < end < pair.end):
            start, end = min(start, pair.start), max(end, pair.end)
    return Span(start, _end_of_cap(text, Span(start, end)))


def _clause_start(text: str, said: Sequence[Span], place: int) -> int:
    """Return where the clause of a place starts: not before its sentence, with what opens that."""
    ends = (match.end() for match in _CLAUSE_END.finditer(text, 0, place))
    return max((*ends, *(one.start for one in said if one.start <= place)), default=0)


def _clause_end(text: str, place: int) -> int:
    """Return the end of the clause that the character before a place belongs to."""
    end = _CLAUSE_END.search(text, place - 1)
    return end.start() if end else len(text)


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
