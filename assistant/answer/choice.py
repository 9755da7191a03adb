"""Retrieved chunks → the sentences that answer, and the evidence that they do.

What the reranker reads goes first, then the sentences that the rules choose. A question that names
a place is searched for in the plans of that place; if nothing is read there, also in plans that are
not known to be of any, as many a file does not say in its title whose it is. There it must be sure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer.confidence import Evidence, gather
from assistant.answer.passages import (
    Sentence,
    choose_sentences,
    denying,
    fitting,
    newest_first,
    of_places,
    weigh,
)
from assistant.answer.read_spans import LIKELY, POSSIBLE, read_answer
from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.question import Question
from assistant.reading import Reranker
from assistant.retrieve import CERTAIN, Hit, retrieve
from assistant.scope import Scope, place_stem

HITS = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences chosen, none if nothing fits; `evidence` is None then.

    `is_of_others` tells that they stand in a plan that is not known to be of the place asked about,
    `unnamed` are the places that it does not even name.
    """

    sentences: Sequence[Sentence]
    evidence: Evidence | None
    is_of_others: bool = False
    unnamed: tuple[str, ...] = ()


def read_of_places(
    question: Question,
    hits: Sequence[Hit],
    places: Sequence[str],
    sources: Sources,
    reranker: Reranker | None,
    *,
    least: float = POSSIBLE,
) -> list[Sentence]:
    """Return what is read of these places: in hits that name them, or whose plan does."""
    if reranker is None:
        return []
    telling = [*of_places(hits, places), *_of_no_place(hits, places, sources)]
    return read_answer(question, telling, sources, reranker, least=least)


def choose_answer(
    question: Question,
    hits: Sequence[Hit],
    read: Sequence[Sentence],
    library: Library,
    sources: Sources,
    scope: Scope,
    plan_ids: Sequence[str] | None,
) -> Choice:
    """Choose from the hits in the plans of `scope`, or from further ones in `plan_ids` (or all).

    `read` is what is read in the hits.
    """
    there = of_places(hits, scope.elsewhere)
    passages = fitting(question, newest_first(weigh(question, there), sources))
    found_in = dict.fromkeys(hit.chunk.plan_id for hit in hits) if scope.is_narrowed else ()
    titles = [sources.plan(plan_id).title for plan_id in found_in]

    def choice(
        sentences: Sequence[Sentence],
        *,
        is_of_others: bool = False,
        unnamed: tuple[str, ...] = (),
    ) -> Choice:
        evidence = gather(question, passages, sentences, titles=titles)
        return Choice(sentences, evidence, is_of_others, unnamed)

    # Whoever asks whether something may be done is told by the rules what forbids it.
    if denying(question, passages, sources):
        return choice(choose_sentences(question, passages, sources))
    surely = read[0].support if read else 0.0
    if surely >= CERTAIN:
        return choice(read)
    if library.reranker is not None and question.places:
        found = hits
        stems = [place_stem(place) for place in question.places]
        # What is read of another event of the place is less sure than what is asked for.
        if scope.is_narrowed:
            found = retrieve(question.text, library, limit=HITS, plan_ids=plan_ids)
            least = max(LIKELY, surely)
            others = read_of_places(question, found, stems, sources, library.reranker, least=least)
            if others:
                return choice(others, is_of_others=True)
        if not read and (unplaced := _read_of_nowhere(question, found, sources, library.reranker)):
            text = sources.plan(unplaced[0].hit.chunk.plan_id).text
            unnamed = tuple(stem for stem in stems if stem not in text)
            return choice(unplaced, is_of_others=True, unnamed=unnamed)
    return choice(read or choose_sentences(question, passages, sources))


def _read_of_nowhere(
    question: Question, hits: Sequence[Hit], sources: Sources, reranker: Reranker
) -> list[Sentence]:
    """Return what is certainly read in plans of which nothing tells what place they are of.

    Whole sentences, as those tell whose it is: 其中对湖北省预拨35亿元.
    """
    unplaced = [hit for hit in hits if sources.plan(hit.chunk.plan_id).metadata.region is None]
    return [
        replace(one, text=one.span.of(sources.plan(one.hit.chunk.plan_id).text))
        for one in read_answer(question, unplaced, sources, reranker, least=CERTAIN)
    ]


def _of_no_place(hits: Sequence[Hit], places: Sequence[str], sources: Sources) -> list[Hit]:
    """Return the hits in plans that are not known to be of a place, and name all of these."""
    if not places:
        return []
    plans = {hit.chunk.plan_id: sources.plan(hit.chunk.plan_id) for hit in hits}
    naming = {
        plan_id
        for plan_id, plan in plans.items()
        if plan.metadata.region is None and all(place in plan.text for place in places)
    }
    return [hit for hit in hits if hit.chunk.plan_id in naming]
