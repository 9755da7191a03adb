"""What the events of the page do: what comes from the browser in, the parts' new values out.

Keeps no state: the conversation is read anew for every question.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import gradio as gr

from assistant.answer.model import Answer, StreamAnswer
from assistant.records.conversations import Conversations
from assistant.records.model import Conversation, ConversationError, Rating
from assistant.web import render

logger = logging.getLogger(__name__)

QUESTION_LIMIT = 500
# Sources of earlier answers stay in the browser until they weigh this many characters.
_KEPT_SOURCES = 400_000

Messages: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What stands behind the page."""

    stream_answer: StreamAnswer
    read_text: render.ReadText
    conversations: Conversations


def take(question: str, chat: Messages) -> tuple[Any, ...]:
    """Show the question and lock the box, or say why it cannot be asked."""
    question = question.strip()
    if not question:
        return *[gr.skip()] * 4, "", "", gr.skip()
    if len(question) > QUESTION_LIMIT:
        return *[gr.skip()] * 4, _too_long(len(question)), "", gr.skip()
    shown = [
        *chat,
        gr.ChatMessage(role="user", content=render.render_question(question)),
        gr.ChatMessage(content=render.render_line(render.SEARCHING, kind="waiting")),
    ]
    box = gr.Textbox(value="", interactive=False)
    send = gr.Button("回答中…", interactive=False)
    hidden = gr.Row(visible=False)
    return box, send, gr.Button(interactive=False), shown, "", question, hidden


def take_example(event: gr.SelectData, chat: Messages) -> tuple[Any, ...]:
    """Take the example that was clicked."""
    return take(event.value["text"], chat)


def take_choice(event: gr.SelectData, chat: Messages) -> tuple[Any, ...]:
    """Take the question that an answer offered."""
    return take(event.value, chat)


def _too_long(length: int) -> str:
    return _alert(f"问题有 {length} 字，请缩短到 {QUESTION_LIMIT} 字以内再发送。")


def answer(
    question: str, chat: Messages, panel: str, conversation_id: str, desk: Desk
) -> Iterator[tuple[Any, ...]]:
    """Put each growing answer into the chat's last message and its sources into the panel."""
    if not question:
        yield (gr.skip(),) * 5
        return
    before, turn = chat[:-1], len(chat) // 2
    older = panel if len(panel) < _KEPT_SOURCES else ""
    try:
        history = desk.conversations.history(conversation_id)
        for answer in desk.stream_answer(question, history):
            shown = render.render_sources(answer, turn, desk.read_text) + older
            yield [*before, _reply(answer, turn)], shown, *[gr.skip()] * 3
        # One that has been deleted in the meantime has no history, and begins anew.
        kept = conversation_id if history else None
        yield from _save(answer, turn, before, kept, desk.conversations)
    except Exception:
        # The page's outermost boundary: whatever broke is logged, and the chat stays usable.
        logger.exception("answering failed")
        failed = gr.ChatMessage(content=render.render_line(render.FAILED, kind="failed"))
        yield [*before, failed], *[gr.skip()] * 4


def _save(
    answer: Answer,
    turn: int,
    before: Messages,
    conversation_id: str | None,
    conversations: Conversations,
) -> Iterator[tuple[Any, ...]]:
    """Save the turn; an answer that cannot be saved is shown all the same."""
    try:
        conversation_id, turn_id = conversations.append(answer, conversation_id)
    except ConversationError as error:
        yield *[gr.skip()] * 4, _alert(f"这一轮没有保存：{error}")
        return
    messages = [*before, _reply(answer, turn, turn_id)]
    exports = render.render_exports(conversation_id)
    shown = _with_thumbs(messages, conversations.load(conversation_id))
    yield shown, gr.skip(), conversation_id, exports, ""


def _reply(answer: Answer, turn: int, turn_id: int | None = None) -> gr.ChatMessage:
    """Return the answer as a message that knows by which id it is saved."""
    return gr.ChatMessage(
        content=render.render_reply(answer, turn),
        metadata={} if turn_id is None else {"id": turn_id},
        options=[{"value": choice} for choice in answer.choices],
    )


def _with_thumbs(messages: Sequence[Any], conversation: Conversation) -> gr.Chatbot:
    """Return the chat with the thumbs as they were saved: Gradio forgets them with every change."""
    names = {"good": "Like", "bad": "Dislike"}
    thumbs: dict[Any, str] = {
        turn.id: names[turn.feedback.rating] for turn in conversation.turns if turn.feedback
    }
    replies = [one for one in messages if _field(one, "role") == "assistant"]
    rated = [thumbs.get((_field(reply, "metadata") or {}).get("id")) for reply in replies]
    return gr.Chatbot(list(messages), feedback_value=rated)


def _field(message: Any, name: str) -> Any:  # noqa: ANN401
    """Return a field of a message, which the browser sends back as a plain dict."""
    return message.get(name) if isinstance(message, dict) else getattr(message, name)


def rate(
    event: gr.LikeData, chat: Messages, conversation_id: str, conversations: Conversations
) -> tuple[Any, ...]:
    """Save the thumb, or take it back, and ask why."""
    index = event.index if isinstance(event.index, int) else event.index[0]
    turn_id = (chat[index].get("metadata") or {}).get("id")
    if turn_id is None:
        return gr.Row(visible=False), "", "", _alert("这条回答没有保存，不能评价。")
    # Gradio says True, False, or nothing for a thumb taken back.
    ratings: dict[Any, Rating] = {True: "good", False: "bad"}
    rating = ratings.get(event.liked)
    try:
        conversations.rate(conversation_id, int(turn_id), rating)
    except ConversationError as error:
        return gr.Row(visible=False), "", "", _alert(str(error))
    return gr.Row(visible=rating is not None), "", f"{turn_id} {rating}", ""


def explain(
    rated: str, reason: str, conversation_id: str, conversations: Conversations
) -> tuple[Any, ...]:
    """Add the reason to the thumb."""
    turn_id, rating = rated.split()
    try:
        conversations.rate(
            conversation_id, int(turn_id), "good" if rating == "good" else "bad", reason
        )
    except ConversationError as error:
        return gr.skip(), _alert(str(error))
    return gr.Row(visible=False), "<p role='status'>评价已保存，谢谢。</p>"


def restore(conversation_id: str, desk: Desk) -> tuple[Any, ...]:
    """Bring a conversation back as it was left; one that is gone leaves the empty page."""
    if not conversation_id:
        return (gr.skip(),) * 4
    try:
        conversation = desk.conversations.load(conversation_id)
    except ConversationError:
        return gr.skip(), gr.skip(), "", ""
    messages: list[Any] = []
    panel = ""
    for number, turn in enumerate(conversation.turns, start=1):
        asked = gr.ChatMessage(role="user", content=render.render_question(turn.answer.question))
        messages += [asked, _reply(turn.answer, number, turn.id)]
        older = panel if len(panel) < _KEPT_SOURCES else ""
        panel = render.render_sources(turn.answer, number, desk.read_text) + older
    chat = _with_thumbs(messages, conversation)
    return chat, panel, conversation.id, render.render_exports(conversation.id)


def _alert(text: str) -> str:
    return f"<p role='alert'>{render.escape(text)}</p>"


def free() -> tuple[Any, ...]:
    """Let the next question be typed."""
    send = gr.Button("发送", interactive=True)
    return gr.Textbox(interactive=True), send, gr.Button(interactive=True)


def clear() -> tuple[Any, ...]:
    """Empty the page; what was saved stays saved."""
    return [], "", render.render_no_sources(), "", "", gr.Row(visible=False)
