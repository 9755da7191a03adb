"""Who sends a request, and the page where they say so."""

import base64
import binascii
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from jinja2 import Environment, PackageLoader
from limits import parse as parse_rate
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts import LOCAL_USER, Account, Accounts, User
from assistant.settings import Settings
from assistant.web.refusal import refusal

COOKIE = "plan_session"
# Everything else wants a login, once there are users.
_OPEN = frozenset({"/login", "/healthz", "/favicon.ico"})
# Wrong passwords: from one address for one name, and for a name from anywhere.
_FAILURES = parse_rate("5/5minute")
_FAILURES_ANYWHERE = parse_rate("50/hour")
# Hashing a password takes 64 MB and a processor; more at once would be a way to stop the server.
_HASHES_AT_ONCE = 2
_VERIFIED_KEPT = 1000
_WRONG = "用户名或密码不对"
_TOO_OFTEN = "失败次数过多，请五分钟后再试"
_WANTED = "请先登录：网页打开 /login，程序请带用户名密码（HTTP Basic）或令牌（Bearer）"

_pages = Environment(loader=PackageLoader("assistant.web"), autoescape=True)


class TooManyFailures(Exception):
    """Too many wrong passwords; even the right one is not looked at for a while."""


@dataclass(slots=True)
class Doors:
    """The ways in: session cookie, password, token, reverse proxy; or none needed.

    Once there are users, a login is wanted as long as the server runs, even if all are removed.
    """

    accounts: Accounts
    settings: Settings
    _serializer: URLSafeTimedSerializer = field(init=False)
    _failures: MovingWindowRateLimiter = field(init=False)
    _is_wanted: bool = field(init=False, default=False)
    # Argon2 is slow on purpose; HTTP Basic sends the password with every request.
    _verified: dict[bytes, str] = field(init=False, default_factory=dict)
    _salt: bytes = field(init=False, default_factory=lambda: secrets.token_bytes(32))
    _hashing: CapacityLimiter | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Bring in the key that signs sessions."""
        key = session_key(self.settings.data_dir / "session.key")
        self._serializer = URLSafeTimedSerializer(key, salt="session")
        self._failures = MovingWindowRateLimiter(MemoryStorage())

    @property
    def is_login_wanted(self) -> bool:
        """Tell whether nobody comes in unknown."""
        if not self._is_wanted:
            self._is_wanted = bool(self.settings.proxy_user_header or self.accounts.all())
        return self._is_wanted

    async def identify(self, scope: Scope) -> User | None:
        """Return who sends the request, None if nobody known does.

        Raises:
            TooManyFailures: if it brings a password after too many wrong ones.
        """
        if not self.is_login_wanted:
            return LOCAL_USER
        headers = Headers(scope=scope)
        if user := self._from_proxy(scope, headers):
            return user
        kind, _, secret = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            account = self.accounts.check_token(secret.strip())
        elif kind.lower() == "basic":
            account = await self._from_basic(secret.strip(), _client(scope))
        else:
            account = self._from_cookie(cookie_parser(headers.get("cookie", "")).get(COOKIE, ""))
        return account.user if account else None

    async def check(self, name: str, password: str, client: str) -> Account | None:
        """Return the account if this is its password.

        Raises:
            TooManyFailures: if there were too many.
        """
        counted = ((_FAILURES, name, client), (_FAILURES_ANYWHERE, name))
        # Counted before the password is looked at, or many at once would slip through.
        if not all(self._failures.hit(*one) for one in counted):
            raise TooManyFailures
        if self._hashing is None:
            self._hashing = CapacityLimiter(_HASHES_AT_ONCE)
        account = await to_thread.run_sync(
            self.accounts.check_password, name, password, limiter=self._hashing
        )
        if account is not None:
            for one in counted:
                self._failures.clear(*one)
        return account

    def begin_session(self, account: Account) -> str:
        """Return the value of the cookie."""
        return self._serializer.dumps([account.name, account.stamp])

    def _from_cookie(self, cookie: str) -> Account | None:
        try:
            name, stamp = self._serializer.loads(
                cookie, max_age=int(self.settings.session_hours * 3600)
            )
        except BadSignature:
            return None
        account = self.accounts.find(name)
        return account if account and account.stamp == stamp else None

    async def _from_basic(self, secret: str, client: str) -> Account | None:
        try:
            name, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        account = self.accounts.find(name)
        seen = hmac.digest(self._salt, f"{name}:{password}".encode(), "sha256")
        if account and self._verified.get(seen) == account.stamp:
            return account
        account = await self.check(name, password, client)
        if account:
            if len(self._verified) >= _VERIFIED_KEPT:
                self._verified.clear()
            self._verified[seen] = account.stamp
        return account

    def _from_proxy(self, scope: Scope, headers: Headers) -> User | None:
        header = self.settings.proxy_user_header
        name = headers.get(header, "").strip() if header else ""
        if not name or not is_proxy(scope.get("peer", ""), self.settings.proxy_address):
            return None
        # Headers come as Latin-1; names are sent as UTF-8.
        name = name.encode("latin-1").decode("utf-8", "replace")
        account = self.accounts.find(name)
        return account.user if account else User(name, "reader")


class NotePeer:
    """Notes who is connected, before forwarded headers put the client's address in its place."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, its peer noted."""
        if scope["type"] == "http":
            scope["peer"] = _client(scope)
        await self._app(scope, receive, send)


