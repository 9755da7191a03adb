"""The tab 问答: conversations, the chat, and the words that answers rest on; how it is laid out.

Keeps no state: the browser's tab holds the id of its conversation, which is saved turn by turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.records.conversations import REASON_LIMIT
from assistant.web import chat_editor, chat_list, chat_scope, events, render
from assistant.web.conversation_view import render_related
from assistant.web.desk import Desk
from assistant.web.events import Messages, Pending
from assistant.web.owner import owner_of
from assistant.web.parts import BRIDGE, BRIDGE_JS, CLICKS_JS, QUICK, html, visitor_of
from assistant.web.scope_picker import picked_plans

# The answering is bound by the processor; more at once would only slow each other down.
_ANSWERS_AT_ONCE = 2

# A disabled box loses the cursor. On a touch screen, focus would raise the keyboard.
_FOCUS_JS = """() => setTimeout(() => {
  const idle = document.activeElement === document.body && matchMedia("(hover: hover)").matches;
  if (idle) document.querySelector("#question textarea").focus();
}, 100)"""

# A tab's own: a reload brings the conversation back, another tab begins its own.
_KEEP_JS = "(id) => { sessionStorage.setItem('conversation', id) }"
_KEPT_JS = "() => sessionStorage.getItem('conversation') ?? ''"


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that the events move."""

    chat: gr.Chatbot
    note: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    clear: gr.Button
    panel: gr.HTML
    pending: gr.State
    conversation: gr.Textbox
    exports: gr.HTML
    why: gr.Row
    reason: gr.Textbox
    submit: gr.Button
    rated: gr.Textbox
    related: gr.HTML
    again: gr.HTML
    scope: chat_scope.ScopeParts


def lay_out(page: gr.Blocks, desk: Desk, examples: Sequence[str]) -> None:
    """Put the chat into the tab that is open; `page` is the whole it stands in."""
    pending = gr.State(None)
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="list", scale=0, min_width=200):
            listing = chat_list.lay_out(pending)
            approvals = chat_editor.lay_out_list()
        with gr.Column(elem_id="talk", scale=7, min_width=280):
            talk = _lay_out_talk(examples)
        with gr.Column(elem_id="sources", scale=5, min_width=280):
            approving = chat_editor.lay_out(approvals)
            html("<h2>来源</h2>", "sources-head")
            html("", "viewer")
            panel = html(render.render_no_sources(), "panel")
    parts = Parts(**talk, pending=pending, panel=panel)
    for answered in _connect(parts, desk):
        chat_list.refresh_after(answered, listing, parts.conversation, desk)
    _connect_feedback(parts, desk)
    restored = [parts.chat, parts.panel, parts.conversation, parts.exports]
    _connect_restoring(page, parts, desk)
    chat_scope.connect(page, parts.scope, desk)
    emptied = [
        *(parts.chat, parts.note, parts.panel, parts.conversation, parts.exports),
        *(parts.why, parts.related),
    ]
    chat_list.connect(page, listing, parts.conversation, restored, emptied, desk)
    chat_editor.connect(page, approving, parts.conversation, parts.note, desk)


def _lay_out_talk(examples: Sequence[str]) -> dict[str, Any]:
    html(
        "<button type='button' id='drawer' aria-expanded='false'>☰ 对话记录</button>", "drawer-row"
    )
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
    related = html("", "related", js_on_load=CLICKS_JS)
    note = html("", "note")
    scope = chat_scope.lay_out()
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
        stop = gr.Button("停止", elem_id="stop", min_width=80, scale=0, visible=False)
        clear = gr.Button("新对话", elem_id="clear", min_width=80, scale=0)
    exports = html("", "exports")
    again = html(BRIDGE, "again", js_on_load=BRIDGE_JS)
    # Not states: what a state holds stays on the server.
    conversation, rated = gr.Textbox(visible=False), gr.Textbox(visible=False)
    names = (
        *("chat", "why", "reason", "submit", "related", "note", "scope", "box", "send", "stop"),
        *("clear", "exports", "again", "conversation", "rated"),
    )
    made = (
        *(chat, why, reason, submit, related, note, scope, box, send, stop),
        *(clear, exports, again, conversation, rated),
    )
    return dict(zip(names, made, strict=True))


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


def _connect(parts: Parts, desk: Desk) -> list[Any]:
    """Three steps a question: take it at once, answer it in the queue, free the box again."""

    def answer(
        pending: Pending | None,
        chat: Messages,
        panel: str,
        conversation_id: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        visitor = visitor_of(request)
        yield from events.answer(pending, chat, panel, conversation_id, desk, visitor)

    locked = [parts.box, parts.send, parts.stop, parts.clear]
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
        for begun in _connect_taking(parts, desk)
    ]
    for answered in answers:
        freed = answered.then(events.free, None, [*locked, parts.pending], **QUICK)
        freed.then(None, None, None, js=_FOCUS_JS)
        _connect_related(freed, parts, desk)
    # Not Gradio's cancelling, which would race with the next question (see `stopping`).
    parts.stop.click(events.stop, [parts.pending], [parts.stop], **QUICK)
    cleared = [parts.chat, parts.note, parts.panel, parts.conversation, parts.exports, parts.why]
    parts.clear.click(events.clear, None, [*cleared, parts.related], **QUICK)
    return answers


