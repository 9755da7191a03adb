"""One question → one verified answer, without an LLM.

The way: read the question; small talk and empty questions are turned back; the structured tools
come first (indicators, platforms, outline); all else is answered from retrieved passages; what
nothing carries is refused. Nothing leaves unverified.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer.calculation import answer_calculation
from assistant.answer.comparison import answer_comparison
from assistant.answer.confidence import gather, load_model
from assistant.answer.departments import write_departments
from assistant.answer.draft import Draft
from assistant.answer.holdings import write_holdings
from assistant.answer.indicators import write_rows, write_selection
from assistant.answer.lists import (
    find_heading,
    find_named,
    find_section,
    write_named,
    write_words,
)
from assistant.answer.measures import write_measures
from assistant.answer.model import Answer
from assistant.answer.named_lists import is_counted_right
from assistant.answer.passages import (
    choose_sentences,
    fitting,
    newest_first,
    weigh,
    write_sentences,
)
from assistant.answer.projects import write_projects
from assistant.answer.refusal import refuse
from assistant.answer.sections import find_chapter
from assistant.answer.sources import Sources
from assistant.answer.verify import verify
from assistant.library import Library
from assistant.question import Question, read_question
from assistant.retrieve import Hit, retrieve
from assistant.scope import Scope, narrow
from assistant.tools.indicators import find_indicators
from assistant.tools.measures import asks_measures, find_measures, names_gifts
from assistant.tools.projects import find_projects

MAX_QUESTION = 500
_HITS = 8
# Lists are read of the plans that the best passages come from, not of a whole library.
_PLANS = 3

_SMALLTALK = (
    "您好，我只回答已收录规划、报告和政策文件里的问题。可以这样问：某项指标的目标是多少、"
    "有哪些支持措施、某个平台投资多少。"
)
_EMPTY = "请输入问题，例如：高新技术企业数量的目标是多少？"
_TOO_LONG = f"问题太长（超过 {MAX_QUESTION} 字），请分成几个短问题来问。"
_NOTHING_TAKEN_IN = "还没有收录任何文件，请先用 plan-assistant ingest 收录。"

_log = logging.getLogger(__name__)


def answer_question(text: str, library: Library, *, plan_id: str | None = None) -> Answer:
    """Return the answer to one question, over all plans or one."""
    started = time.perf_counter()
    question = read_question(text)
    sources = Sources(library.catalog)
    timings: dict[str, float] = {}
    draft = _draft(question, library, sources, plan_id, timings)
    drafted = time.perf_counter()
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
        sources = Sources(library.catalog)
    finished = time.perf_counter()
    timings["verify"] = _milliseconds(drafted, finished)
    timings["total"] = _milliseconds(started, finished)
    return Answer(
        question=text,
        text=draft.text,
        status=draft.status,
        route=draft.route,
        citations=tuple(sources.citations),
        facts=draft.facts,
        computed=draft.computed,
        timings_ms=timings,
        confidence=draft.confidence,
    )


def stream_answer(text: str, library: Library, *, plan_id: str | None = None) -> Iterator[Answer]:
    """Yield the answer as it grows line by line; every one of them is already verified."""
    answer = answer_question(text, library, plan_id=plan_id)
    lines = answer.text.split("\n")
    for shown in range(1, len(lines)):
        yield replace(answer, text="\n".join(lines[:shown]))
    yield answer


def _draft(
    question: Question,
    library: Library,
    sources: Sources,
    plan_id: str | None,
    timings: dict[str, float],
) -> Draft:
    if not question.normal:
        return Draft(_EMPTY, "clarify", "smalltalk")
    if len(question.text) > MAX_QUESTION:
        return Draft(_TOO_LONG, "clarify", "smalltalk", computed=(str(MAX_QUESTION),))
    if question.is_smalltalk:
        return Draft(_SMALLTALK, "clarify", "smalltalk")
    entries = library.catalog.entries()
    if plan_id is not None:
        entries = [entry for entry in entries if entry.id == plan_id]
    if not entries:
        return Draft(_NOTHING_TAKEN_IN, "refused", "passage")
    scope = narrow(question, entries)
    if (holdings := write_holdings(question, scope, entries, sources)) is not None:
        return holdings
    started = time.perf_counter()
    # It sets plans against each other that `narrow` would choose between.
    draft = answer_comparison(question, library, sources, [entry.id for entry in entries])
    # Of another place than any plan's, no table tells; what a text says of it, it names.
    if draft is None and (not scope.elsewhere or len(entries) == 1):
        draft = _structured(question, library, sources, scope.plan_ids)
    looked_up = time.perf_counter()
    timings["lookup"] = _milliseconds(started, looked_up)
    if draft is not None:
        return draft
    # A filter makes Chroma several times slower: none where it would let everything through.
    wanted = scope.plan_ids if scope.is_narrowed or plan_id is not None else None
    hits = retrieve(question.text, library, limit=_HITS, plan_ids=wanted)
    retrieved = time.perf_counter()
    timings["retrieve"] = _milliseconds(looked_up, retrieved)
    draft = _from_text(question, hits, library, sources, scope)
    timings["answer"] = _milliseconds(retrieved, time.perf_counter())
    return draft


def _structured(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Return the answer of the first structured look-up that has one."""
    if (chapter := find_chapter(question, sources, plan_ids)) is not None:
        return chapter
    if (worked := answer_calculation(question, library, sources, plan_ids)) is not None:
        return worked
    projects = find_projects(question, library, plan_ids=plan_ids)
    if projects.projects and (draft := write_projects(question, projects, sources)) is not None:
        return draft
    indicators = find_indicators(question, library, plan_ids=plan_ids)
    if indicators.selection is not None:
        return write_selection(indicators, sources)
    if indicators.rows:
        return write_rows(question, indicators, sources)
    return None


