"""The tab 问答: a chat and, beside it, the words that each answer rests on; how it is laid out.

Keeps no state: the browser's tab holds the id of its conversation, which is saved turn by turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.records.conversations import REASON_LIMIT
from assistant.web import events, render
from assistant.web.events import Desk, Messages

# The answering is bound by the processor; more at once would only slow each other down.
_ANSWERS_AT_ONCE = 2
# An event that answers at once, beside the queue.
_QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}

# A disabled box loses the cursor. On a touch screen, focus would raise the keyboard.
_FOCUS_JS = """() => setTimeout(() => {
  const idle = document.activeElement === document.body && matchMedia("(hover: hover)").matches;
  if (idle) document.querySelector("#question textarea").focus();
}, 100)"""

# A tab's own: a reload brings the conversation back, another tab begins its own.
_KEEP_JS = "(id) => { sessionStorage.setItem('conversation', id) }"
_KEPT_JS = "() => sessionStorage.getItem('conversation') ?? ''"


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


def lay_out(page: gr.Blocks, desk: Desk, examples: Sequence[str]) -> None:
    """Put the chat into the tab that is open; `page` is the whole it stands in."""
    parts = _lay_out(examples)
    _connect(parts, desk)
    _connect_feedback(parts, desk)
    _connect_restoring(page, parts, desk)


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


def _connect(parts: _Parts, desk: Desk) -> None:
    """Three steps a question: take it at once, answer it in the queue, free the box again."""

    def answer(
        question: str, chat: Messages, panel: str, conversation_id: str
    ) -> Iterator[tuple[Any, ...]]:
        yield from events.answer(question, chat, panel, conversation_id, desk)

    locked = [parts.box, parts.send, parts.clear]
    taken = (*locked, parts.chat, parts.note, parts.pending, parts.why)
    asked = gr.on(
        [parts.box.submit, parts.send.click],
        events.take,
        [parts.box, parts.chat],
        taken,
        **_QUICK,
    )
    picked = parts.chat.example_select(events.take_example, [parts.chat], taken, **_QUICK)
    chosen = parts.chat.option_select(events.take_choice, [parts.chat], taken, **_QUICK)
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
        freed = answered.then(events.free, None, locked, **_QUICK)
        freed.then(None, None, None, js=_FOCUS_JS)
    # Locked while an answer is under way: Gradio's cancelling it would race with the next question.
    cleared = [parts.chat, parts.note, parts.panel, parts.conversation, parts.exports, parts.why]
    parts.clear.click(events.clear, None, cleared, **_QUICK)


def _connect_feedback(parts: _Parts, desk: Desk) -> None:
    """👍 or 👎 is saved at once; the reason may follow."""

    def rate(event: gr.LikeData, chat: Messages, conversation_id: str) -> tuple[Any, ...]:
        return events.rate(event, chat, conversation_id, desk.conversations)

    def explain(rated: str, reason: str, conversation_id: str) -> tuple[Any, ...]:
        return events.explain(rated, reason, conversation_id, desk.conversations)

    shown = [parts.why, parts.reason, parts.rated, parts.note]
    parts.chat.like(rate, [parts.chat, parts.conversation], shown, **_QUICK)
    gr.on(
        [parts.reason.submit, parts.submit.click],
        explain,
        [parts.rated, parts.reason, parts.conversation],
        [parts.why, parts.note],
        **_QUICK,
    )


def _connect_restoring(page: gr.Blocks, parts: _Parts, desk: Desk) -> None:
    """Keep the id in the browser's tab, and bring the conversation back after a reload."""

    def restore(conversation_id: str) -> tuple[Any, ...]:
        return events.restore(conversation_id, desk)

    parts.conversation.change(None, [parts.conversation], None, js=_KEEP_JS, **_QUICK)
    page.load(
        restore,
        [parts.conversation],
        [parts.chat, parts.panel, parts.conversation, parts.exports],
        js=_KEPT_JS,
        **_QUICK,
    )
