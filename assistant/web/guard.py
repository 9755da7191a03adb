"""What every request must pass before anything of ours or of Gradio's sees it; plain ASGI."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from limits import RateLimitItem
from limits import parse as parse_rate
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts import LOCAL_USER
from assistant.web.refusal import refusal

# The browser itself refuses every other host. Gradio needs inline and evaluated scripts.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'"
    ),
    # Without any, browsers say of our own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# What the page's own scripts call of Gradio; the rest (fetching addresses, proxying, recordings,
# custom components, deep links, run histories …) is nobody's business here.
_GRADIO = re.compile(
    r"/gradio_api/(?:queue/(?:join|data)|run/\w+|upload|upload_progress|heartbeat/\w+|cancel|reset/?"
    r"|startup-events|theme\.css|info/?|app_id/?|login_check/?|user/?|file=/.+)"
)
# Outside /gradio_api, by the same reasoning.
_NOT_SERVED = re.compile(r"/(?:monitoring|login_check|svelte|pwa_icon)(?:/|$)")
# The page sends the whole chat and its sources with every event.
_BODY_BYTES = 16 * 2**20
# Beside the files themselves: the parts' heads.
_MULTIPART_BYTES = 2**20
_EVENTS = re.compile(r"/gradio_api/(?:queue/join|run/\w+)")
_UPLOADS = frozenset({"/gradio_api/upload", "/api/plans"})
_LIMITED = ("/api/", "/v1/", "/mcp", "/gradio_api/queue/join", "/gradio_api/upload", "/login")


class GuardHeaders:
    """Adds `HEADERS` to every response; streams pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and add to its response."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_guarded)


class SameOrigin:
    """Refuses what a foreign page makes the browser send, with its cookie or to this machine."""

    def __init__(self, app: ASGIApp, *, is_only_local: Callable[[], bool]) -> None:
        """While `is_only_local`, no other name leads here: a rebound DNS name is refused."""
        self._app = app
        self._is_only_local = is_only_local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, unless a foreign page has sent it."""
        if scope["type"] == "http" and (reason := self._fault(scope)):
            await refusal(scope, 403, reason)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _fault(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = urlsplit(f"//{headers.get('host', '')}")
        if self._is_only_local() and host.hostname not in LOOPBACK:
            return "只接受发往本机的请求；经反向代理使用请设 PLAN_ALLOW_OPEN=true 或登录用户"
        if scope["method"] in _SAFE_METHODS:
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            is_foreign = site not in ("same-origin", "none")
        else:
            # Browsers tell no site over plain http, and programs neither.
            is_foreign = origin is not None and urlsplit(origin).netloc != host.netloc
        return "请求来自别的网站，已拒绝；请从本页面操作" if is_foreign else None


class BodyLimit:
    """Refuses bodies that are too large, by what they say and by what really comes."""

    def __init__(self, app: ASGIApp, *, upload_mb: int) -> None:
        self._app = app
        self._upload_mb = upload_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, as far as its body is within bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = scope["path"] in _UPLOADS
        most = self._upload_mb * 2**20 + _MULTIPART_BYTES if is_upload else _BODY_BYTES
        shown = f"{self._upload_mb} MB" if is_upload else f"{most // 2**20} MB"
        too_large = refusal(scope, 413, f"请求超过 {shown} 的上限，请拆分后再试")
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or int(said) > most:
            await too_large(scope, receive, send)
            return
        taken, begun = 0, False

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                # Whoever reads the body gives up, as if the client had gone.
                raise ClientDisconnect
            return message

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive_counted, send_noted)
        except ClientDisconnect:
            if taken <= most:
                raise
            if not begun:
                await too_large(scope, receive, send)


class GradioGate:
    """Lets through only those of Gradio's routes that the page calls, and no address to fetch."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, unless it is for what the page does not use."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        is_gradio = path.startswith("/gradio_api")
        if (is_gradio and not _GRADIO.fullmatch(path)) or _NOT_SERVED.match(path):
            await refusal(scope, 404, "没有这个地址")(scope, receive, send)
            return
        if not _EVENTS.fullmatch(path):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        if _names_address(body):
            await refusal(scope, 400, "不从网址取文件，请上传文件本身")(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


class RateLimit:
    """Counts the requests of each user, or of each address where nobody logs in."""

    def __init__(self, app: ASGIApp, rate: str) -> None:
        self._app = app
        self._rate: RateLimitItem = parse_rate(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, unless its sender has had too many."""
        if scope["type"] == "http" and scope["path"].startswith(_LIMITED):
            user = scope.get("user")
            client = scope["client"][0] if scope["client"] else ""
            name = client if user is LOCAL_USER else f"user:{user.name if user else client}"
            # At the machine itself, without a login, there is nobody to protect from anybody.
            is_local = user is LOCAL_USER and client in LOOPBACK
            if not is_local and not self._limiter.hit(self._rate, name):
                wait = str(self._rate.get_expiry())
                response = refusal(scope, 429, "请求太频繁，请稍后再试", {"Retry-After": wait})
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _read(receive: Receive) -> bytes | None:
    """Return the whole body, None if the client has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once more."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def _names_address(body: bytes) -> bool:
    """Tell whether a file in an event is an address on the network, which Gradio would fetch."""
    try:
        sent = json.loads(body)
    except ValueError:
        # Gradio says what is wrong with it.
        return False
    return any(
        re.match(r"\s*(?:https?:|//)", str(one["path"]), re.IGNORECASE)
        for one in _objects(sent)
        if "path" in one
    )


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Return all objects in a JSON value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
