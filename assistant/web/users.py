"""Who is at the page, and what they may do."""

import gradio as gr

from assistant.accounts import LOCAL_USER, Role, User

__all__ = ["LOCAL_USER", "Role", "User", "user_of"]


def user_of(request: gr.Request) -> User:
    """Return who sent an event of the page."""
    user = request.request.scope.get("user") if request.request else None
    return user if isinstance(user, User) else LOCAL_USER
