"""One question → one verified answer, without an LLM.

The way: read the question; small talk and empty questions are turned back; the structured tools
come first (indicators, platforms, outline); all else is answered from retrieved passages; what
nothing carries is refused. Nothing leaves unverified.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer.draft import Draft
from assistant.answer.indicators import write_rows, write_selection
from assistant.answer.model import Answer
from assistant.answer.passages import nearest_sections, newest_first, weigh, write_passages
from assistant.answer.projects import write_projects
from assistant.answer.sections import find_chapter, find_list
from assistant.answer.sources import Sources
from assistant.answer.verify import verify
from assistant.library import Library
from assistant.question import Question, read_question
from assistant.retrieve import Hit, retrieve
from assistant.scope import Scope, narrow
from assistant.tools.indicators import find_indicators
from assistant.tools.projects import find_projects

MAX_QUESTION = 500
# Below this no passage is taken for an answer; fitted on eval/questions/ouhai_dev.jsonl.
EVIDENCE = 0.5
_HITS = 8
# Outlines are read of the plans that the best passages come from, not of a whole library.
_LISTED = 3

_SMALLTALK = (
    "您好，我只回答已收录规划、报告和政策文件里的问题。可以这样问：某项指标的目标是多少、"
    "有哪些支持措施、某个平台投资多少。"
)
_EMPTY = "请输入问题，例如：高新技术企业数量的目标是多少？"
_TOO_LONG = f"问题太长（超过 {MAX_QUESTION} 字），请分成几个短问题来问。"
_NOTHING_TAKEN_IN = "还没有收录任何文件，请先用 plan-assistant ingest 收录。"

_log = logging.getLogger(__name__)


def answer_question(
    text: str, library: Library, *, plan_id: str | None = None, history: Sequence[Answer] = ()
) -> Answer:
    """Return the answer to one question, over all plans or one.

    `history` are the answers before it, oldest first.
    """
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
    if question.is_smalltalk:
        return Draft(_SMALLTALK, "clarify", "smalltalk")
    entries = library.catalog.entries()
    if plan_id is not None:
        entries = [entry for entry in entries if entry.id == plan_id]
    if not entries:
        return Draft(_NOTHING_TAKEN_IN, "refused", "passage")
    scope = narrow(question, entries)
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
    projects = find_projects(question, library, plan_ids=plan_ids)
    if projects.projects and (draft := write_projects(question, projects, sources)) is not None:
        return draft
    indicators = find_indicators(question, library, plan_ids=plan_ids)
    if indicators.selection is not None:
        return write_selection(indicators, sources)
    if indicators.rows:
        return write_rows(question, indicators, sources)
    return None


def _from_text(question: Question, hits: Sequence[Hit], sources: Sources, scope: Scope) -> Draft:
    """Answer from outline or passages of the plans that were found; else refuse."""
    found_in = tuple(dict.fromkeys(hit.chunk.plan_id for hit in hits))
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
