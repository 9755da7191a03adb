"""A saved conversation, or one of its turns, as a file; feedback as lines for evaluation."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from assistant.documents import answer_document
from assistant.records.markdown import write_markdown
from assistant.records.model import Conversation, ConversationError, Turn
from assistant.records.receipt import conversation_blocks, turn_blocks
from assistant.records.word import write_word

Format: TypeAlias = Literal["md", "docx"]


def export_conversation(
    conversation: Conversation, form: Format, *, turn: int | None = None
) -> bytes:
    """Return the whole conversation, or only the receipt of its n-th answer, counted from 1.

    Raises:
        ConversationError: if there is no such turn.
    """
    if turn is None:
        blocks = conversation_blocks(conversation)
    elif 1 <= turn <= len(conversation.turns):
        blocks = turn_blocks(conversation.turns[turn - 1], turn)
    else:
        raise ConversationError(f"这个对话只有 {len(conversation.turns)} 轮，没有第 {turn} 轮")
    return write_markdown(blocks).encode() if form == "md" else write_word(blocks)


def conversation_document(conversation: Conversation) -> dict[str, Any]:
    """Return a conversation as the plain dict that `--json` prints."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "turns": [_turn_document(turn) for turn in conversation.turns],
    }


def feedback_documents(rated: Iterable[tuple[str, Turn]]) -> Iterator[dict[str, Any]]:
    """Yield each answer that a user has rated, as evaluation reads it."""
    for conversation_id, turn in rated:
        yield {"conversation": conversation_id, **_turn_document(turn)}


def _turn_document(turn: Turn) -> dict[str, Any]:
    feedback = turn.feedback
    return {
        "turn": turn.id,
        "time": turn.time,
        **answer_document(turn.answer),
        "rewritten": turn.answer.rewritten,
        "scope": turn.scope,
        "versions": {
            plan_id: {"digest": version.digest, "date": version.date}
            for plan_id, version in turn.versions.items()
        },
        "rating": feedback and feedback.rating,
        "reason": feedback and feedback.reason,
        "rated_at": feedback and feedback.time,
    }
