"""50 users at once for two minutes, then questions until 10,000: errors, latency and memory.

The users are locust's, in a process of its own on the same machine, so that they take their share
of the processors.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.library import Library
from assistant.settings import Settings
from eval.questions import FOLDER, load_suite
from eval.server import Server, started

_LOCUSTFILE = Path(__file__).with_name("locustfile.py")
_SUITE = "ouhai_dev_more"
_SAMPLES = 10
# Not to wait for the network between two answers; the server answers two at once.
_ASKING = 4


class LocustMissing(Exception):
    """What makes the users is not installed."""


def measure_load(
    *,
    documents: Path | None = None,
    users: int = 50,
    seconds: int = 120,
    questions: int = 10_000,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Return the figures for the bundled plan, or for the data folder `documents`.

    Raises:
        LocustMissing: if locust is not installed.
    """
    if find_spec("locust") is None:
        raise LocustMissing("没有安装 locust；请先 make setup，或 pip install locust")
    with TemporaryDirectory() as own:
        folder = str(documents or own)
        if documents is None:
            Library(Settings(data_dir=Path(own))).set_up()
        with started(folder) as server:
            # What is loaded with the first answers is no leak.
            _ask_many(server, 300)
            memory = [server.resident_mb()]
            tell(f"{users} 位用户同时提问 {seconds} 秒…")
            figures = _run_locust(server, users, seconds)
            memory.append(server.resident_mb())
            left = max(0, questions - int(figures["requests"]))
            for _ in range(_SAMPLES):
                _ask_many(server, left // _SAMPLES)
                memory.append(server.resident_mb())
                tell(f"内存 {memory[-1]:.0f} MB")
    rounded = [round(one) for one in memory]
    asked = figures["requests"] + left
    return {
        "processors": os.cpu_count(),
        "users": users,
        "seconds": seconds,
        **figures,
        "questions": asked,
        "memory_mb": rounded,
    }


def _run_locust(server: Server, users: int, seconds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE), "--headless"]
    command += ["--host", server.address, "--users", str(users), "--spawn-rate", str(users)]
    command += ["--run-time", f"{seconds}s", "--only-summary", "--exit-code-on-error", "0"]
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    line = next(line for line in reversed(done.stderr.splitlines()) if '"p95_ms"' in line)
    figures: dict[str, Any] = json.loads(line[line.index("{") :])
    return figures


def _ask_many(server: Server, count: int) -> None:
    asked = [gold.question for gold in load_suite(FOLDER / f"{_SUITE}.jsonl")]
    with ThreadPoolExecutor(_ASKING) as askers:
        for _ in askers.map(server.ask, (asked[n % len(asked)] for n in range(count))):
            pass
