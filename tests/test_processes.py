"""Several processes on one store, on a real Chroma server too; a server that is told to stop."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from assistant.library import Library
from assistant.retrieve import retrieve
from assistant.settings import Settings
from corpus.errors import IndexUnreachable
from tests.scripted_model import endpoint, says

ROOT = Path(__file__).parents[1]
CHROMA = Path(sys.executable).with_name("chroma")
MAIN = "from assistant.cli import main; main()"
TEXT = "关于灯塔的规划\n第一章 灯塔\n到2025年，沿海一带建成灯塔三座，守望归航的渔船。\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*arguments: str, **settings: str) -> None:
    """Run a command as another process."""
    environment = {**os.environ, **settings}
    subprocess.run(
        [sys.executable, "-c", MAIN, *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )


@contextmanager
def running(command: list[str], address: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server and wait until it answers at the address."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None and time.monotonic() < deadline
            try:
                httpx.get(address, timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


@pytest.fixture(params=["folder", "server"])
def settings(
    request: pytest.FixtureRequest, library: Library, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """A data folder with the bundled plan, its vectors beside it or on a Chroma server."""
    folder = tmp_path / "data"
    shutil.copytree(library.settings.data_dir, folder)
    chosen = {"PLAN_DATA_DIR": str(folder)}
    if request.param == "folder":
        yield chosen
        return
    if not CHROMA.exists():
        pytest.skip(f"no Chroma server: {CHROMA} is missing")
    shutil.rmtree(folder / "chroma")
    port = free_port()
    command = [str(CHROMA), "run", "--path", str(tmp_path / "server"), "--port", str(port)]
    with running([*command, "--host", "127.0.0.1"], f"http://127.0.0.1:{port}/api/v2/heartbeat"):
        yield {**chosen, "PLAN_CHROMA_URL": f"http://127.0.0.1:{port}"}


def found_by_meaning(library: Library) -> bool:
    """Tell whether the lighthouses are found by their vector."""
    hits = retrieve("海边给船指路的建筑有几座", library, limit=3)
    return any("灯塔" in hit.chunk.text and hit.similarity is not None for hit in hits)


def test_a_process_sees_what_another_takes_in_rebuilds_and_removes(
    settings: dict[str, str], tmp_path: Path
) -> None:
    reading = Library(
        Settings(
            data_dir=Path(settings["PLAN_DATA_DIR"]), chroma_url=settings.get("PLAN_CHROMA_URL")
        )
    )
    reading.reconcile()
    own = reading.index.count()
    assert own == reading.catalog.count_chunks()
    assert not found_by_meaning(reading)
    path = tmp_path / "灯塔.txt"
    path.write_text(TEXT)
    run("ingest", str(path), **settings)
    assert found_by_meaning(reading)
    run("reindex", **settings)
    assert found_by_meaning(reading)
    assert reading.index.lost() == []
    # And writes on top of what the other has made.
    (plan,) = [entry for entry in reading.catalog.entries() if "灯塔" in entry.title]
    reading.remove(plan.id)
    assert reading.index.count() == own
    reading.index.close()
    reading.catalog.close()


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    library = Library(Settings(data_dir=tmp_path, chroma_url=address))
    with pytest.raises(IndexUnreachable, match=address):
        _ = library.index


def test_a_server_told_to_stop_finishes_its_answers(library: Library, tmp_path: Path) -> None:
    """SIGTERM while a slow model is answering and a page is open."""
    folder = tmp_path / "data"
    shutil.copytree(library.settings.data_dir, folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    slow = says("高新技术企业数量", "2025年", "目标为550家。[1]", pause=0.5)
    with endpoint(slow) as model:
        settings = {
            "PLAN_DATA_DIR": str(folder),
            "PLAN_PORT": str(port),
            "PLAN_LLM_MODEL": "slow",
            "PLAN_LLM_BASE_URL": model.url,
            "PLAN_LLM_TOOLS": "off",
        }
        with running([sys.executable, "-c", MAIN, "serve"], f"{address}/healthz", **settings) as it:
            question = {"question": "2025年高新技术企业数量的目标是多少？"}
            with (
                httpx.Client(base_url=address, timeout=60) as client,
                client.stream("GET", "/gradio_api/heartbeat/page") as page,
                client.stream("POST", "/api/ask/stream", json=question) as answer,
            ):
                while not model.requests:
                    time.sleep(0.05)
                it.send_signal(signal.SIGTERM)
                said = list(answer.iter_lines())
                *_, last = [line for line in said if line.startswith("data: ")]
                assert "event: done" in said
                assert "550" in json.loads(last.removeprefix("data: "))["answer"]
                # The page's own stream would go on for ever.
                assert any("ALIVE" in line for line in page.iter_lines())
            # uvicorn lets the signal have its way once all is done.
            assert it.wait(timeout=20) in (0, -signal.SIGTERM)
            assert it.stderr is not None
            logged = [json.loads(line) for line in it.stderr if line.startswith(b"{")]
    (told,) = [line for line in logged if line["message"] == "answer"]
    (request,) = [line for line in logged if line.get("route") == "/api/ask/stream"]
    assert told["status"] == "answered" and told["request_id"] == request["request_id"]
    assert request["user"] == "本机" and request["status"] == 200 and request["ms"] > 0
    # What was asked is nobody's business unless switched on.
    assert not any("高新技术企业" in json.dumps(line, ensure_ascii=False) for line in logged)
