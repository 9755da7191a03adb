"""A real browser on a real server, for the tests that look at the page."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

_EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def find_chromium() -> str | None:
    """Return the browser's path, from the environment variable CHROMIUM or from PATH."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *_EXECUTABLES) if name)
    return next((path for path in found if path), None)


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """Start Chromium; skip the test where there is none."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("no chromium on PATH; install it or set CHROMIUM to its path")
    # What is expected comes at once, or late where a slow machine is shared: five seconds are few.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free port of this machine and yield its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", proxy_headers=False))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def ask(page: Page, question: str) -> None:
    """Type a question, send it with Enter and wait until it is answered and the box is free."""
    answered = page.locator("#chat .reply:not(.waiting)")
    before = answered.count()
    box = page.get_by_label("问题", exact=True)
    box.fill(question)
    box.press("Enter")
    answered.nth(before).wait_for()
    page.locator("#send:not([disabled])").wait_for()
