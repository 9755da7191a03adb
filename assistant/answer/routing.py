"""One question → the draft of its answer, by the first way that has one.

The order: small talk and vague questions are turned back; questions about what has been taken in;
what fits an enterprise that describes itself; what contradicts itself; comparisons; the structured
tools (outline, sums, mentions, platforms, indicators); retrieved passages, as whole lists where
lists are asked for, else by sentence; what nothing carries is refused.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer.calculation import answer_calculation
from assistant.answer.checking import answer_contradictions
from assistant.answer.choice import HITS, choose_answer, read_of_places
from assistant.answer.clarify import ask_back
from assistant.answer.comparison import answer_comparison
from assistant.answer.confidence import model_for
from assistant.answer.departments import write_departments
from assistant.answer.details import find_details
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
from assistant.answer.matching import write_matching
from assistant.answer.measures import write_measures
from assistant.answer.named_lists import is_counted_right
from assistant.answer.passages import Sentence, write_sentences
from assistant.answer.progress import answer_progress
from assistant.answer.projects import write_projects
from assistant.answer.read_spans import LIKELY, SURE
from assistant.answer.refusal import not_mentioned, refuse
from assistant.answer.sections import find_chapter
from assistant.answer.smalltalk import turn_back
from assistant.answer.sources import Sources
from assistant.answer.yes_no import find_mention, say_yes_or_no
from assistant.library import Library
from assistant.question import Question, read_question
from assistant.retrieve import Hit, retrieve
from assistant.scope import Scope, entries_within, narrow
from assistant.tools.indicators import find_indicators
from assistant.tools.measures import asks_measures, asks_several, find_measures, names_gifts
from assistant.tools.projects import find_projects
from corpus.catalog import CatalogEntry
from corpus.model import Measure

MAX_QUESTION = 500
# Lists are read of the plans that the best passages come from, not of a whole library.
_PLANS = 3

_EMPTY = "请输入问题，例如：高新技术企业数量的目标是多少？"
_TOO_LONG = f"问题太长（超过 {MAX_QUESTION} 字），请分成几个短问题来问。"
_NOTHING_THERE = "所选的文件已不在资料中，请改选查询范围。"
_NOTHING_TAKEN_IN = "还没有收录任何文件，请先用 plan-assistant ingest 收录。"


def draft_answer(
    question: Question,
    library: Library,
    sources: Sources,
    plan_ids: Sequence[str] | None,
    timings: dict[str, float],
) -> Draft:
    """Return the draft for one standalone question, over all plans or some; never without one.

    What it cites is put into `sources`, how long its steps took (in ms) into `timings`.
    """
    if not question.normal:
        return Draft(_EMPTY, "clarify", "smalltalk")
    if len(question.text) > MAX_QUESTION:
        return Draft(_TOO_LONG, "clarify", "smalltalk", computed=(str(MAX_QUESTION),))
    if (turned_back := turn_back(question.text)) is not None:
        return turned_back
    entries = entries_within(library, plan_ids)
    if not entries:
        nothing = _NOTHING_TAKEN_IN if plan_ids is None else _NOTHING_THERE
        return Draft(nothing, "refused", "passage")
    scope = narrow(question, entries)
    started = time.perf_counter()
    draft = _looked_up(question, library, sources, scope, entries, plan_ids)
    looked_up = time.perf_counter()
    timings["lookup"] = milliseconds(started, looked_up)
    if draft is not None:
        return draft
    # A filter makes Chroma several times slower: none where it would let everything through.
    wanted = scope.plan_ids if scope.is_narrowed or plan_ids is not None else None
    hits = retrieve(question.text, library, limit=HITS, plan_ids=wanted)
    retrieved = time.perf_counter()
    timings["retrieve"] = milliseconds(looked_up, retrieved)
    draft = _from_text(question, hits, library, sources, scope, plan_ids)
    timings["answer"] = milliseconds(retrieved, time.perf_counter())
    return draft


def _looked_up(
    question: Question,
    library: Library,
    sources: Sources,
    scope: Scope,
    entries: Sequence[CatalogEntry],
    plan_ids: Sequence[str] | None,
) -> Draft | None:
    """Return what the catalog alone tells, or a question back; None where the text must."""

    def is_answered(choice: str) -> bool:
        asked = read_question(choice)
        tried = draft_answer(asked, library, Sources(library.catalog), plan_ids, {})
        return tried.status == "answered"

    if (holdings := write_holdings(question, scope, entries, sources)) is not None:
        return holdings
    ids = [entry.id for entry in entries]
    if (matched := write_matching(question.text, library, sources, ids)) is not None:
        return matched
    if (found := answer_contradictions(question, library, sources, scope.plan_ids)) is not None:
        return found
    chosen = set(scope.plan_ids)
    within = [entry for entry in entries if entry.id in chosen]
    if (asked_back := ask_back(question, library, within, is_answered)) is not None:
        return asked_back
    # It sets plans against each other that `narrow` would choose between.
    if (compared := answer_comparison(question, library, sources, ids)) is not None:
        return compared
    # Of another place than any plan's, no table tells; what a text says of it, it names.
    if scope.elsewhere and len(entries) > 1:
        return None
    return _structured(question, library, sources, scope.plan_ids)


def _structured(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Return the answer of the first structured look-up that has one."""
    if (chapter := find_chapter(question, sources, plan_ids)) is not None:
        return chapter
    if (progress := answer_progress(question, library, sources, plan_ids)) is not None:
        return progress
    if (worked := answer_calculation(question, library, sources, plan_ids)) is not None:
        return worked
    if (mention := find_mention(question, library, sources, plan_ids)) is not None:
        return mention
    projects = find_projects(question, library, plan_ids=plan_ids)
    if projects.projects and (draft := write_projects(question, projects, sources)) is not None:
        return draft
    indicators = find_indicators(question, library, plan_ids=plan_ids)
    if indicators.selection is not None:
        return write_selection(indicators, sources)
    if indicators.rows:
        return say_yes_or_no(question, write_rows(question, indicators, sources))
    return None


