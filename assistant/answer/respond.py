"""The one place that chooses who answers: an editor, the language model where set, the rules."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer.answerer import answer_question, stream_answer
from assistant.answer.model import Answer
from assistant.answer.rewrite import rewrite
from assistant.library import Library
from assistant.records.model import ConversationError
from corpus.simplified import simplify

_log = logging.getLogger(__name__)


def respond(
    text: str,
    library: Library,
    *,
    plan_id: str | None = None,
    plan_ids: Sequence[str] | None = None,
    history: Sequence[Answer] = (),
) -> Iterator[Answer]:
    """Yield the answer as it grows, every one of them verified; the last one is complete.

    Over all plans, one (`plan_id`) or some (`plan_ids`); `history` are the answers before it,
    oldest first.
    """
    within = plan_ids if plan_id is None else [plan_id]
    if (approved := _find_approved(text, library, within, history)) is not None:
        return iter([approved])
    if not library.settings.llm_model:
        return stream_answer(text, library, plan_ids=within, history=history)
    # LangChain takes seconds to import; an answer without a model need not wait for it.
    from assistant.llm.answer import stream_model_answer

    return stream_model_answer(text, library, plan_ids=within, history=history)


def respond_fully(
    text: str,
    library: Library,
    *,
    plan_id: str | None = None,
    plan_ids: Sequence[str] | None = None,
    history: Sequence[Answer] = (),
) -> Answer:
    """Return the complete answer."""
    *_, answer = respond(text, library, plan_id=plan_id, plan_ids=plan_ids, history=history)
    return answer


def get_ready(library: Library, question: str) -> None:
    """Load what the first answer would wait for, by a question to the rules; no model is called."""
    answer_question(question, library)
    if library.settings.llm_model:
        # Creates the generator, which asks nothing until it is read.
        respond(question, library)


def _find_approved(
    text: str, library: Library, plan_ids: Sequence[str] | None, history: Sequence[Answer]
) -> Answer | None:
    """Return what an editor has approved for the question, read in full if it follows up."""
    asked = simplify(text)
    full = asked
    try:
        if not library.approvals.has_any():
            return None
        full = rewrite(asked, history, library)
        approved = library.approvals.find(full, plan_ids=plan_ids)
    except ConversationError as error:
        # What the sources say can be told without that file.
        _log.warning("answered without looking at approved answers: %s", error)
        return None
    if approved is None:
        return None
    return replace(
        approved, question=text, rewritten=full if full != asked else None, timings_ms={}
    )