def _from_text(
    question: Question, hits: Sequence[Hit], library: Library, sources: Sources, scope: Scope
) -> Draft:
    """Answer from lists or passages of the plans that were found; else refuse."""
    if not scope.elsewhere and (draft := _listed(question, hits, library, sources, scope)):
        return draft
    there = [hit for hit in hits if all(place in hit.chunk.embedded for place in scope.elsewhere)]
    passages = fitting(question, newest_first(weigh(question, there), sources))
    chosen = choose_sentences(question, passages, sources)
    found_in = dict.fromkeys(hit.chunk.plan_id for hit in hits)
    titles = [sources.plan(plan_id).title for plan_id in found_in] if scope.is_narrowed else ()
    evidence = gather(question, passages, chosen, titles=titles)
    model = load_model()
    confidence = 0.0 if evidence is None else round(model.confidence(evidence), 3)
    if confidence < model.threshold:
        return refuse(question, hits, sources, scope, confidence=confidence)
    return write_sentences(question, chosen, sources, confidence=confidence)


def _listed(
    question: Question, hits: Sequence[Hit], library: Library, sources: Sources, scope: Scope
) -> Draft | None:
    """Answer with a whole list: departments, measures, or what a section enumerates."""
    found_in = tuple(dict.fromkeys(hit.chunk.plan_id for hit in hits))[:_PLANS]
    if (draft := write_departments(question, sources, found_in)) is not None:
        return draft
    draft = _measures(question, library, sources, scope, found_in)
    if draft is not None:
        return draft
    named = find_named(question, hits, sources, found_in)
    if named is not None and is_counted_right(question, named):
        return write_named(question, named, sources)
    if (words := write_words(question, hits, sources)) is not None:
        return words
    named = named or find_section(question, hits, sources, found_in)
    return write_named(question, named, sources) if named is not None else None


def _measures(
    question: Question,
    library: Library,
    sources: Sources,
    scope: Scope,
    found_in: Sequence[str],
) -> Draft | None:
    """Answer with the measures asked for, or with what a heading calls by that name (支持范围)."""
    if not asks_measures(question):
        return None
    heading = find_heading(question, sources, found_in)
    if heading is not None and names_gifts(question, heading.words(sources)):
        return write_named(question, heading, sources)
    near = {plan_id: sources.sections(plan_id) for plan_id in found_in}
    lookup = find_measures(question, library, plan_ids=scope.plan_ids, near=near)
    return write_measures(lookup, sources) if lookup.measures else None


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
