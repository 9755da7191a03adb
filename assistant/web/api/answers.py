"""Questions over HTTP: the answer whole, or as it grows."""

import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import Field, StringConstraints

from assistant.answer.model import Answer
from assistant.document_types import AnswerDocument
from assistant.documents import answer_document
from assistant.library import Library
from assistant.web.answering import Answerer
from assistant.web.api.conversations import caller_of
from assistant.web.api.scope import Scope, plan_ids
from assistant.web.events import QUESTION_LIMIT
from assistant.web.render import FAILED

_NEW = "new"

_log = logging.getLogger(__name__)


class Question(Scope):
    """A question; `conversation` says what it follows."""

    question: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_LIMIT),
    ]
    conversation: str | None = Field(
        default=None,
        max_length=64,
        description="接着哪次对话问：new 另起一次，之后填返回的 conversation；不填则不保存",
    )


def answer_router(library: Library, answerer: Answerer) -> APIRouter:
    """Return the routes that answer questions."""
    router = APIRouter(prefix="/api", tags=["问答"])

    @router.post("/ask", summary="提问，返回完整回答", responses={200: {"model": AnswerDocument}})
    async def ask(question: Question, request: Request) -> JSONResponse:
        owner = caller_of(request)
        history, ids = _history(question, owner, library), plan_ids(question, library)
        answer = await answerer.answer(question.question, plan_ids=ids, history=history)
        return JSONResponse(_document(answer, question, owner, library))

    @router.post(
        "/ask/stream",
        summary="提问，边答边返回（SSE）：每个事件是到那时为止的整份文档，最后一个事件名为 done",
        responses={200: {"content": {"text/event-stream": {}}, "model": AnswerDocument}},
    )
    async def stream(question: Question, request: Request) -> Response:
        owner = caller_of(request)
        # Read before the response begins: what is wrong with them gets its own status.
        history, ids = _history(question, owner, library), plan_ids(question, library)
        growing = answerer.stream(question.question, plan_ids=ids, history=history)
        return EventSourceResponse(_events(growing, question, owner, library))

    return router


async def _events(
    growing: AsyncGenerator[Answer, None], question: Question, owner: str, library: Library
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
        yield _event(_document(answer, question, owner, library), "done")


def _event(document: dict[str, Any], name: str) -> bytes:
    return format_sse_event(data_str=json.dumps(document, ensure_ascii=False), event=name)


def _history(question: Question, owner: str, library: Library) -> Sequence[Answer]:
    if question.conversation is None or question.conversation == _NEW:
        return ()
    # Says so where it is not there, rather than to answer as if nothing had been said.
    library.conversations.load(question.conversation, owner=owner)
    return library.conversations.history(question.conversation, owner=owner)


def _document(answer: Answer, question: Question, owner: str, library: Library) -> dict[str, Any]:
    """Return the answer as `--json` does, with the conversation if it is saved in one."""
    if question.conversation is None:
        return answer_document(answer)
    known = None if question.conversation == _NEW else question.conversation
    conversation_id, _ = library.conversations.append(answer, known, owner=owner)
    return {**answer_document(answer), "conversation": conversation_id}
