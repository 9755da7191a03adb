"""Who is at the page, and what they may do."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import gradio as gr

Role: TypeAlias = Literal["reader", "editor"]


@dataclass(frozen=True, slots=True)
class User:
    """Readers ask; editors also take in, correct and delete documents, and approve answers."""

    name: str
    role: Role

    @property
    def is_editor(self) -> bool:
        """Tell whether the user may change what others read."""
        return self.role == "editor"


# Without a login the page is bound to this machine, and whoever is at it owns the data.
LOCAL_USER = User("本机", "editor")


def user_of(request: gr.Request) -> User:
    """Return who sent an event of the page."""
    user = request.request.scope.get("user") if request.request else None
    return user if isinstance(user, User) else LOCAL_USER
