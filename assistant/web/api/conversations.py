"""Saved conversations over HTTP: as a file."""

from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Response

from assistant.records.conversations import Conversations
from assistant.records.export import Format, export_conversation

_MEDIA: dict[Format, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def conversation_router(conversations: Conversations) -> APIRouter:
    """Return the route that saves a conversation as a file."""
    router = APIRouter(prefix="/api/conversations", tags=["对话"])

    # Whoever knows the id, which nobody can guess, has had the conversation.
    @router.get("/{conversation_id}/export.{form}", summary="导出对话（.md 或 .docx）")
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

    return router
