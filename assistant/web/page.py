"""The Gradio page: a chat and, beside it, the words that each answer rests on.

Keeps no state: the browser's tab holds the id of its conversation, which is saved turn by turn.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from assistant.answer.model import Answer, StreamAnswer
from assistant.records.conversations import REASON_LIMIT, Conversations
from assistant.records.model import Conversation, ConversationError, Rating
from assistant.web import render

logger = logging.getLogger(__name__)

QUESTION_LIMIT = 500
CSS_PATH = Path(__file__).with_name("page.css")
JS_PATH = Path(__file__).with_name("page.js")
ICON_PATH = Path(__file__).with_name("icon.svg")

# The answering is bound by the processor; more at once would only slow each other down.
_ANSWERS_AT_ONCE = 2
# Sources of earlier answers stay in the browser until they weigh this many characters.
_KEPT_SOURCES = 400_000
_FONTS = (
    "Segoe UI",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "system-ui",
    "sans-serif",
)

# A disabled box loses the cursor. On a touch screen, focus would raise the keyboard.
_FOCUS_JS = """() => setTimeout(() => {
  const idle = document.activeElement === document.body && matchMedia("(hover: hover)").matches;
  if (idle) document.querySelector("#question textarea").focus();
}, 100)"""

# A tab's own: a reload brings the conversation back, another tab begins its own.
_KEEP_JS = "(id) => { sessionStorage.setItem('conversation', id) }"
_KEPT_JS = "() => sessionStorage.getItem('conversation') ?? ''"

Messages: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that the events move."""

    chat: gr.Chatbot
    note: gr.HTML
    box: gr.Textbox
    send: gr.Button
    clear: gr.Button
    panel: gr.HTML
    pending: gr.State
    conversation: gr.Textbox
    exports: gr.HTML
    why: gr.Row
    reason: gr.Textbox
    submit: gr.Button
    rated: gr.Textbox


@dataclass(frozen=True, slots=True)
class _Desk:
    """What stands behind the page."""

    stream_answer: StreamAnswer
    read_text: render.ReadText
    conversations: Conversations


def build_theme() -> gr.themes.Base:
    """Return the colours and fonts; plain font names, as Gradio's own come from the network."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        font=list(_FONTS),
        font_mono=["ui-monospace", "monospace"],
    )


def build_page(
    stream_answer: StreamAnswer,
    read_text: Callable[[str], str],
    examples: Sequence[str],
    subtitle: str,
    conversations: Conversations,
) -> gr.Blocks:
    """Build the page; `read_text` maps a plan's id to its canonical text."""
    page = gr.Blocks(title=render.TITLE, analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(render.render_masthead(subtitle), js_on_load=None, apply_default_css=False)
        parts = _lay_out(examples)
        desk = _Desk(stream_answer, read_text, conversations)
        _connect(parts, desk)
        _connect_feedback(parts, desk)
        _connect_restoring(page, parts, desk)
    page.queue(api_open=False)
    return page


def _lay_out(examples: Sequence[str]) -> _Parts:
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk", scale=7, min_width=280):
            chat = _lay_out_chat(examples)
            with gr.Row(elem_id="why", visible=False) as why:
                reason = gr.Textbox(
                    label="评价理由",
                    show_label=False,
                    container=False,
                    placeholder="已记下，可以补充理由",
                    max_length=REASON_LIMIT,
                    elem_id="reason",
                )
                submit = gr.Button("提交", elem_id="submit", min_width=72, scale=0)
            note = gr.HTML("", elem_id="note", js_on_load=None, apply_default_css=False)
            with gr.Row(elem_id="ask"):
                box = gr.Textbox(
                    label="问题",
                    show_label=False,
                    container=False,
                    placeholder="输入问题，按回车发送",
                    lines=1,
                    max_lines=4,
                    autofocus=True,
                    elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(autocorrect="off", spellcheck=False),
                )
                send = gr.Button("发送", variant="primary", elem_id="send", min_width=80, scale=0)
                clear = gr.Button("清空对话", elem_id="clear", min_width=80, scale=0)
            exports = gr.HTML("", elem_id="exports", js_on_load=None, apply_default_css=False)
        with gr.Column(elem_id="sources", scale=5, min_width=280):
            gr.HTML("<h2>来源</h2>", js_on_load=None, apply_default_css=False)
            panel = gr.HTML(
                render.render_no_sources(),
                elem_id="panel",
                js_on_load=None,
                apply_default_css=False,
            )
    # Not states: what a state holds stays on the server.
    conversation, rated = gr.Textbox(visible=False), gr.Textbox(visible=False)
    pending = gr.State("")
    return _Parts(
        *(chat, note, box, send, clear, panel, pending),
        *(conversation, exports, why, reason, submit, rated),
    )


def _lay_out_chat(examples: Sequence[str]) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="chat",
        label="对话",
        show_label=False,
        container=False,
        height=None,
        layout="bubble",
        placeholder="<p class='welcome'>想了解什么？直接提问，或从下面选一个。</p>",
        examples=[{"text": text, "display_text": text} for text in examples],
        buttons=[],
        latex_delimiters=[],
        allow_tags=False,
        sanitize_html=True,
        feedback_options=("Like", "Dislike"),
    )


