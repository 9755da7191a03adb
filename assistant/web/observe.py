"""What is told of the running server: one JSON line a request and an answer, and metrics."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import uuid4

from fastapi import APIRouter, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from pythonjsonlogger.json import JsonFormatter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.answer.model import Answer

_log = logging.getLogger("plan_assistant")
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_REQUEST_ID = re.compile(r"[\w.-]{1,64}")
# Parts of the page, which say nothing about its use.
_QUIET = re.compile(
    r"/(?:assets|static|static-offline-docs|theme\.css|favicon\.ico|gradio_api/(?:heartbeat|startup-events|theme\.css))\b"
)
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The figures of one server, in a registry of its own."""

    def __init__(self, *, count_chunks: Callable[[], int]) -> None:
        """Set all figures to nothing; the size of the index is looked up whenever it is asked."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "plan_requests", "HTTP requests", ("route", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "plan_request_seconds",
            "Time until a response was sent whole",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "plan_answers", "Answers", ("status", "route"), registry=self.registry
        )
        self.answer_seconds = Histogram(
            "plan_answer_seconds",
            "Time of a whole answer, waiting included",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "plan_answers_in_flight", "Answers under way or waiting", registry=self.registry
        )
        chunks = Gauge("plan_index_chunks", "Chunks that can be found", registry=self.registry)
        chunks.set_function(count_chunks)


@dataclass(slots=True)
class Watch:
    """Follows answers: how many are under way, how each ended. `questions` are logged if told."""

    metrics: Metrics
    log_questions: bool = False
    under_way: int = field(default=0, init=False)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer as under way, from before it waits for its turn."""
        self.under_way += 1
        self.metrics.in_flight.set(self.under_way)
        try:
            yield
        finally:
            self.under_way -= 1
            self.metrics.in_flight.set(self.under_way)

    def note(self, answer: Answer, started: float) -> None:
        """Note how an answer ended that was asked for at `started` (`time.perf_counter`)."""
        seconds = time.perf_counter() - started
        self.metrics.answers.labels(answer.status, answer.route).inc()
        self.metrics.answer_seconds.observe(seconds)
        said: dict[str, object] = {
            "status": answer.status,
            "answer_route": answer.route,
            "citations": len(answer.citations),
            "ms": round(seconds * 1000, 1),
        }
        if self.log_questions:
            said["question"] = answer.question
        _log.info("answer", extra=said)


class Observe:
    """Gives every request an id, and tells of it in a log line and in the metrics."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        token = _request_id.set(request_id)
        started = time.perf_counter()
        status = 500
        path = scope["path"]

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            self._tell(scope, path, status, time.perf_counter() - started)
            _request_id.reset(token)

    def _tell(self, scope: Scope, path: str, status: int, seconds: float) -> None:
        # The pattern, not the path: ids in it would make a figure for each.
        route = getattr(scope.get("route"), "path", None) or "-"
        method = scope["method"]
        self._metrics.requests.labels(route, method, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        if status < 400 and _QUIET.match(path):
            return
        user = scope.get("user")
        said = {
            "user": user.name if user else None,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        _log.info("request", extra=said)


def metrics_router(metrics: Metrics) -> APIRouter:
    """Return the route where Prometheus collects the figures."""
    router = APIRouter(tags=["运行"])

    @router.get("/metrics", summary="运行指标（Prometheus 格式）")
    def show() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def log_as_json() -> None:
    """Write everything that is logged to stderr as JSON lines, each with its request's id."""
    handler = logging.StreamHandler()
    handler.addFilter(_add_request_id)
    handler.setFormatter(
        JsonFormatter(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    _log.setLevel(logging.INFO)


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = _request_id.get()
    return True
