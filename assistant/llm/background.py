"""An async iterator read from ordinary code, which can leave it at any moment."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from queue import SimpleQueue
from typing import TypeVar

from anyio import fail_after
from anyio.from_thread import start_blocking_portal

Item = TypeVar("Item")
_END = object()


def iterate(make: Callable[[], AsyncGenerator[Item, None]], *, seconds: float) -> Iterator[Item]:
    """Yield what the async generator yields; closing this iterator cancels that one at once.

    Raises:
        TimeoutError: if it takes longer than that, however it spends the time.
    """
    # One thread, one event loop and one task from beginning to end: network streams and time
    # limits must not change hands between steps, and the caller's own thread may have a loop.
    items: SimpleQueue[Item | object] = SimpleQueue()

    async def fill() -> None:
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
