"""A bench of questions → groups, the wrong passages found by the program's own retriever.

A passage is what the reader is shown in use: a window of a chunk with the words above the chunk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.library import Library
from assistant.rerank import windows
from assistant.retrieve import retrieve
from corpus.model import Chunk, Span
from corpus.normal import character_pairs
from eval.bench.load import Bench, BenchQuestion
from eval.bench.store import Progress, Store
from eval.corpus.places import Places, overlap, squeeze
from eval.reranker.groups import Candidate, Group
from eval.splits import Split, split_of

_HITS = 12
# Chunks of the plan that answers, beside those that are found: plans have hundreds.
_OWN = 8
_KEPT_WRONG = 16
# Characters around an answer that tell which of its places is meant.
_AROUND = 40
# A window that has a shorter part of a long answer is neither right nor wrong.
_ENOUGH = 10
_YES_NO = {"YES", "NO"}
_OF_ONE_DOCUMENT = {"cail2019", "court"}


@dataclass(frozen=True, slots=True)
class _Gold:
    """Where a question's answer stands: the place that is meant, and all places of its words."""

    meant: Span | None
    all: tuple[Span, ...]


def mine(bench: Bench, store: Store, split: Split, progress: Progress) -> Iterator[Group]:
    """Yield the groups of one part of a bench; no passage of the other part is in them."""
    searched = plans_searched(bench, store, split)
    part = bench.only(split)
    questions = (*part.questions, *part.others)
    for number, question in enumerate(questions):
        if number % 500 == 0:
            progress(f"{bench.name}（{split}）：{number}/{len(questions)}")
        plan_id = store.plan_ids[question.document_id]
        group = group_of(bench.name, question, store.library, plan_id, searched or [plan_id])
        if group is not None:
            yield group


def plans_searched(bench: Bench, store: Store, split: Split) -> list[str]:
    """Return the plans that a question is asked of, none if it is asked of its own alone.

    何时被抓获 means one court record and is answered by many.
    """
    if bench.name in _OF_ONE_DOCUMENT:
        return []
    ids = [one.id for one in bench.documents if split_of(bench.name, one.id) == split]
    return [store.plan_ids[document_id] for document_id in ids]


def group_of(
    source: str,
    question: BenchQuestion,
    library: Library,
    plan_id: str,
    plan_ids: Sequence[str],
) -> Group | None:
    """Return the group of a question that the plan answers or does not, if there is one.

    Wrong passages are of the plans `plan_ids`.
    """
    gold = _gold_of(question, library.catalog.plan(plan_id).text)
    hits = [
        hit.chunk for hit in retrieve(question.question, library, limit=_HITS, plan_ids=plan_ids)
    ]
    found = {hit.number for hit in hits if hit.plan_id == plan_id}
    chunks = sorted(library.catalog.chunks(plan_id), key=lambda chunk: not _has(chunk, gold.meant))
    own = [chunk for chunk in chunks[:_OWN] if chunk.number not in found]
    found_all = [
        candidate
        for chunk in (*hits, *own)
        for window in _nearest_first(question.question, chunk.text)
        for candidate in [_candidate(chunk, window, plan_id, question, gold)]
        if candidate is not None
    ]
    candidates = _with_yes_or_no(question, found_all)
    right = [one for one in candidates if one.answers]
    wrong = [one for one in candidates if not one.answers][:_KEPT_WRONG]
    is_answerable = question.is_answerable
    if bool(right) != is_answerable or not candidates:
        return None
    return Group(
        source=source,
        id=question.id,
        document_id=question.document_id,
        question=question.question,
        is_answerable=is_answerable,
        passages=tuple(right + wrong),
    )


def _has(chunk: Chunk, meant: Span | None) -> bool:
    return meant is not None and overlap(chunk.span, meant) > 0


def _gold_of(question: BenchQuestion, text: str) -> _Gold:
    places = Places.of(text)
    skipped = len(squeeze(question.before))
    spans = [
        [_without(span, text, skipped) for span in places.find_all(question.before + words)]
        for words in question.answers
    ]
    first = next((found for found in spans if found), [])
    asked = character_pairs(question.question)

    def nearness(span: Span) -> int:
        around = text[max(0, span.start - _AROUND) : span.end + _AROUND]
        return len(asked & character_pairs(around))

    meant = max(first, key=nearness, default=None)
    return _Gold(meant, tuple(span for found in spans for span in found))


def _without(span: Span, text: str, skipped: int) -> Span:
    """Return the span without its first visible characters."""
    start = span.start
    while skipped:
        skipped -= bool(squeeze(text[start]))
        start += 1
    return Span(start, span.end)


def _nearest_first(question: str, text: str) -> list[Span]:
    asked = character_pairs(question)
    return sorted(windows(text), key=lambda window: -len(asked & character_pairs(window.of(text))))


def _candidate(
    chunk: Chunk, window: Span, plan_id: str, question: BenchQuestion, gold: _Gold
) -> Candidate | None:
    """Return a window of a chunk as right or wrong; None where it cannot be told."""
    same = chunk.plan_id == plan_id
    before = f"{chunk.context}\n" if chunk.context else ""
    told = window.of(chunk.text)
    at = chunk.span.start + window.start
    place = Span(at, at + len(window))
    wrong = Candidate(text=f"{before}{told}", answers=False, same_document=same)
    if not same or not gold.all:
        # The words of another document may answer as well.
        is_doubtful = any(words in told for words in question.answers if len(words) > 1)
        return None if is_doubtful else wrong
    if not any(overlap(place, span) for span in gold.all):
        return wrong
    meant = gold.meant
    if meant is None or overlap(place, meant) < min(len(meant), _ENOUGH):
        return None
    return Candidate(
        text=wrong.text,
        answers=True,
        same_document=True,
        start=max(meant.start, place.start) - place.start + len(before),
        end=min(meant.end, place.end) - place.start + len(before),
    )


def _with_yes_or_no(
    question: BenchQuestion, candidates: Sequence[Candidate]
) -> Sequence[Candidate]:
    """Let the best passage of the document answer yes or no; of the others nobody knows."""
    if not set(question.answers) & _YES_NO:
        return candidates
    own = [one for one in candidates if one.same_document]
    return [
        *(one.model_copy(update={"answers": True}) for one in own[:1]),
        *(one for one in candidates if not one.same_document),
    ]
