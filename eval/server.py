"""The server as a user would start it, asked over HTTP."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-c", "from assistant.cli import main; main()")
_START_LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server of its own process."""

    address: str
    process: subprocess.Popen[bytes]

    def ask(self, question: str) -> dict[str, Any]:
        """Return the answer as a document."""
        request = urllib.request.Request(
            f"{self.address}/api/ask",
            data=json.dumps({"question": question}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            document: dict[str, Any] = json.load(response)
            return document

    def resident_mb(self) -> float:
        """Return its resident memory, as Linux counts it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        if match is None:
            raise RuntimeError(f"no memory figure for process {self.process.pid}")
        return int(match[1]) / 1024


@contextmanager
def started(folder: str) -> Iterator[Server]:
    """Serve a data folder on a free port until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--data-dir", folder],
        stderr=subprocess.DEVNULL,
    )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(server: Server) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {server.process.returncode}")
        try:
            with urllib.request.urlopen(f"{server.address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not answer within {_START_LIMIT_S:.0f} s")