def _connect_taking(parts: Parts, desk: Desk) -> list[Any]:
    """Return the events that begin a question: typed, picked, chosen, led on to, asked again."""
    scope = parts.scope

    def typed(question: str, chat: Messages, *picks: Any) -> tuple[Any, ...]:  # noqa: ANN401
        return events.take(question, chat, scope.picked(*picks), desk)

    def picked(event: gr.SelectData, chat: Messages, *picks: Any) -> tuple[Any, ...]:  # noqa: ANN401
        return events.take(event.value["text"], chat, scope.picked(*picks), desk)

    def chosen(event: gr.SelectData, chat: Messages, *picks: Any) -> tuple[Any, ...]:  # noqa: ANN401
        return events.take(event.value, chat, scope.picked(*picks), desk)

    def led_on(
        event: gr.EventData,
        chat: Messages,
        pending: Pending | None,
        *picks: Any,  # noqa: ANN401
    ) -> tuple[Any, ...]:
        question = "" if pending is not None else str(event._data.get("ask", ""))
        return events.take(question, chat, scope.picked(*picks), desk)

    def again(
        chat: Messages,
        conversation_id: str,
        pending: Pending | None,
        request: gr.Request,
        *picks: Any,  # noqa: ANN401
    ) -> tuple[Any, ...]:
        visitor = visitor_of(request)
        return events.take_again(
            chat, conversation_id, pending, scope.picked(*picks), desk, visitor
        )

    taken = [
        *(parts.box, parts.send, parts.stop, parts.clear, parts.chat, parts.note),
        *(parts.pending, parts.why, parts.related),
    ]
    picks = scope.picks
    asked = [parts.chat, parts.conversation, parts.pending, *picks]
    return [
        gr.on(
            [parts.box.submit, parts.send.click],
            typed,
            [parts.box, parts.chat, *picks],
            taken,
            **QUICK,
        ),
        parts.chat.example_select(picked, [parts.chat, *picks], taken, **QUICK),
        parts.chat.option_select(chosen, [parts.chat, *picks], taken, **QUICK),
        parts.related.select(led_on, [parts.chat, parts.pending, *picks], taken, **QUICK),
        parts.again.select(again, asked, taken, **QUICK),
    ]


def _connect_related(freed: Any, parts: Parts, desk: Desk) -> None:  # noqa: ANN401
    """Offer questions that lead on, once the box is free: trying them out takes a while."""

    def suggest(
        conversation_id: str,
        pending: Pending | None,
        request: gr.Request,
        *picks: Any,  # noqa: ANN401
    ) -> str:
        said = desk.conversations.history(conversation_id, owner=owner_of(request.request))
        if pending is not None or not said:
            return ""
        plan_ids = picked_plans(parts.scope.picked(*picks), desk.entries())
        return render_related(desk.suggest(said[-1], plan_ids))

    freed.then(
        suggest,
        [parts.conversation, parts.pending, *parts.scope.picks],
        [parts.related],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=1,
    )


def _connect_feedback(parts: Parts, desk: Desk) -> None:
    """👍 or 👎 is saved at once; the reason may follow."""

    def rate(
        event: gr.LikeData, chat: Messages, conversation_id: str, request: gr.Request
    ) -> tuple[Any, ...]:
        visitor = visitor_of(request)
        return events.rate(event, chat, conversation_id, desk.conversations, visitor)

    def explain(
        rated: str, reason: str, conversation_id: str, request: gr.Request
    ) -> tuple[Any, ...]:
        visitor = visitor_of(request)
        return events.explain(rated, reason, conversation_id, desk.conversations, visitor)

    shown = [parts.why, parts.reason, parts.rated, parts.note]
    parts.chat.like(rate, [parts.chat, parts.conversation], shown, **QUICK)
    gr.on(
        [parts.reason.submit, parts.submit.click],
        explain,
        [parts.rated, parts.reason, parts.conversation],
        [parts.why, parts.note],
        **QUICK,
    )


def _connect_restoring(page: gr.Blocks, parts: Parts, desk: Desk) -> None:
    """Keep the id in the browser's tab, and bring the conversation back after a reload."""

    def restore(conversation_id: str, request: gr.Request) -> tuple[Any, ...]:
        return events.restore(conversation_id, desk, visitor_of(request))

    parts.conversation.change(None, [parts.conversation], None, js=_KEEP_JS, **QUICK)
    page.load(
        restore,
        [parts.conversation],
        [parts.chat, parts.panel, parts.conversation, parts.exports],
        js=_KEPT_JS,
        **QUICK,
    )
