"""One question → one verified answer, without an LLM.

The way: what the question leaves out is taken from the conversation, several questions in one are
taken one by one, each by `routing`; nothing leaves unverified.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer.draft import Draft
from assistant.answer.model import Answer, Citation
from assistant.answer.parts import join_answers, split_each, split_question
from assistant.answer.rewrite import asks_for_more, rewrite
from assistant.answer.routing import MAX_QUESTION, draft_answer, milliseconds
from assistant.answer.sources import Sources
from assistant.answer.verify import verify
from assistant.library import Library
from assistant.question import read_question
from corpus.model import Span
from corpus.simplified import simplify

_NO_MORE = "除了上面已经引用的内容，所收文件中没有找到更多。可以换个问法，或者问得具体一些。"

_log = logging.getLogger(__name__)


def answer_question(
    text: str,
    library: Library,
    *,
    plan_id: str | None = None,
    plan_ids: Sequence[str] | None = None,
    history: Sequence[Answer] = (),
) -> Answer:
    """Return the answer to one question, over all plans, one (`plan_id`) or some (`plan_ids`).

    `history` are the answers before it, oldest first: what the question leaves out is taken from
    them. Several questions in one are answered one by one.
    """
    started = time.perf_counter()
    sources = Sources(library.catalog)
    timings: dict[str, float] = {}
    within = plan_ids if plan_id is None else [plan_id]
    asked = simplify(text)
    answers: list[Answer] = []
    for part in split_question(asked) if len(text) <= MAX_QUESTION else [asked]:
        before = [*history, *answers]
        full = rewrite(part, before, library)
        sources.told = _citations_of(before) if asks_for_more(part) else ()
        rewritten = full if full != part else None
        found = [
            _answer(question, _verified(question, library, sources, within, timings), sources)
            for question in split_each(full)
        ]
        # 甲和乙 may be one name: the two halves are answered by the same row.
        if len(found) > 1 and len({answer.facts or answer.text for answer in found}) == 1:
            found = [replace(found[0], question=full)]
        answers.extend(replace(answer, rewritten=rewritten) for answer in found)
    timings["total"] = milliseconds(started, time.perf_counter())
    return replace(join_answers(text, answers), timings_ms=timings)


def _citations_of(answers: Sequence[Answer]) -> tuple[Citation, ...]:
    """Return all that the answers cite."""
    return tuple(citation for answer in answers for citation in answer.citations)


def _verified(
    text: str,
    library: Library,
    sources: Sources,
    plan_ids: Sequence[str] | None,
    timings: dict[str, float],
) -> Draft:
    """Return the draft for one question, or one that withholds it where it cannot be proved."""
    cited = len(sources.citations)
    draft = draft_answer(read_question(text), library, sources, plan_ids, timings)
    drafted = time.perf_counter()
    # A heading that what was told before is listed below is nothing new.
    is_new = any(
        not sources.is_told(citation.plan_id, Span(citation.start, citation.end))
        and not citation.section.endswith(citation.quote)
        for citation in sources.citations[cited:]
    )
    if sources.told and (draft.status == "refused" or not is_new):
        draft = Draft(_NO_MORE, "refused", draft.route)
        del sources.citations[cited:]
    faults = verify(draft, sources.citations, lambda plan: sources.plan(plan).text)
    if faults:
        # Never expected; but what cannot be proved must not leave.
        _log.error("answer withheld: %s", "; ".join(faults))
        draft = Draft(
            "找到了相关内容，但未能逐字核对，为免出错不作回答。请换个问法。",
            "refused",
            draft.route,
            confidence=draft.confidence,
        )
        del sources.citations[cited:]
    timings["verify"] = milliseconds(drafted, time.perf_counter())
    return draft


def _answer(question: str, draft: Draft, sources: Sources) -> Answer:
    return Answer(
        question=question,
        text=draft.text,
        status=draft.status,
        route=draft.route,
        citations=tuple(sources.citations),
        facts=draft.facts,
        computed=draft.computed,
        choices=draft.choices,
        confidence=draft.confidence,
        notes=draft.notes,
    )


def stream_answer(
    text: str,
    library: Library,
    *,
    plan_id: str | None = None,
    plan_ids: Sequence[str] | None = None,
    history: Sequence[Answer] = (),
) -> Iterator[Answer]:
    """Yield the answer as it grows line by line; every one of them is already verified."""
    answer = answer_question(text, library, plan_id=plan_id, plan_ids=plan_ids, history=history)
    lines = answer.text.split("\n")
    for shown in range(1, len(lines)):
        yield replace(answer, text="\n".join(lines[:shown]))
    yield answer
