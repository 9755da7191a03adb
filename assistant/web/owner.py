"""Whose conversations a request may see: the user's who is logged in, else the browser's."""

import secrets
from http.cookies import SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.users import LOCAL_USER, User

_COOKIE = "plan_owner"
_SECONDS = 400 * 24 * 3600


class OwnerCookie:
    """Gives every browser a random name of its own, which no script can read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a first visit to the page leaves with the cookie."""
        if scope["type"] != "http" or _COOKIE in HTTPConnection(scope).cookies:
            await self._app(scope, receive, send)
            return
        cookie = SimpleCookie({_COOKIE: secrets.token_urlsafe(24)})
        cookie[_COOKIE] |= {"path": "/", "max-age": _SECONDS, "httponly": True, "samesite": "Lax"}

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["path"] == "/":
                MutableHeaders(scope=message).append("Set-Cookie", cookie[_COOKIE].OutputString())
            await send(message)

        await self._app(scope, receive, send_named)


def owner_of(request: HTTPConnection | None) -> str:
    """Return whose the conversations of this request are.

    A browser that keeps no cookie owns nothing that it could find again.
    """
    if request is None:
        return f"nobody:{secrets.token_hex(8)}"
    user = request.scope.get("user")
    if isinstance(user, User) and user != LOCAL_USER:
        return f"user:{user.name}"
    name = request.cookies.get(_COOKIE)
    return f"browser:{name}" if name else f"nobody:{secrets.token_hex(8)}"
