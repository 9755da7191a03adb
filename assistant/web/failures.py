"""What goes wrong on the HTTP side, as one line for the user and the right status."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.accounts import AccountError
from assistant.records.model import ConversationError, ConversationNotFound
from assistant.web.guard import HEADERS
from assistant.web.refusal import refusal
from assistant.web.render import FAILED
from corpus.errors import CorpusError, PlanNotFound, UnreadableFile

# By pydantic's names; the rest is only said to be unfit.
_FAULTS = {
    "missing": "缺少 {name}",
    "extra_forbidden": "不认识 {name}",
    "string_too_short": "{name} 不能为空",
    "string_too_long": "{name} 不超过 {max_length} 字",
    "string_type": "{name} 应为文字",
    "json_invalid": "不是 JSON",
    "literal_error": "{name} 应为 {expected}",
    "greater_than_equal": "{name} 不小于 {ge}",
    "less_than_equal": "{name} 不大于 {le}",
    "too_long": "{name} 不超过 {max_length} 项",
}
_PHRASES = {404: "没有这个地址；接口说明见 /docs", 405: "不支持这种请求方法；接口说明见 /docs"}


def add_failures(app: FastAPI) -> None:
    """Let the app explain what goes wrong; nothing of the inside is shown."""
    app.add_exception_handler(RequestValidationError, _refuse)
    app.add_exception_handler(HTTPException, _pass_on)
    for error in (CorpusError, ConversationError, AccountError):
        app.add_exception_handler(error, _explain)
    app.add_exception_handler(Exception, _fail)


async def _refuse(request: Request, error: Exception) -> JSONResponse:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    said = "；".join(dict.fromkeys(_describe(fault) for fault in faults[:5]))
    return refusal(request.scope, 422, f"请求格式不对：{said}；接口说明见 /docs")


def _describe(fault: Mapping[str, Any]) -> str:
    path = [str(part) for part in fault["loc"][1:]]
    name = ".".join(path) or "请求内容"
    pattern = _FAULTS.get(fault["type"], "{name} 不合要求")
    return pattern.format(name=name, **fault.get("ctx", {}))


async def _pass_on(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else FAILED
    headers = error.headers if isinstance(error, HTTPException) else None
    message = _PHRASES.get(status, detail) if detail.isascii() else detail
    return refusal(request.scope, status, message, headers)


async def _explain(request: Request, error: Exception) -> JSONResponse:
    status = 503
    if isinstance(error, PlanNotFound | ConversationNotFound):
        status = 404
    elif isinstance(error, UnreadableFile):
        status = 422
    return refusal(request.scope, status, str(error))


async def _fail(request: Request, error: Exception) -> JSONResponse:
    # Starlette raises the error again after this answer, so the server still logs it.
    return refusal(request.scope, 500, FAILED, HEADERS)
