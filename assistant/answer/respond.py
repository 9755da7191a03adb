"""The one place that chooses who answers: the language model where one is set, else the rules."""

from collections.abc import Iterator, Sequence

from assistant.answer.answerer import answer_question, stream_answer
from assistant.answer.model import Answer
from assistant.library import Library


def respond(
    text: str, library: Library, *, plan_id: str | None = None, history: Sequence[Answer] = ()
) -> Iterator[Answer]:
    """Yield the answer as it grows, every one of them verified; the last one is complete.

    `history` are the answers before it, oldest first.
    """
    if not library.settings.llm_model:
        return stream_answer(text, library, plan_id=plan_id, history=history)
    # LangChain takes seconds to import; an answer without a model need not wait for it.
    from assistant.llm.answer import stream_model_answer

    return stream_model_answer(text, library, plan_id=plan_id, history=history)


def respond_fully(
    text: str, library: Library, *, plan_id: str | None = None, history: Sequence[Answer] = ()
) -> Answer:
    """Return the complete answer."""
    *_, answer = respond(text, library, plan_id=plan_id, history=history)
    return answer


def get_ready(library: Library, question: str) -> None:
    """Load what the first answer would wait for, by a question to the rules; no model is called."""
    answer_question(question, library)
    if library.settings.llm_model:
        # Creates the generator, which asks nothing until it is read.
        respond(question, library)
