"""The Gradio page: the tabs and what surrounds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from assistant.web import chat, render
from assistant.web.events import Desk

CSS_PATH = Path(__file__).with_name("page.css")
JS_PATH = Path(__file__).with_name("page.js")
ICON_PATH = Path(__file__).with_name("icon.svg")

_FONTS = (
    "Segoe UI",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "system-ui",
    "sans-serif",
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab beside the chat; `lay_out` puts its components into the tab that is open."""

    id: str
    title: str
    lay_out: Callable[[], None]


def build_theme() -> gr.themes.Base:
    """Return the colours and fonts; plain font names, as Gradio's own come from the network."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        font=list(_FONTS),
        font_mono=["ui-monospace", "monospace"],
    )


def build_page(
    desk: Desk, *, examples: Sequence[str], subtitle: str, tabs: Sequence[Tab] = ()
) -> gr.Blocks:
    """Build the page: the chat over `desk`, then the other tabs."""
    page = gr.Blocks(title=render.TITLE, analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(render.render_masthead(subtitle), js_on_load=None, apply_default_css=False)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("问答", id="chat", elem_id="tab-chat"):
                chat.lay_out(page, desk, examples)
            for tab in tabs:
                with gr.Tab(tab.title, id=tab.id, elem_id=f"tab-{tab.id}"):
                    tab.lay_out()
    page.queue(api_open=False)
    return page
