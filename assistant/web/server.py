"""The server: who may come in, what every request passes, and the page behind all of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from socket import socket

import gradio as gr
import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi_offline import FastAPIOffline
from gradio.routes import App as GradioApp
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Mount
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.accounts import AccountError, Accounts
from assistant.settings import Settings
from assistant.web.failures import add_failures
from assistant.web.guard import LOOPBACK, BodyLimit, GradioGate, GuardHeaders, RateLimit, SameOrigin
from assistant.web.login import Doors, Identify, NotePeer, login_router
from assistant.web.observe import Observe, Watch, metrics_router
from assistant.web.owner import OwnerCookie
from assistant.web.page import CSS_PATHS, ICON_PATH, build_theme, page_scripts

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_TICK_SECONDS = 0.05


def create_app(
    page: gr.Blocks,
    settings: Settings,
    watch: Watch,
    *,
    routers: Sequence[APIRouter] = (),
    mcp: MCPServer | None = None,
) -> FastAPI:
    """Put the page and the routes together, behind what every request must pass."""
    app = FastAPIOffline(
        title="规划问答助手",
        description="对政府规划、工作报告和政策文件提问，回答逐句注明出处。出错时返回"
        ' {"detail": "原因"}。登录后可用；程序请带令牌：Authorization: Bearer …',
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.watch, app.state.mcp = watch, mcp
    doors = Doors(Accounts(settings.users_path), settings)
    _add_guards(app, doors, watch)
    add_failures(app)
    for router in (login_router(doors), metrics_router(watch.metrics), *routers):
        app.include_router(router)
    if mcp is not None:
        # What comes in has been checked by then; without sessions there are none to steal.
        unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        streamable = mcp.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=unchecked
        )
        app.router.routes.extend(streamable.routes)
    app.include_router(_unknown_router())
    _mount(app, page, settings)
    return app


def check_binding(host: str, settings: Settings) -> None:
    """Make sure that nobody shares the data with the network without meaning to.

    Raises:
        AccountError: if the address is not this machine's own and nobody needs to log in, or if the
            users cannot be read.
    """
    doors = Doors(Accounts(settings.users_path), settings)
    if not doors.is_login_wanted and host not in LOOPBACK and not settings.allow_open:
        raise AccountError(
            f"监听 {host} 会让网络上的人不登录就能收录和删除文件；请先用 plan-assistant users add "
            "添加用户，确实要开放请设 PLAN_ALLOW_OPEN=true"
        )


def serve(app: FastAPI, host: str, port: int, *, shutdown_seconds: int) -> None:
    """Run until told to stop; answers under way are finished."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Done by our own middleware, which must see who is connected first.
        proxy_headers=False,
        timeout_graceful_shutdown=shutdown_seconds,
    )
    Server(config).run()


class Server(uvicorn.Server):
    """Finishes the answers under way before it ends the streams of open pages."""

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Take no more connections, wait for answers, then end what would never end by itself."""
        app = self.config.app
        if isinstance(app, FastAPI):
            for server in self.servers:
                server.close()
            wait = self.config.timeout_graceful_shutdown or 0
            deadline = time.monotonic() + wait
            while app.state.watch.under_way and time.monotonic() < deadline and not self.force_exit:
                await asyncio.sleep(_TICK_SECONDS)
            _gradio_of(app).stop_event.set()
        await super().shutdown(sockets)


def _add_guards(app: FastAPI, doors: Doors, watch: Watch) -> None:
    """Add what every request passes; the last one added is the first one passed."""
    settings = doors.settings

    def is_only_local() -> bool:
        return not doors.is_login_wanted and not settings.allow_open

    app.add_middleware(OwnerCookie)
    app.add_middleware(GradioGate)
    app.add_middleware(BodyLimit, upload_mb=settings.max_file_mb)
    app.add_middleware(RateLimit, rate=settings.rate_limit)
    app.add_middleware(Identify, doors=doors)
    app.add_middleware(SameOrigin, is_only_local=is_only_local)
    if settings.proxy_address:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.proxy_address)
    app.add_middleware(NotePeer)
    app.add_middleware(GuardHeaders)
    app.add_middleware(Observe, metrics=watch.metrics)


def _unknown_router() -> APIRouter:
    """Return the routes that say of other addresses below the API's that there are none."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/api/{rest:path}", methods=_METHODS)
    @router.api_route("/v1/{rest:path}", methods=_METHODS)
    def unknown(rest: str) -> None:
        raise HTTPException(404)

    return router


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    mcp: MCPServer | None = app.state.mcp
    if mcp is None:
        yield
        return
    async with mcp.session_manager.run():
        yield


def _gradio_of(app: FastAPI) -> GradioApp:
    mounted = [route.app for route in app.routes if isinstance(route, Mount)]
    return next(app for app in mounted if isinstance(app, GradioApp))


def _mount(app: FastAPI, page: gr.Blocks, settings: Settings) -> None:
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        max_file_size=f"{settings.max_file_mb}mb",
        # Of files, Gradio serves only what was uploaded.
        allowed_paths=[],
        blocked_paths=[str(settings.data_dir.resolve())],
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=build_theme(),
        favicon_path=str(ICON_PATH),
        css_paths=list(CSS_PATHS),
        js=page_scripts(),
    )