def _connect(parts: _Parts, desk: _Desk) -> None:
    """Three steps a question: take it at once, answer it in the queue, free the box again."""

    def answer(
        question: str, chat: Messages, panel: str, conversation_id: str
    ) -> Iterator[tuple[Any, ...]]:
        yield from _answer(question, chat, panel, conversation_id, desk)

    locked = [parts.box, parts.send, parts.clear]
    taken = (*locked, parts.chat, parts.note, parts.pending, parts.why)
    quick: dict[str, Any] = {
        "queue": False,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    asked = gr.on(
        [parts.box.submit, parts.send.click],
        _take,
        [parts.box, parts.chat],
        taken,
        **quick,
    )
    picked = parts.chat.example_select(_take_example, [parts.chat], taken, **quick)
    chosen = parts.chat.option_select(_take_choice, [parts.chat], taken, **quick)
    answers = [
        begun.success(
            answer,
            [parts.pending, parts.chat, parts.panel, parts.conversation],
            [parts.chat, parts.panel, parts.conversation, parts.exports, parts.note],
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=_ANSWERS_AT_ONCE,
            concurrency_id="answer",
        )
        for begun in (asked, picked, chosen)
    ]
    for answered in answers:
        freed = answered.then(_free, None, locked, **quick)
        freed.then(None, None, None, js=_FOCUS_JS)
    # Locked while an answer is under way: Gradio's cancelling it would race with the next question.
    cleared = [parts.chat, parts.note, parts.panel, parts.conversation, parts.exports, parts.why]
    parts.clear.click(_clear, None, cleared, **quick)


def _connect_feedback(parts: _Parts, desk: _Desk) -> None:
    """👍 or 👎 is saved at once; the reason may follow."""

    def rate(event: gr.LikeData, chat: Messages, conversation_id: str) -> tuple[Any, ...]:
        return _rate(event, chat, conversation_id, desk.conversations)

    def explain(rated: str, reason: str, conversation_id: str) -> tuple[Any, ...]:
        return _explain(rated, reason, conversation_id, desk.conversations)

    quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    shown = [parts.why, parts.reason, parts.rated, parts.note]
    parts.chat.like(rate, [parts.chat, parts.conversation], shown, **quick)
    gr.on(
        [parts.reason.submit, parts.submit.click],
        explain,
        [parts.rated, parts.reason, parts.conversation],
        [parts.why, parts.note],
        **quick,
    )


def _connect_restoring(page: gr.Blocks, parts: _Parts, desk: _Desk) -> None:
    """Keep the id in the browser's tab, and bring the conversation back after a reload."""

    def restore(conversation_id: str) -> tuple[Any, ...]:
        return _restore(conversation_id, desk)

    quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    parts.conversation.change(None, [parts.conversation], None, js=_KEEP_JS, **quick)
    page.load(
        restore,
        [parts.conversation],
        [parts.chat, parts.panel, parts.conversation, parts.exports],
        js=_KEPT_JS,
        **quick,
    )


def _take(question: str, chat: Messages) -> tuple[Any, ...]:
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


def _take_example(event: gr.SelectData, chat: Messages) -> tuple[Any, ...]:
    return _take(event.value["text"], chat)


def _take_choice(event: gr.SelectData, chat: Messages) -> tuple[Any, ...]:
    return _take(event.value, chat)


def _too_long(length: int) -> str:
    return _alert(f"问题有 {length} 字，请缩短到 {QUESTION_LIMIT} 字以内再发送。")


def _answer(
    question: str, chat: Messages, panel: str, conversation_id: str, desk: _Desk
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


def _rate(
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


def _explain(
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


def _restore(conversation_id: str, desk: _Desk) -> tuple[Any, ...]:
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


def _free() -> tuple[Any, ...]:
    send = gr.Button("发送", interactive=True)
    return gr.Textbox(interactive=True), send, gr.Button(interactive=True)


def _clear() -> tuple[Any, ...]:
    return [], "", render.render_no_sources(), "", "", gr.Row(visible=False)
