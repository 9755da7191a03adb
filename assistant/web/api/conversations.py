"""Saved conversations over HTTP: as a file."""

from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response

from assistant.accounts import LOCAL_USER
from assistant.records.conversations import Conversations
from assistant.records.export import Format, export_conversation

_MEDIA: dict[Format, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def owner_of(request: Request) -> str | None:
    """Return whose conversations the request may see.

    Without a login, whoever knows the id, which nobody can guess, has had the conversation.
    """
    user = request.scope.get("user", LOCAL_USER)
    return None if user is LOCAL_USER else str(user.name)


def conversation_router(conversations: Conversations) -> APIRouter:
    """Return the route that saves a conversation as a file."""
    router = APIRouter(prefix="/api/conversations", tags=["对话"])

    @router.get("/{conversation_id}/export.{form}", summary="导出对话（.md 或 .docx）")
    def export(conversation_id: str, form: str, request: Request) -> Response:
        if form not in _MEDIA:
            raise HTTPException(404, "只能导出 .md 或 .docx")
        conversation = conversations.load(conversation_id, owner=owner_of(request))
        name = quote(f"{conversation.title}.{form}", safe="")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        }
        content = export_conversation(conversation, form)
        return Response(content, media_type=_MEDIA[form], headers=headers)

    return router
