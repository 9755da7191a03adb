"""Answers for all who ask over HTTP: so many at once, the others in line, each watched."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Sequence
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread

from assistant.answer.model import Answer, StreamAnswer
from assistant.answer.respond import respond
from assistant.library import Library
from assistant.web.observe import Watch

# Without a model the processor is what answers wait for: more at once would slow each other down.
_AT_ONCE = 2
_AT_ONCE_WITH_MODEL = 8


class Answerer:
    """Answers questions in the order in which they came; waiting takes no thread."""

    def __init__(self, library: Library, watch: Watch) -> None:
        self._library = library
        self._watch = watch
        self._limiter: CapacityLimiter | None = None

    async def stream(
        self,
        question: str,
        *,
        plan_ids: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
    ) -> AsyncGenerator[Answer, None]:
        """Yield the answer as it grows; the last one is complete."""
        started = time.perf_counter()
        growing = self._grow(question, plan_ids, history)
        answer: Answer | None = None
        async with self._turn():
            try:
                while (following := await to_thread.run_sync(next, growing, None)) is not None:
                    answer = following
                    yield answer
            finally:
                # Whoever asked may have gone: the model need not go on.
                growing.close()
        if answer is not None:
            self._watch.note(answer, started)

    async def answer(
        self,
        question: str,
        *,
        plan_ids: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
    ) -> Answer:
        """Return the complete answer."""
        started = time.perf_counter()
        async with self._turn():
            *_, answer = await to_thread.run_sync(list, self._grow(question, plan_ids, history))
        self._watch.note(answer, started)
        return answer

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for a turn, which lasts for the whole answer."""
        if self._limiter is None:
            has_model = bool(self._library.settings.llm_model)
            self._limiter = CapacityLimiter(_AT_ONCE_WITH_MODEL if has_model else _AT_ONCE)
        # A stream may be given up by another task than the one that began it.
        turn = object()
        with self._watch.answering():
            await self._limiter.acquire_on_behalf_of(turn)
            try:
                yield
            finally:
                self._limiter.release_on_behalf_of(turn)

    def _grow(
        self, question: str, plan_ids: Sequence[str] | None, history: Sequence[Answer]
    ) -> Generator[Answer, None, None]:
        yield from respond(question, self._library, plan_ids=plan_ids, history=history)


def watched(library: Library, watch: Watch) -> StreamAnswer:
    """Return the page's way to answer, watched like the others; Gradio has its own queue."""

    def stream_answer(
        question: str, history: Sequence[Answer], plan_ids: Sequence[str] | None
    ) -> Iterator[Answer]:
        started = time.perf_counter()
        with watch.answering():
            for answer in respond(question, library, plan_ids=plan_ids, history=history):
                yield answer
            watch.note(answer, started)

    return stream_answer
