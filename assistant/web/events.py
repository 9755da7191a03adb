"""What the events of the chat do: what comes from the browser in, the parts' new values out.

Keeps no state: the conversation is read anew for every question.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, TypeAlias

import gradio as gr

from assistant.answer.model import Answer
from assistant.records.conversations import Conversations
from assistant.records.model import Conversation, ConversationError, Rating
from assistant.web import render
from assistant.web.desk import Desk
from assistant.web.scope_picker import Picked, picked_plans, scope_line
from assistant.web.stopping import until_stopped

logger = logging.getLogger(__name__)

QUESTION_LIMIT = 500
# Sources of earlier answers stay in the browser until they weigh this many characters.
_KEPT_SOURCES = 400_000
_WAS_STOPPED = "已按您的要求停止；以上是停止之前已核对的部分。"
BUSY = "请先等这次回答结束，或者按“停止”。"

Messages: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose conversations the browser sees, and whether its user may approve answers."""

    owner: str
    is_editor: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that is being answered, and what stops it."""

    question: str
    picked: Picked
    stopped: Event = field(default_factory=Event)


def take(question: str, chat: Messages, picked: Picked, desk: Desk) -> tuple[Any, ...]:
    """Show the question and lock the box, or say why it cannot be asked."""
    question = question.strip()
    if not question:
        return _not_taken("")
    if len(question) > QUESTION_LIMIT:
        length = len(question)
        return _not_taken(f"问题有 {length} 字，请缩短到 {QUESTION_LIMIT} 字以内再发送。")
    if picked_plans(picked, desk.entries()) == []:
        return _not_taken("没有文件符合所选的查询范围，请放宽之后再发送。")
    shown = [
        *chat,
        gr.ChatMessage(role="user", content=render.render_question(question)),
        gr.ChatMessage(content=render.render_line(render.QUEUED, kind="waiting queued")),
    ]
    return (
        *(gr.Textbox(value="", interactive=False), gr.Button("回答中…", interactive=False)),
        *(gr.Button(visible=True), gr.Button(visible=False)),
        *(shown, "", Pending(question, picked), gr.Row(visible=False), ""),
    )


def take_again(
    chat: Messages,
    conversation_id: str,
    pending: Pending | None,
    picked: Picked,
    desk: Desk,
    visitor: Visitor,
) -> tuple[Any, ...]:
    """Ask the last question once more; its new answer takes the place of the old one."""
    if pending is not None and pending.question:
        return _not_taken(BUSY)
    if len(chat) < 2:
        return _not_taken("")
    turn_id = _turn_id(chat[-1])
    try:
        question = _question_of(chat, conversation_id, desk, visitor)
        if turn_id is not None:
            desk.conversations.drop_turn(conversation_id, turn_id, owner=visitor.owner)
    except ConversationError as error:
        return _not_taken(str(error))
    return take(question, chat[:-2], picked, desk)


def _question_of(chat: Messages, conversation_id: str, desk: Desk, visitor: Visitor) -> str:
    """Return the last question; of one that was never saved, what the page shows of it."""
    turn_id = _turn_id(chat[-1])
    if turn_id is None:
        return render.read_question(_text_of(chat[-2]))
    turns = desk.conversations.load(conversation_id, owner=visitor.owner).turns
    return next((turn.answer.question for turn in turns if turn.id == turn_id), "")


def _text_of(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def _turn_id(message: dict[str, Any]) -> int | None:
    found = (message.get("metadata") or {}).get("id")
    return None if found is None else int(found)


def _not_taken(reason: str) -> tuple[Any, ...]:
    note = alert(reason) if reason else ""
    return *[gr.skip()] * 5, note, None, gr.skip(), gr.skip()


def answer(
    pending: Pending | None,
    chat: Messages,
    panel: str,
    conversation_id: str,
    desk: Desk,
    visitor: Visitor,
) -> Iterator[tuple[Any, ...]]:
    """Put each growing answer into the chat's last message and its sources into the panel."""
    if pending is None:
        yield (gr.skip(),) * 5
        return
    turn = _Turn(pending, chat[:-1], len(chat) // 2, desk, visitor)
    try:
        yield from turn.stream(panel, conversation_id)
    except Exception:
        # The page's outermost boundary: whatever broke is logged, and the chat stays usable.
        logger.exception("answering failed")
        failed = gr.ChatMessage(content=render.render_failure())
        yield [*turn.before, failed], *[gr.skip()] * 4


@dataclass(frozen=True, slots=True)
class _Turn:
    """One question as it is answered: the messages before its answer, and its place among them."""

    pending: Pending
    before: Messages
    number: int
    desk: Desk
    visitor: Visitor

    @property
    def scope(self) -> str:
        """Return what the search was narrowed to, in words."""
        return scope_line(self.pending.picked, self.desk.entries())

    def stream(self, panel: str, conversation_id: str) -> Iterator[tuple[Any, ...]]:
        searching = gr.ChatMessage(content=render.render_line(render.SEARCHING, kind="waiting"))
        yield [*self.before, searching], *[gr.skip()] * 4
        older = panel if len(panel) < _KEPT_SOURCES else ""
        history = self.desk.conversations.history(conversation_id, owner=self.visitor.owner)
        plan_ids = picked_plans(self.pending.picked, self.desk.entries())
        growing = self.desk.stream_answer(self.pending.question, history, plan_ids)
        answer: Answer | None = None
        for answer in until_stopped(growing, self.pending.stopped):
            shown = render.render_sources(answer, self.number, self.desk.read_text) + older
            yield [*self.before, self._reply(answer)], shown, *[gr.skip()] * 3
        if answer is None:
            stopped = gr.ChatMessage(content=render.render_line(render.STOPPED, kind="failed"))
            yield [*self.before, stopped], *[gr.skip()] * 4
            return
        if self.pending.stopped.is_set():
            answer = replace(answer, notes=(*answer.notes, _WAS_STOPPED))
        # One that has been deleted in the meantime has no history, and begins anew.
        yield from self._save(answer, conversation_id if history else None)

    def _save(self, answer: Answer, conversation_id: str | None) -> Iterator[tuple[Any, ...]]:
        """Save the turn; an answer that cannot be saved is shown all the same."""
        owner = self.visitor.owner
        try:
            conversation_id, turn_id = self.desk.conversations.append(
                answer, conversation_id, owner=owner, scope=self.scope
            )
            saved = self.desk.conversations.load(conversation_id, owner=owner)
        except ConversationError as error:
            note = alert(f"这一轮没有保存：{error}")
            yield [*self.before, self._reply(answer)], *[gr.skip()] * 3, note
            return
        messages = [*self.before, self._reply(answer, turn_id)]
        exports = render.render_exports(conversation_id)
        yield _with_thumbs(messages, saved), gr.skip(), conversation_id, exports, ""

    def _reply(self, answer: Answer, turn_id: int | None = None) -> gr.ChatMessage:
        return _reply(answer, self.number, turn_id, scope=self.scope, visitor=self.visitor)


def _reply(
    answer: Answer, number: int, turn_id: int | None, *, scope: str, visitor: Visitor
) -> gr.ChatMessage:
    """Return the answer as a message that knows by which id it is saved."""
    content = render.render_reply(
        answer, number, scope=scope, turn_id=turn_id, can_approve=visitor.is_editor and not scope
    )
    return gr.ChatMessage(
        content=content,
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


def stop(pending: Pending | None) -> gr.Button:
    """End the answer that is under way; what there is of it stays."""
    if pending is not None:
        pending.stopped.set()
    return gr.Button("正在停止…", interactive=False)


def rate(
    event: gr.LikeData,
    chat: Messages,
    conversation_id: str,
    conversations: Conversations,
    visitor: Visitor,
) -> tuple[Any, ...]:
    """Save the thumb, or take it back, and ask why."""
    index = event.index if isinstance(event.index, int) else event.index[0]
    turn_id = _turn_id(chat[index])
    if turn_id is None:
        return gr.Row(visible=False), "", "", alert("这条回答没有保存，不能评价。")
    # Gradio says True, False, or nothing for a thumb taken back.
    ratings: dict[Any, Rating] = {True: "good", False: "bad"}
    rating = ratings.get(event.liked)
    try:
        conversations.rate(conversation_id, turn_id, rating, owner=visitor.owner)
    except ConversationError as error:
        return gr.Row(visible=False), "", "", alert(str(error))
    return gr.Row(visible=rating is not None), "", f"{turn_id} {rating}", ""


def explain(
    rated: str, reason: str, conversation_id: str, conversations: Conversations, visitor: Visitor
) -> tuple[Any, ...]:
    """Add the reason to the thumb."""
    turn_id, _, word = rated.partition(" ")
    rating: Rating = "good" if word == "good" else "bad"
    try:
        conversations.rate(conversation_id, int(turn_id), rating, reason, owner=visitor.owner)
    except ConversationError as error:
        return gr.skip(), alert(str(error))
    return gr.Row(visible=False), status("评价已保存，谢谢。")


def restore(conversation_id: str, desk: Desk, visitor: Visitor) -> tuple[Any, ...]:
    """Bring a conversation back as it was left; one that is gone leaves the page as it is."""
    if not conversation_id:
        return (gr.skip(),) * 4
    try:
        conversation = desk.conversations.load(conversation_id, owner=visitor.owner)
    except ConversationError:
        return gr.skip(), gr.skip(), "", ""
    messages: list[Any] = []
    panel = ""
    for number, turn in enumerate(conversation.turns, start=1):
        asked = gr.ChatMessage(role="user", content=render.render_question(turn.answer.question))
        reply = _reply(turn.answer, number, turn.id, scope=turn.scope, visitor=visitor)
        messages += [asked, reply]
        older = panel if len(panel) < _KEPT_SOURCES else ""
        panel = render.render_sources(turn.answer, number, desk.read_text) + older
    chat = _with_thumbs(messages, conversation)
    return chat, panel, conversation.id, render.render_exports(conversation.id)


def alert(text: str) -> str:
    """Return a line that says what went wrong."""
    return f"<p role='alert'>{render.escape(text)}</p>"


def status(text: str) -> str:
    """Return a line that says what was done."""
    return f"<p role='status'>{render.escape(text)}</p>"


def free() -> tuple[Any, ...]:
    """Let the next question be typed."""
    return (
        *(gr.Textbox(interactive=True), gr.Button("发送", interactive=True)),
        *(gr.Button("停止", visible=False, interactive=True), gr.Button(visible=True), None),
    )


def clear() -> tuple[Any, ...]:
    """Empty the page; what was saved stays saved."""
    return [], "", render.render_no_sources(), "", "", gr.Row(visible=False), ""
