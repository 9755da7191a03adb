"""The Gradio page: a chat and, beside it, the words that each answer rests on.

Keeps no state: the conversation lives in the browser and comes back with every question.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from assistant.answer.model import StreamAnswer
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
) -> gr.Blocks:
    """Build the page; `read_text` maps a plan's id to its canonical text."""
    page = gr.Blocks(title=render.TITLE, analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(render.render_masthead(subtitle), js_on_load=None, apply_default_css=False)
        parts = _lay_out(examples)
        _connect(parts, stream_answer, read_text)
    page.queue(api_open=False)
    return page


def _lay_out(examples: Sequence[str]) -> _Parts:
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk", scale=7, min_width=280):
            chat = _lay_out_chat(examples)
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
        with gr.Column(elem_id="sources", scale=5, min_width=280):
            gr.HTML("<h2>来源</h2>", js_on_load=None, apply_default_css=False)
            panel = gr.HTML(
                render.render_no_sources(),
                elem_id="panel",
                js_on_load=None,
                apply_default_css=False,
            )
    return _Parts(chat, note, box, send, clear, panel, gr.State(""))


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
        feedback_options=None,
    )


def _connect(parts: _Parts, stream_answer: StreamAnswer, read_text: render.ReadText) -> None:
    """Three steps a question: take it at once, answer it in the queue, free the box again."""

    def answer(question: str, chat: Messages, panel: str) -> Iterator[tuple[Any, Any]]:
        yield from _answer(question, chat, panel, stream_answer, read_text)

    locked = [parts.box, parts.send, parts.clear]
    taken = (*locked, parts.chat, parts.note, parts.pending)
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
    answers = [
        begun.success(
            answer,
            [parts.pending, parts.chat, parts.panel],
            [parts.chat, parts.panel],
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=_ANSWERS_AT_ONCE,
            concurrency_id="answer",
        )
        for begun in (asked, picked)
    ]
    for answered in answers:
        freed = answered.then(_free, None, locked, **quick)
        freed.then(None, None, None, js=_FOCUS_JS)
    # Locked while an answer is under way: Gradio's cancelling it would race with the next question.
    parts.clear.click(_clear, None, [parts.chat, parts.note, parts.panel], **quick)


def _take(question: str, chat: Messages) -> tuple[Any, ...]:
    """Show the question and lock the box, or say why it cannot be asked."""
    question = question.strip()
    if not question:
        return *[gr.skip()] * 4, "", ""
    if len(question) > QUESTION_LIMIT:
        return *[gr.skip()] * 4, _too_long(len(question)), ""
    shown = [
        *chat,
        gr.ChatMessage(role="user", content=render.render_question(question)),
        gr.ChatMessage(content=render.render_line(render.SEARCHING, kind="waiting")),
    ]
    box = gr.Textbox(value="", interactive=False)
    send = gr.Button("回答中…", interactive=False)
    return box, send, gr.Button(interactive=False), shown, "", question


def _take_example(event: gr.SelectData, chat: Messages) -> tuple[Any, ...]:
    return _take(event.value["text"], chat)


def _too_long(length: int) -> str:
    return f"<p role='alert'>问题有 {length} 字，请缩短到 {QUESTION_LIMIT} 字以内再发送。</p>"


def _answer(
    question: str,
    chat: Messages,
    panel: str,
    stream_answer: StreamAnswer,
    read_text: render.ReadText,
) -> Iterator[tuple[Any, Any]]:
    """Put each growing answer into the chat's last message and its sources into the panel."""
    if not question:
        yield gr.skip(), gr.skip()
        return
    before, turn = chat[:-1], len(chat) // 2
    older = panel if len(panel) < _KEPT_SOURCES else ""
    try:
        for answer in stream_answer(question):
            reply = gr.ChatMessage(content=render.render_reply(answer, turn))
            yield (
                [*before, reply],
                render.render_sources(answer, turn, read_text) + older,
            )
    except Exception:
        # The page's outermost boundary: whatever broke is logged, and the chat stays usable.
        logger.exception("answering failed")
        failed = gr.ChatMessage(content=render.render_line(render.FAILED, kind="failed"))
        yield [*before, failed], gr.skip()


def _free() -> tuple[Any, ...]:
    send = gr.Button("发送", interactive=True)
    return gr.Textbox(interactive=True), send, gr.Button(interactive=True)


def _clear() -> tuple[Any, ...]:
    return [], "", render.render_no_sources()
