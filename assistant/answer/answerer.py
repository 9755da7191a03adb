"""One question → one verified answer, without an LLM.

The way: what the question leaves out is taken from the conversation, several questions in one are
taken one by one; small talk, empty and vague questions are turned back; the structured tools come
first (indicators, platforms, outline); all else is answered from retrieved passages; what
nothing carries is refused. Nothing leaves unverified.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer.clarify import ask_back
from assistant.answer.details import find_details
from assistant.answer.draft import Draft
from assistant.answer.indicators import write_rows, write_selection
from assistant.answer.model import Answer, Citation
from assistant.answer.parts import join_answers, split_each, split_question
from assistant.answer.passages import nearest_sections, newest_first, weigh, write_passages
from assistant.answer.projects import write_projects
from assistant.answer.rewrite import asks_for_more, rewrite
from assistant.answer.sections import find_chapter, find_list
from assistant.answer.smalltalk import turn_back
from assistant.answer.sources import Sources
from assistant.answer.verify import verify
from assistant.answer.yes_no import find_mention, say_yes_or_no
from assistant.library import Library
from assistant.question import Question, read_question
from assistant.retrieve import Hit, retrieve
from assistant.scope import Scope, narrow
from assistant.tools.indicators import find_indicators
from assistant.tools.projects import find_projects
from corpus.model import Span
from corpus.simplified import simplify

MAX_QUESTION = 500
# Below this no passage is taken for an answer; fitted on eval/questions/ouhai_dev.jsonl.
EVIDENCE = 0.5
_HITS = 8
# Outlines are read of the plans that the best passages come from, not of a whole library.
_LISTED = 3

_EMPTY = "请输入问题，例如：高新技术企业数量的目标是多少？"
_TOO_LONG = f"问题太长（超过 {MAX_QUESTION} 字），请分成几个短问题来问。"
_NO_MORE = "除了上面已经引用的内容，所收文件中没有找到更多。可以换个问法，或者问得具体一些。"
_NOTHING_TAKEN_IN = "还没有收录任何文件，请先用 plan-assistant ingest 收录。"

_log = logging.getLogger(__name__)


def answer_question(
    text: str, library: Library, *, plan_id: str | None = None, history: Sequence[Answer] = ()
) -> Answer:
    """Return the answer to one question, over all plans or one.

    `history` are the answers before it, oldest first: what the question leaves out is taken from
    them. Several questions in one are answered one by one.
    """
    started = time.perf_counter()
    sources = Sources(library.catalog)
    timings: dict[str, float] = {}
    asked = simplify(text)
    answers: list[Answer] = []
    for part in split_question(asked) if len(text) <= MAX_QUESTION else [asked]:
        before = [*history, *answers]
        full = rewrite(part, before, library)
        sources.told = _citations_of(before) if asks_for_more(part) else ()
        rewritten = full if full != part else None
        found = [
            _answer(question, _verified(question, library, sources, plan_id, timings), sources)
            for question in split_each(full)
        ]
        # 甲和乙 may be one name: the two halves are answered by the same row.
        if len(found) > 1 and len({answer.facts or answer.text for answer in found}) == 1:
            found = [replace(found[0], question=full)]
        answers.extend(replace(answer, rewritten=rewritten) for answer in found)
    timings["total"] = _milliseconds(started, time.perf_counter())
    return replace(join_answers(text, answers), timings_ms=timings)


def _citations_of(answers: Sequence[Answer]) -> tuple[Citation, ...]:
    """Return all that the answers cite."""
    return tuple(citation for answer in answers for citation in answer.citations)


def _verified(
    text: str,
    library: Library,
    sources: Sources,
    plan_id: str | None,
    timings: dict[str, float],
) -> Draft:
    """Return the draft for one question, or one that withholds it where it cannot be proved."""
    cited = len(sources.citations)
    draft = _draft(read_question(text), library, sources, plan_id, timings)
    drafted = time.perf_counter()
    is_new = any(
        not sources.is_told(citation.plan_id, Span(citation.start, citation.end))
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
        )
        del sources.citations[cited:]
    timings["verify"] = _milliseconds(drafted, time.perf_counter())
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
    )


def stream_answer(
    text: str, library: Library, *, plan_id: str | None = None, history: Sequence[Answer] = ()
) -> Iterator[Answer]:
    """Yield the answer as it grows line by line; every one of them is already verified."""
    answer = answer_question(text, library, plan_id=plan_id, history=history)
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
    if (turned_back := turn_back(question.text)) is not None:
        return turned_back
    entries = library.catalog.entries()
    if plan_id is not None:
        entries = [entry for entry in entries if entry.id == plan_id]
    if not entries:
        return Draft(_NOTHING_TAKEN_IN, "refused", "passage")
    scope = narrow(question, entries)
    within = [entry for entry in entries if entry.id in scope.plan_ids]

    def is_answered(choice: str) -> bool:
        tried = _draft(read_question(choice), library, Sources(library.catalog), plan_id, {})
        return tried.status == "answered"

    if (asked_back := ask_back(question, library, within, is_answered)) is not None:
        return asked_back
    started = time.perf_counter()
    draft = None
    # Of another place than any plan's, no table tells; what a text says of it, it names.
    if not scope.elsewhere or len(entries) == 1:
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
    draft = _from_text(question, hits, sources, scope)
    timings["answer"] = _milliseconds(retrieved, time.perf_counter())
    return draft


def _structured(
    question: Question, library: Library, sources: Sources, plan_ids: Sequence[str]
) -> Draft | None:
    """Return the answer of the first structured look-up that has one."""
    if (chapter := find_chapter(question, sources, plan_ids)) is not None:
        return chapter
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


def _from_text(question: Question, hits: Sequence[Hit], sources: Sources, scope: Scope) -> Draft:
    """Answer from outline or passages of the plans that were found; else refuse."""
    found_in = tuple(dict.fromkeys(hit.chunk.plan_id for hit in hits))
    if (details := find_details(question, sources, found_in[:_LISTED])) is not None:
        return details
    if not scope.elsewhere and (draft := find_list(question, sources, found_in[:_LISTED])):
        return draft
    there = [hit for hit in hits if all(place in hit.chunk.embedded for place in scope.elsewhere)]
    passages = newest_first(weigh(question, there), sources)
    draft = write_passages(question, passages, sources, threshold=EVIDENCE)
    return draft or _refuse(hits, sources, scope)


def _refuse(hits: Sequence[Hit], sources: Sources, scope: Scope) -> Draft:
    about = f"关于{'、'.join(scope.elsewhere)}的内容，" if scope.elsewhere else ""
    lines = [f"所收文件中没有找到{about or '这个问题的答案。'}{'无法回答。' if about else ''}"]
    for plan_id, section in nearest_sections(hits, sources):
        mark = sources.cite(plan_id, section.number, section.heading)
        lines.append(f"相近的内容：《{sources.plan(plan_id).title}》{section.title}{mark}")
    return Draft("\n".join(lines), "refused", "passage")


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
