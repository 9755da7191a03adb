"""Questions over HTTP: the answer whole, or as it grows."""

import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.answer.model import Answer
from assistant.document_types import AnswerDocument
from assistant.documents import answer_document
from assistant.library import Library
from assistant.web.answering import Answerer
from assistant.web.events import QUESTION_LIMIT
from assistant.web.render import FAILED

_NEW = "new"

_log = logging.getLogger(__name__)


class Question(BaseModel):
    """A question; `conversation` says what it follows."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_LIMIT),
    ]
    plan: str | None = Field(
        default=None, max_length=200, description="只查这一份：编号或标题中的字"
    )
    conversation: str | None = Field(
        default=None,
        max_length=64,
        description="接着哪次对话问：new 另起一次，之后填返回的 conversation；不填则不保存",
    )


def answer_router(library: Library, answerer: Answerer) -> APIRouter:
    """Return the routes that answer questions."""
    router = APIRouter(prefix="/api", tags=["问答"])

    @router.post("/ask", summary="提问，返回完整回答", responses={200: {"model": AnswerDocument}})
    async def ask(question: Question) -> JSONResponse:
        history = _history(question, library)
        answer = await answerer.answer(
            question.question, plan_id=_plan_id(question, library), history=history
        )
        return JSONResponse(_document(answer, question, library))

    @router.post(
        "/ask/stream",
        summary="提问，边答边返回（SSE）：每个事件是到那时为止的整份文档，最后一个事件名为 done",
        responses={200: {"content": {"text/event-stream": {}}, "model": AnswerDocument}},
    )
    async def stream(question: Question) -> Response:
        # Read before the response begins: what is wrong with them gets its own status.
        history, plan_id = _history(question, library), _plan_id(question, library)
        growing = answerer.stream(question.question, plan_id=plan_id, history=history)
        return EventSourceResponse(_events(growing, question, library))

    return router


async def _events(
    growing: AsyncIterator[Answer], question: Question, library: Library
) -> AsyncIterator[bytes]:
    answer: Answer | None = None
    try:
        async with aclosing(growing):
            async for answer in growing:
                yield _event(answer_document(answer), "answer")
    except Exception:  # noqa: BLE001
        # The stream's outermost boundary: its status has been sent, so an event says that it broke.
        _log.exception("answering failed")
        yield _event({"detail": FAILED}, "error")
        return
    if answer is not None:
        yield _event(_document(answer, question, library), "done")


def _event(document: dict[str, Any], name: str) -> bytes:
    return format_sse_event(data_str=json.dumps(document, ensure_ascii=False), event=name)


def _plan_id(question: Question, library: Library) -> str | None:
    return None if question.plan is None else library.catalog.find_plan(question.plan).id


def _history(question: Question, library: Library) -> Sequence[Answer]:
    if question.conversation in (None, _NEW):
        return ()
    # Says so where it is not there, rather than to answer as if nothing had been said.
    library.conversations.load(question.conversation)
    return library.conversations.history(question.conversation)


def _document(answer: Answer, question: Question, library: Library) -> dict[str, Any]:
    """Return the answer as `--json` does, with the conversation if it is saved in one."""
    if question.conversation is None:
        return answer_document(answer)
    known = None if question.conversation == _NEW else question.conversation
    conversation_id, _ = library.conversations.append(answer, known)
    return {**answer_document(answer), "conversation": conversation_id}
