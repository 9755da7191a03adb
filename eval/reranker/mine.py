"""A bench of questions → groups, the wrong passages found by the program's own retriever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.library import Library
from assistant.retrieve import retrieve
from corpus.model import Chunk, Span
from corpus.normal import character_pairs
from eval.bench.load import Bench, BenchQuestion
from eval.bench.store import Progress, Store
from eval.corpus.places import Places, overlap
from eval.reranker.groups import Candidate, Group
from eval.splits import Split, split_of

_HITS = 12
_KEPT_WRONG = 8
# Characters around an answer that tell which of its places is meant.
_AROUND = 40
# A chunk that has a shorter part of a long answer is neither right nor wrong.
_ENOUGH = 10
_YES_NO = {"YES", "NO"}


@dataclass(frozen=True, slots=True)
class _Gold:
    """Where a question's answer stands: the place that is meant, and all places of its words."""

    meant: Span | None
    all: tuple[Span, ...]


def mine(bench: Bench, store: Store, split: Split, progress: Progress) -> Iterator[Group]:
    """Yield the groups of one part of a bench; no passage of the other part is in them."""
    ids = [one.id for one in bench.documents if split_of(bench.name, one.id) == split]
    plan_ids = [store.plan_ids[document_id] for document_id in ids]
    part = bench.only(split)
    questions = (*part.questions, *part.others)
    for number, question in enumerate(questions):
        if number % 500 == 0:
            progress(f"{bench.name}（{split}）：{number}/{len(questions)}")
        group = _group(bench.name, question, store, plan_ids)
        if group is not None:
            yield group


def _group(
    source: str, question: BenchQuestion, store: Store, plan_ids: Sequence[str]
) -> Group | None:
    plan_id = store.plan_ids[question.document_id]
    catalog = store.library.catalog
    gold = _gold_of(question, catalog.plan(plan_id).text)
    hits = [
        hit.chunk
        for hit in retrieve(question.question, store.library, limit=_HITS, plan_ids=plan_ids)
    ]
    found = {hit.number for hit in hits if hit.plan_id == plan_id}
    own = [chunk for chunk in catalog.chunks(plan_id) if chunk.number not in found]
    found_all = [
        candidate
        for chunk in (*hits, *own)
        for candidate in [_candidate(chunk, plan_id, question, gold, store.library)]
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


def _gold_of(question: BenchQuestion, text: str) -> _Gold:
    places = Places.of(text)
    spans = [list(places.find_all(words)) for words in question.answers]
    first = next((found for found in spans if found), [])
    asked = character_pairs(question.question)

    def nearness(span: Span) -> int:
        around = text[max(0, span.start - _AROUND) : span.end + _AROUND]
        return len(asked & character_pairs(around))

    meant = max(first, key=nearness, default=None)
    return _Gold(meant, tuple(span for found in spans for span in found))


def _candidate(
    chunk: Chunk, plan_id: str, question: BenchQuestion, gold: _Gold, library: Library
) -> Candidate | None:
    """Return the chunk as right or wrong; None where it cannot be told."""
    same = chunk.plan_id == plan_id
    context_length = len(chunk.embedded) - len(chunk.text)
    if not same or not gold.all:
        # The words of another document may answer as well.
        if any(words in chunk.text for words in question.answers if len(words) > 1):
            return None
        return Candidate(
            text=chunk.embedded, answers=False, same_document=same, context_length=context_length
        )
    shared = [overlap(chunk.span, span) for span in gold.all]
    if not any(shared):
        return Candidate(
            text=chunk.embedded, answers=False, same_document=True, context_length=context_length
        )
    meant = gold.meant
    if meant is None or overlap(chunk.span, meant) < min(len(meant), _ENOUGH):
        return None
    start = max(meant.start, chunk.span.start) - chunk.span.start + context_length
    end = min(meant.end, chunk.span.end) - chunk.span.start + context_length
    return Candidate(
        text=chunk.embedded,
        answers=True,
        same_document=True,
        start=start,
        end=end,
        context_length=context_length,
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
