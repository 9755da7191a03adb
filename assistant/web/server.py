"""The HTTP side: the page at `/`, a small JSON endpoint beside it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote

import gradio as gr
import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.records.conversations import Conversations
from assistant.records.export import Format, export_conversation
from assistant.records.model import ConversationError, ConversationNotFound
from assistant.web.events import QUESTION_LIMIT
from assistant.web.page import CSS_PATH, ICON_PATH, build_theme, page_scripts
from assistant.web.render import FAILED
from corpus.errors import CorpusError, PlanNotFound

AskJson: TypeAlias = Callable[[str, str | None], dict[str, Any]]

BAD_REQUEST = (
    '请求格式不对：应为 {"question": "问题", "plan": null}，'
    f"问题不能为空，也不超过 {QUESTION_LIMIT} 字。"
)
_MEDIA: dict[Format, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# The browser itself refuses every other host. Gradio needs inline and evaluated scripts.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Question(BaseModel):
    """What POST /api/ask takes; `plan` narrows the search to one plan."""

    question: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=QUESTION_LIMIT),
    ]
    plan: str | None = None


class _GuardHeaders:
    """Adds `_HEADERS` to every response; plain ASGI, so that streams pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_guarded)


def create_app(
    page: gr.Blocks,
    ask_json: AskJson,
    conversations: Conversations,
    *,
    routers: Sequence[APIRouter] = (),
    max_upload_mb: int = 1,
) -> FastAPI:
    """Put the page and the endpoints together. Swagger's own page is off: it loads from a CDN."""
    app = FastAPI(title="规划问答助手", docs_url=None, redoc_url=None)
    app.add_middleware(_GuardHeaders)
    app.add_exception_handler(RequestValidationError, _refuse)
    app.add_exception_handler(CorpusError, _explain)
    app.add_exception_handler(ConversationError, _explain)
    app.add_exception_handler(Exception, _fail)

    @app.post("/api/ask")
    def ask(question: Question) -> dict[str, Any]:
        return ask_json(question.question, question.plan)

    # Whoever knows the id, which nobody can guess, has had the conversation.
    @app.get("/api/conversations/{conversation_id}/export.{form}")
    def export(conversation_id: str, form: str) -> Response:
        if form not in _MEDIA:
            raise HTTPException(404, "只能导出 .md 或 .docx")
        conversation = conversations.load(conversation_id)
        name = quote(f"{conversation.title}.{form}", safe="")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        }
        content = export_conversation(conversation, form)
        return Response(content, media_type=_MEDIA[form], headers=headers)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    for router in routers:
        app.include_router(router)
    _mount(app, page, max_upload_mb)
    return app


def serve(app: FastAPI, host: str, port: int) -> None:
    """Run until interrupted; only warnings are logged."""
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


def _mount(app: FastAPI, page: gr.Blocks, max_upload_mb: int) -> None:
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        max_file_size=f"{max_upload_mb}mb",
        # Of files, Gradio serves only what was uploaded.
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=build_theme(),
        favicon_path=str(ICON_PATH),
        css_paths=[CSS_PATH],
        js=page_scripts(),
    )


async def _refuse(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": BAD_REQUEST}, status_code=422)


async def _explain(request: Request, error: Exception) -> JSONResponse:
    status = 404 if isinstance(error, PlanNotFound | ConversationNotFound) else 503
    return JSONResponse({"detail": str(error)}, status_code=status)


async def _fail(request: Request, error: Exception) -> JSONResponse:
    # Starlette raises the error again after this answer, so the server still logs it.
    return JSONResponse({"detail": FAILED}, status_code=500)
