"""An answer that its user may stop: what has come stays, what is still to come is left behind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

from assistant.answer.model import Answer

# So soon is a stop noticed, however long the next piece of the answer takes.
_SECONDS = 0.1


def until_stopped(growing: Iterator[Answer], stopped: Event) -> Iterator[Answer]:
    """Yield the growing answer until its end, or until `stopped` is set.

    Gradio's own cancelling kills the event at any step, and races with the next question; this
    ends it in order, so that what there is can be saved.
    """
    worker = ThreadPoolExecutor(1, thread_name_prefix="answer")
    try:
        while not stopped.is_set():
            step = worker.submit(next, growing, None)
            while not wait([step], _SECONDS).done:
                if stopped.is_set():
                    return
            answer = step.result()
            if answer is None:
                return
            yield answer
    finally:
        # Behind the step that may still be under way: a generator cannot be closed while it runs.
        worker.submit(getattr(growing, "close", bool))
        worker.shutdown(wait=False)
