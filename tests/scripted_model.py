"""An OpenAI-compatible endpoint that says what a test wrote down, over real HTTP."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-only-for-tests-7f3a91"


@dataclass(frozen=True)
class Scripted:
    """One response: pieces of its body, a number among them is a pause in seconds."""

    body: Sequence[bytes | float]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


# A response that depends on the request.
Respond = Callable[[dict[str, Any]], Scripted]


def says(
    *pieces: str,
    reasoning: str = "",
    finish: str = "stop",
    usage: tuple[int, int] = (100, 20),
    pause: float = 0.0,
) -> Scripted:
    """Stream a message piece by piece."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": None, "reasoning_content": word} for word in reasoning]
    deltas += [{"content": piece} for piece in pieces]
    body: list[bytes | float] = []
    for delta in deltas:
        body += [chunk(delta), pause]
    return Scripted([*body, chunk({}, finish), totals(*usage), event("[DONE]")])


def calls(name: str, arguments: str, *, usage: tuple[int, int] = (50, 10)) -> Scripted:
    """Ask for one tool, its arguments in two pieces as real endpoints send them."""
    half = len(arguments) // 2
    first = {"name": name, "arguments": arguments[:half]}
    deltas: list[dict[str, Any]] = [
        {"role": "assistant", "content": "我先查一下。[1]"},
        {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": first}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": arguments[half:]}}]},
    ]
    body = [chunk(delta) for delta in deltas]
    return Scripted([*body, chunk({}, "tool_calls"), totals(*usage), event("[DONE]")])


def fails(status: int, message: str = "no", **headers: str) -> Scripted:
    """Refuse, echoing the key as some endpoints do."""
    error = {"error": {"message": f"{message}: key {KEY}", "type": "error", "code": str(status)}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted([json.dumps(error).encode()], status, named)


def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event(json.dumps({**_HEAD, "choices": [choice]}, ensure_ascii=False))


def totals(prompt: int, completion: int) -> bytes:
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    return event(json.dumps({**_HEAD, "choices": [], "usage": usage}))


def event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()


_HEAD = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}


@dataclass
class Endpoint:
    """The running server: what it was asked, and whether a client hung up on it."""

    url: str
    script: list[Scripted | Respond]
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def reply(self, request: dict[str, Any]) -> Scripted:
        """Return the next response of the script; the last one again and again."""
        self.requests.append(request)
        following = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return following if isinstance(following, Scripted) else following(request)


@contextmanager
def endpoint(*script: Scripted | Respond) -> Iterator[Endpoint]:
    """Serve the script on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    running = Endpoint(f"http://127.0.0.1:{server.server_port}/v1", list(script))
    server.running = running  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        running: Endpoint = self.server.running  # type: ignore[attr-defined]
        length = int(self.headers["Content-Length"])
        running.keys.append(self.headers.get("Authorization", ""))
        reply = running.reply(json.loads(self.rfile.read(length)))
        self.send_response(reply.status)
        kind = "text/event-stream" if reply.status == 200 else "application/json"
        self.send_header("Content-Type", kind)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for piece in reply.body:
                if isinstance(piece, bytes):
                    self.wfile.write(piece)
                    self.wfile.flush()
                else:
                    time.sleep(piece)
        except (BrokenPipeError, ConnectionResetError):
            running.hung_up.set()

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""