class Identify:
    """Puts the user into `scope["user"]`, and lets nobody unknown further than the login page."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request of somebody known, or one for the login page."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            user = await self._doors.identify(scope)
        except TooManyFailures:
            await refusal(scope, 429, _TOO_OFTEN, {"Retry-After": "300"})(scope, receive, send)
            return
        if user is not None:
            scope["user"] = user
        elif not self._is_open(scope["path"]):
            await self._turn_away(scope)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return path in _OPEN or (path == "/metrics" and self._doors.settings.metrics_public)

    def _turn_away(self, scope: Scope) -> Response:
        headers = Headers(scope=scope)
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            target = quote(scope["path"], safe="/")
            return RedirectResponse(f"/login?next={target}", status_code=303)
        # A browser would put its own dialogue in front of the page.
        is_browser = "sec-fetch-mode" in headers
        challenge = None if is_browser else {"WWW-Authenticate": 'Basic realm="plan-assistant"'}
        return refusal(scope, 401, _WANTED, challenge)


def login_router(doors: Doors) -> APIRouter:
    """Return the login page, where a session begins and ends."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    def show(request: Request, next: str = "/") -> Response:  # noqa: A002
        if not doors.is_login_wanted:
            return RedirectResponse("/", status_code=303)
        return _login_page(request, next)

    @router.post("/login")
    async def log_in(
        request: Request,
        name: Annotated[str, Form(max_length=64)] = "",
        password: Annotated[str, Form(max_length=1024)] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002
    ) -> Response:
        try:
            account = await doors.check(name.strip(), password, _client(request.scope))
        except TooManyFailures:
            return _login_page(request, next, fault=_TOO_OFTEN, status=429)
        if account is None:
            return _login_page(request, next, fault=_WRONG, status=401)
        response = RedirectResponse(_inside(next), status_code=303)
        response.set_cookie(
            COOKIE,
            doors.begin_session(account),
            max_age=int(doors.settings.session_hours * 3600),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @router.post("/logout")
    def log_out() -> Response:
        response = RedirectResponse("/login", status_code=303)
        response.delete_cookie(COOKIE)
        return response

    return router


def session_key(path: Path) -> bytes:
    """Return the key of this data folder, made when first needed, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside first: another process never reads half a key, and the first one stays.
        fresh = path.with_name(f"session.{secrets.token_hex(4)}.new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes()


def is_proxy(address: str, trusted: str | None) -> bool:
    """Tell whether the address is, or lies within, one of the trusted ones."""
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    networks = [one.strip() for one in (trusted or "").split(",") if one.strip()]
    return any(peer in ip_network(network, strict=False) for network in networks)


def _login_page(request: Request, target: str, *, fault: str = "", status: int = 200) -> Response:
    page = _pages.get_template("login.html.j2").render(
        target=_inside(target), fault=fault, user=request.scope.get("user")
    )
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def _inside(target: str) -> str:
    """Return the target if it is a path of ours, else the start page."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_path and target.isprintable() else "/"


def _client(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""
