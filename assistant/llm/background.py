"""An async iterator read from ordinary code, which can leave it at any moment."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from queue import SimpleQueue
from typing import Any, TypeVar

from anyio import fail_after
from anyio.from_thread import start_blocking_portal

Item = TypeVar("Item")
_END = object()

_log = logging.getLogger(__name__)


def iterate(make: Callable[[], AsyncGenerator[Item, None]], *, seconds: float) -> Iterator[Item]:
    """Yield what the async generator yields; closing this iterator cancels that one at once.

    Raises:
        TimeoutError: if it takes longer than that, however it spends the time.
    """
    # One thread, one event loop and one task from beginning to end: network streams and time
    # limits must not change hands between steps, and the caller's own thread may have a loop.
    items: SimpleQueue[Item | object] = SimpleQueue()

    async def fill() -> None:
        # LangGraph shields a model's call from being cancelled; it fails later, when its connection
        # is closed, and nobody waits for it any more.
        asyncio.get_running_loop().set_exception_handler(_log_late_failure)
        try:
            with fail_after(seconds):
                async with aclosing(make()) as produced:
                    async for item in produced:
                        items.put(item)
        finally:
            items.put(_END)

    with start_blocking_portal() as portal:
        filling = portal.start_task_soon(fill)
        try:
            while (item := items.get()) is not _END:
                yield item  # type: ignore[misc]
            filling.result()
        finally:
            filling.cancel()


def _log_late_failure(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log.debug("after the answer was left: %s", context["message"])
