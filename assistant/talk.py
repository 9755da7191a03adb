"""What answers a question in a conversation: for the page and the command line alike."""

from collections.abc import Iterator, Sequence

from assistant.answer.answerer import stream_answer
from assistant.answer.model import Answer
from assistant.library import Library


def answer_next(
    question: str, history: Sequence[Answer], *, library: Library, plan_id: str | None = None
) -> Iterator[Answer]:
    """Yield the growing answer to a question that may follow up on `history`, oldest first."""
    return stream_answer(question, library, plan_id=plan_id)
