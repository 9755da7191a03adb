"""Answers for all who ask over HTTP: so many at once, the others in line, each watched."""

import time
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from functools import partial

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
        with self._watch.answering():
            growing = self._grow(question, plan_ids, history)
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
        self,
        question: str,
        *,
        plan_ids: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
    ) -> Answer:
        """Return the complete answer."""
        async with aclosing(self.stream(question, plan_ids=plan_ids, history=history)) as growing:
            async for answer in growing:
                last = answer
        return last

    def _grow(
        self, question: str, plan_ids: Sequence[str] | None, history: Sequence[Answer]
    ) -> Generator[Answer, None, None]:
        yield from respond(question, self._library, plan_ids=plan_ids, history=history)

    async def _step(self, growing: Iterator[Answer]) -> Answer | None:
        if self._limiter is None:
            has_model = bool(self._library.settings.llm_model)
            self._limiter = CapacityLimiter(_AT_ONCE_WITH_MODEL if has_model else _AT_ONCE)
        return await to_thread.run_sync(partial(next, growing, None), limiter=self._limiter)


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
