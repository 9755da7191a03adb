"""The Gradio page: the tabs and what surrounds them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from assistant.web import chat, render
from assistant.web.desk import Desk
from assistant.web.parts import QUICK
from assistant.web.users import LOCAL_USER, user_of

CSS_PATHS = tuple(Path(__file__).with_name(name) for name in ("page.css", "chat.css"))
JS_PATHS = tuple(Path(__file__).with_name(name) for name in ("viewer.js", "page.js"))
SHELL_JS_PATH = Path(__file__).with_name("shell.js")
ENGLISH_PATH = Path(__file__).with_name("english.json")
ICON_PATH = Path(__file__).with_name("icon.svg")

_FONTS = (
    "Segoe UI",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "system-ui",
    "sans-serif",
)


_THEME_BUTTON = (
    "<button type='button' id='theme' aria-label='切换浅色和深色' title='切换浅色和深色'>◐</button>"
)
# What was uploaded but never taken in is deleted after so many seconds.
_UPLOADS_KEPT = (600, 3600)


class Event(Protocol):
    """An event of Gradio's that another may follow."""

    def then(self, fn: Callable[..., Any], inputs: Any, outputs: Any, **more: Any) -> Any:  # noqa: ANN401
        """Run `fn` after it."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What the page must know of a tab.

    `refresh` gives `outputs` their values whenever the tab is opened; after `changes` the library
    holds something else.
    """

    refresh: Callable[..., Any] | None = None
    inputs: Sequence[Any] = ()
    outputs: Sequence[Any] = ()
    changes: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab beside the chat; `lay_out` puts its components into the tab that is open."""

    id: str
    title: str
    lay_out: Callable[[], LaidOut | None]


def build_theme() -> gr.themes.Base:
    """Return the colours and fonts; plain font names, as Gradio's own come from the network."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        font=list(_FONTS),
        font_mono=["ui-monospace", "monospace"],
    )


def build_page(
    desk: Desk,
    *,
    examples: Sequence[str],
    subtitle: str | Callable[[], str],
    tabs: Sequence[Tab] = (),
) -> gr.Blocks:
    """Build the page: the chat over `desk`, then the other tabs.

    A `subtitle` that can be called is called for every visit and after every change.
    """

    # Gradio calls it once without a request, for what is there before anybody comes.
    def masthead(request: gr.Request | None = None) -> str:
        line = subtitle if isinstance(subtitle, str) else subtitle()
        user = LOCAL_USER if request is None else user_of(request)
        account = "" if user == LOCAL_USER else render.render_account(user)
        return f"<div class='top'>{render.render_masthead(line)}{account}{_THEME_BUTTON}</div>"

    page = gr.Blocks(
        title=render.TITLE, analytics_enabled=False, fill_width=True, delete_cache=_UPLOADS_KEPT
    )
    with page:
        head = gr.HTML(masthead, elem_id="head", js_on_load=None, apply_default_css=False)
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            with gr.Tab("问答", id="chat", elem_id="tab-chat"):
                chat.lay_out(page, desk, examples)
            for tab in tabs:
                for change in add_tab(tab).changes:
                    change.then(masthead, None, head, **QUICK)
    page.queue(api_open=False)
    return page


def add_tab(tab: Tab) -> LaidOut:
    """Put a tab into the row of tabs that is open; what it shows is read when it is opened."""
    with gr.Tab(tab.title, id=tab.id, elem_id=f"tab-{tab.id}") as opened:
        laid_out = tab.lay_out() or LaidOut()
    if laid_out.refresh:
        inputs, outputs = list(laid_out.inputs), list(laid_out.outputs)
        opened.select(laid_out.refresh, inputs, outputs, **QUICK)
    return laid_out


def page_scripts() -> str:
    """Return the page's own scripts, with the English wording that they put in its place."""
    english = json.dumps(json.loads(ENGLISH_PATH.read_text(encoding="utf-8")), ensure_ascii=False)
    shell = SHELL_JS_PATH.read_text(encoding="utf-8").replace("__ENGLISH__", english)
    return "\n".join((*(path.read_text(encoding="utf-8") for path in JS_PATHS), shell))
