"""What a system answers, against the gold answers: words, figures, citations, refusals.

Character F1 and exact match are SQuAD's measures for words (Rajpurkar et al. 2016,
https://arxiv.org/abs/1606.05250) over characters, as CMRC 2018 takes them to Chinese; punctuation
does not count, and refusing a question that has an answer scores 0. Citations are judged as ALCE
defines it (Gao et al. 2023, https://arxiv.org/abs/2305.14627), but whether a source supports a
statement is decided by code, not by a model: all its figures and nearly all its words stand there.
"""

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer.model import Answer, Citation
from corpus.model import Span
from corpus.normal import normalise
from corpus.segment import base_segmenter
from eval.bench.load import BenchQuestion
from eval.bench.retrieval import is_right
from eval.bench.systems import Passage, System
from eval.corpus.places import Places

_MARK = re.compile(r"\[(\d+)\]")
# A statement with its marks, or a line that has none.
_STATEMENT = re.compile(r"([^\[\n]+?)\s*((?:\[\d+\])+)|([^\[\n]+)")
_NOT_SAID = re.compile(r"[\W_]+")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_CARRIED = 0.8


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer; None where the question or the system does not put a measure to the test.

    `citation_recall` is the share of statements that their sources support, `citation_precision`
    that of citations which a statement needs, `cites_gold` whether a citation overlaps a gold
    answer, `figures` whether all figures of a gold answer are said.
    """

    text: str
    is_refused: bool
    f1: float | None
    is_exact: bool | None
    figures: bool | None
    citation_recall: float | None
    citation_precision: float | None
    cites_gold: bool | None
    seconds: float


def answer_all(
    system: System, questions: Sequence[BenchQuestion], documents: Mapping[str, str]
) -> tuple[Answered, ...]:
    """Ask a system all questions; `documents` tells the document of each plan."""
    if system.answer is None:
        return tuple(_first_passage(system, question) for question in questions)
    found: list[Answered] = []
    for question in questions:
        started = time.perf_counter()
        answer = system.answer(question.question)
        seconds = time.perf_counter() - started
        found.append(_judge(system, question, answer, documents, seconds))
    return tuple(found)


def _judge(
    system: System,
    question: BenchQuestion,
    answer: Answer,
    documents: Mapping[str, str],
    seconds: float,
) -> Answered:
    text = said(answer)
    refused = answer.status != "answered"
    precision, recall = (None, None) if refused else citation_scores(answer)
    cites_gold = None
    if question.is_answerable and not refused:
        cites_gold = _cites_gold(system, question, answer.citations, documents)
    return Answered(
        text,
        refused,
        best_f1(text, question),
        is_exact(text, question),
        says_figures(text, question),
        recall,
        precision,
        cites_gold,
        seconds,
    )


def _first_passage(system: System, question: BenchQuestion) -> Answered:
    started = time.perf_counter()
    first = next(iter(system.search(question.question, 1)), None)
    text = "" if first is None else first.span.of(system.text_of(first.document_id))
    scores = best_f1(text, question), is_exact(text, question), says_figures(text, question)
    return Answered(text, False, *scores, None, None, None, time.perf_counter() - started)


def said(answer: Answer) -> str:
    """Return what an answer says, without marks; nothing if it refuses."""
    return _MARK.sub("", answer.text) if answer.status == "answered" else ""


def best_f1(text: str, question: BenchQuestion) -> float | None:
    """Return the character F1 with the gold answer that is nearest."""
    if not question.is_answerable:
        return None
    return max(character_f1(text, gold) for gold in question.answers)


def character_f1(text: str, gold: str) -> float:
    """Return the harmonic mean of the shares of characters that two texts have in common."""
    mine, theirs = (Counter(_NOT_SAID.sub("", words)) for words in (text, gold))
    shared = (mine & theirs).total()
    return 2 * shared / (mine.total() + theirs.total()) if shared else 0.0


def is_exact(text: str, question: BenchQuestion) -> bool | None:
    """Tell whether the text is one of the gold answers, punctuation aside."""
    if not question.is_answerable:
        return None
    return _NOT_SAID.sub("", text) in {_NOT_SAID.sub("", gold) for gold in question.answers}


def says_figures(text: str, question: BenchQuestion) -> bool | None:
    """Tell whether all figures of a gold answer are in the text; None if gold has none."""
    golds = [set(_FIGURE.findall(normalise(gold))) for gold in question.answers]
    mine = set(_FIGURE.findall(normalise(text)))
    return any(gold <= mine for gold in golds) if golds and all(golds) else None


def citation_scores(answer: Answer) -> tuple[float | None, float | None]:
    """Return citation precision and recall of an answer; None where it states or cites nothing."""
    quotes = {citation.n: citation.quote for citation in answer.citations}
    supported: list[bool] = []
    needed: list[bool] = []
    for statement, marks in _statements(answer.text):
        cited = [quotes[mark] for mark in marks if mark in quotes]
        holds = bool(cited) and supports(cited, statement)
        supported.append(holds)
        for number in range(len(cited)):
            rest = cited[:number] + cited[number + 1 :]
            alone = supports([cited[number]], statement)
            needed.append(holds and (alone or not supports(rest, statement)))
    precision = sum(needed) / len(needed) if needed else None
    recall = sum(supported) / len(supported) if supported else None
    return precision, recall


def supports(quotes: Sequence[str], statement: str) -> bool:
    """Tell whether all figures and nearly all words of a statement stand in the quotes."""
    source = normalise("\n".join(quotes))
    text = normalise(statement)
    if not set(_FIGURE.findall(text)) <= set(_FIGURE.findall(source)):
        return False
    words = [word for word in base_segmenter().search_words(text) if not word[0].isdigit()]
    return sum(word in source for word in words) >= _CARRIED * len(words)


def _statements(text: str) -> list[tuple[str, list[int]]]:
    """Return each statement with its marks; a line that only opens a list states nothing."""
    found: list[tuple[str, list[int]]] = []
    for match in _STATEMENT.finditer(text):
        words = (match[1] or match[3]).strip()
        marks = [int(number) for number in _MARK.findall(match[2] or "")]
        if _NOT_SAID.sub("", words) and (marks or not words.endswith(("：", ":"))):
            found.append((words, marks))
    return found


def _cites_gold(
    system: System,
    question: BenchQuestion,
    citations: Sequence[Citation],
    documents: Mapping[str, str],
) -> bool:
    places = Places.of(system.text_of(question.document_id))
    gold = [span for words in question.answers for span in places.find_all(words)]
    cited = [Passage(documents.get(one.plan_id, ""), Span(one.start, one.end)) for one in citations]
    return any(is_right(passage, question.document_id, gold) for passage in cited)