def _from_text(
    question: Question,
    hits: Sequence[Hit],
    library: Library,
    sources: Sources,
    scope: Scope,
    plan_ids: Sequence[str] | None,
) -> Draft:
    """Answer from lists or passages of the plans that were found; else refuse."""
    found_in = tuple(dict.fromkeys(hit.chunk.plan_id for hit in hits))
    if (details := find_details(question, sources, found_in[:_PLANS])) is not None:
        return details
    read = read_of_places(question, hits, scope.elsewhere, sources, library.reranker)
    if not scope.elsewhere:
        listed = _listed(question, hits, read, library, sources, scope, found_in[:_PLANS])
        if listed is not None:
            return listed
    choice = choose_answer(question, hits, read, library, sources, scope, plan_ids)
    model = model_for(library.reranker)
    likely = 0.0 if choice.evidence is None else round(model.confidence(choice.evidence), 3)
    if likely < model.threshold:
        return refuse(question, hits, sources, scope, confidence=likely)
    draft = write_sentences(question, choice.sentences, sources, confidence=likely)
    missing = [] if choice.is_of_others else not_mentioned(question, hits, sources, scope)
    # What is near may still help; that it is only near must be told.
    if missing:
        note = f"没有检索到提及{'、'.join(missing)}的内容，这里是相近的原文，请留意是否切题。"
        return replace(draft, notes=(note,))
    if choice.unnamed:
        places = "、".join(choice.unnamed)
        note = f"所引的文件没有写明是哪里的，也没有提到{places}，请核对是否适用于{places}。"
        return replace(draft, notes=(note,))
    return draft


def _listed(
    question: Question,
    hits: Sequence[Hit],
    read: Sequence[Sentence],
    library: Library,
    sources: Sources,
    scope: Scope,
    found_in: Sequence[str],
) -> Draft | None:
    """Answer with a whole list: departments, measures, or what a section enumerates.

    `read` is what the reranker reads as the answer; lists only yield to what it is sure of.
    """
    if (draft := write_departments(question, sources, found_in)) is not None:
        return draft
    if (draft := _measures(question, read, library, sources, scope, found_in)) is not None:
        return draft
    named = find_named(question, hits, sources, found_in)
    if named is not None and is_counted_right(question, named):
        return write_named(question, named, sources)
    if (words := write_words(question, hits, _sure(read), sources)) is not None:
        return words
    named = named or find_section(question, hits, sources, found_in)
    return write_named(question, named, sources) if named is not None else None


def _measures(
    question: Question,
    read: Sequence[Sentence],
    library: Library,
    sources: Sources,
    scope: Scope,
    found_in: Sequence[str],
) -> Draft | None:
    """Answer with the measures asked for, or with what a heading calls by that name (支持范围)."""
    if not asks_measures(question):
        return None
    if read and read[0].support >= LIKELY and not asks_several(question):
        return None
    heading = find_heading(question, sources, found_in)
    if heading is not None and names_gifts(question, heading.words(sources)):
        return write_named(question, heading, sources)
    near = {plan_id: sources.sections(plan_id) for plan_id in found_in}
    measures = find_measures(question, library, plan_ids=scope.plan_ids, near=near)
    surely = _sure(read)
    # One is no list: what is read may say more of it, such as the sum that the next sentence has.
    if not measures.measures or (len(measures.measures) == 1 and surely):
        return None
    # Nor is it the list asked for if what is surely read is in none of its measures.
    if surely and not any(_is_of(measure, one) for measure in measures.measures for one in surely):
        return None
    return write_measures(measures, sources)


def _sure(read: Sequence[Sentence]) -> list[Sentence]:
    return [sentence for sentence in read if sentence.support >= SURE]


def _is_of(measure: Measure, sentence: Sentence) -> bool:
    """Tell whether a sentence is one of a measure's."""
    is_same = measure.plan_id == sentence.hit.chunk.plan_id
    return is_same and measure.span.overlaps(sentence.span)


def milliseconds(start: float, end: float) -> float:
    """Return the time between two readings of the clock, as answers tell it."""
    return round((end - start) * 1000, 2)
