"""Answers for all who ask over HTTP: so many at once, the others in line, each watched."""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import TypeAlias

from anyio import CapacityLimiter, to_thread

from assistant.answer.model import Answer
from assistant.answer.respond import respond
from assistant.library import Library
from assistant.web.observe import Watch

Answering: TypeAlias = Callable[..., AsyncIterator[Answer]]

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
        self, question: str, *, plan_id: str | None = None, history: Sequence[Answer] = ()
    ) -> AsyncIterator[Answer]:
        """Yield the answer as it grows; the last one is complete."""
        started = time.perf_counter()
        with self._watch.answering():
            growing = respond(question, self._library, plan_id=plan_id, history=history)
            answer: Answer | None = None
            try:
                while (following := await self._step(growing)) is not None:
                    answer = following
                    yield answer
            finally:
                # Whoever asked may have gone: the model need not go on.
                growing.close()
            if answer is not None:
                self._watch.note(answer, started)

    async def answer(
        self, question: str, *, plan_id: str | None = None, history: Sequence[Answer] = ()
    ) -> Answer:
        """Return the complete answer."""
        async with aclosing(self.stream(question, plan_id=plan_id, history=history)) as growing:
            async for answer in growing:
                last = answer
        return last

    async def _step(self, growing: Iterator[Answer]) -> Answer | None:
        if self._limiter is None:
            has_model = bool(self._library.settings.llm_model)
            self._limiter = CapacityLimiter(_AT_ONCE_WITH_MODEL if has_model else _AT_ONCE)
        return await to_thread.run_sync(partial(next, growing, None), limiter=self._limiter)


def watched(library: Library, watch: Watch) -> Callable[[str, Sequence[Answer]], Iterator[Answer]]:
    """Return the page's way to answer, watched like the others; Gradio has its own queue."""

    def stream_answer(question: str, history: Sequence[Answer]) -> Iterator[Answer]:
        started = time.perf_counter()
        with watch.answering():
            for answer in respond(question, library, history=history):
                yield answer
            watch.note(answer, started)

    return stream_answer
