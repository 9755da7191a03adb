"""OpenAI's chat completions over the assistant, so that existing chat clients connect.

Clients of this interface show text: the sources follow the answer, and the whole document stands
in a field of our own, `plan_assistant`.
"""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from assistant.answer.model import Answer
from assistant.answer.plain import plain_beginning, plain_ending, plain_text, read_plain
from assistant.documents import answer_document
from assistant.web.answering import Answerer
from assistant.web.events import QUESTION_LIMIT

MODEL = "plan-assistant"
# What a client may send along of its own earlier turns.
_MOST_MESSAGES = 200
_CORRECTED = "\n\n以上有更正，以下面为准：\n"


class TextPart(BaseModel):
    """A part of a message; pictures and sound are not understood."""

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """What was said; instructions of the system change nothing about how answers are found."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """Return what was said as text."""
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content).strip()
        return (self.content or "").strip()


class StreamOptions(BaseModel):
    """What a client may want of a stream."""

    include_usage: bool = False


class Completion(BaseModel):
    """What is read of a request; sampling and the like have no meaning here and are passed over."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: Annotated[list[Message], Field(min_length=1, max_length=_MOST_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions | None = None


def openai_router(answerer: Answerer) -> APIRouter:
    """Return the routes below /v1."""
    router = APIRouter(prefix="/v1", tags=["OpenAI 兼容接口"])

    @router.get("/models", summary="可用的模型：只有一个")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model()]}

    @router.get("/models/{name}", summary="模型")
    def model(name: str) -> dict[str, Any]:
        _want_model(name)
        return _model()

    @router.post("/chat/completions", summary="问答：回答末尾列出来源")
    async def complete(completion: Completion) -> Response:
        _want_model(completion.model)
        question, history = read_messages(completion.messages)
        growing = answerer.stream(question, history=history)
        if completion.stream:
            return EventSourceResponse(_chunks(growing, completion))
        async with aclosing(growing):
            async for answer in growing:
                last = answer
        return JSONResponse(_whole(last))

    return router


def read_messages(messages: Sequence[Message]) -> tuple[str, list[Answer]]:
    """Return the question and what was answered before it, as far as the messages tell."""
    asked, history = "", list[Answer]()
    for message in messages:
        if message.role == "user":
            asked = message.text
        elif message.role == "assistant" and asked and message.text:
            history.append(read_plain(asked, message.text))
    if messages[-1].role != "user" or not asked:
        raise HTTPException(400, "最后一条消息应是用户（user）的问题，且不能为空")
    if len(asked) > QUESTION_LIMIT:
        raise HTTPException(400, f"问题有 {len(asked)} 字，请缩短到 {QUESTION_LIMIT} 字以内")
    return asked, history


def _want_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"没有模型“{name[:60]}”，请用 {MODEL}")


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}


def _whole(answer: Answer) -> dict[str, Any]:
    message = {"role": "assistant", "content": plain_text(answer), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [choice],
        "usage": _usage(answer),
        "plan_assistant": answer_document(answer),
    }


async def _chunks(
    growing: AsyncGenerator[Answer, None], completion: Completion
) -> AsyncIterator[bytes]:
    """Yield what the text grows by; what has been sent cannot be taken back, only corrected."""
    head = {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": MODEL,
    }

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:  # noqa: ANN401
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    sent = ""
    async with aclosing(growing):
        async for answer in growing:
            text = plain_beginning(answer)
            if text.startswith(sent):
                if len(text) > len(sent):
                    yield chunk({"content": text[len(sent) :]})
                sent = text
    if sent != text:
        yield chunk({"content": _CORRECTED + text})
    if ending := plain_ending(answer):
        yield chunk({"content": ending})
    yield chunk({}, "stop", plan_assistant=answer_document(answer))
    if completion.stream_options and completion.stream_options.include_usage:
        yield _event({**head, "choices": [], "usage": _usage(answer)})
    yield format_sse_event(data_str="[DONE]")


def _event(document: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(document, ensure_ascii=False))


def _usage(answer: Answer) -> dict[str, int]:
    """Return what a language model used, nothing where none was asked."""
    asked = answer.usage.input_tokens if answer.usage else 0
    said = answer.usage.output_tokens if answer.usage else 0
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
