"""Saved conversations over HTTP: as a file."""

from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response

from assistant.records.conversations import Conversations
from assistant.records.export import Format, export_conversation
from assistant.web.owner import owner_of

_MEDIA: dict[Format, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def caller_of(request: Request) -> str:
    """Return whose conversations the request may see; programs keep no cookie."""
    owner = owner_of(request)
    is_nobody = owner.startswith("nobody:")
    return f"program:{request.client.host}" if is_nobody and request.client else owner


def conversation_router(conversations: Conversations) -> APIRouter:
    """Return the route that saves a conversation as a file."""
    router = APIRouter(prefix="/api/conversations", tags=["对话"])

    @router.get("/{conversation_id}/export.{form}", summary="导出对话（.md 或 .docx）")
    def export(conversation_id: str, form: str, request: Request) -> Response:
        if form not in _MEDIA:
            raise HTTPException(404, "只能导出 .md 或 .docx")
        conversation = conversations.load(conversation_id, owner=caller_of(request))
        name = quote(f"{conversation.title}.{form}", safe="")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        }
        content = export_conversation(conversation, form)
        return Response(content, media_type=_MEDIA[form], headers=headers)

    return router
