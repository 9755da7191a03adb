"""What the parts of the chat share: HTML of ours, its clicks, and who is at the browser."""

from typing import Any

import gradio as gr

from assistant.web.events import Visitor
from assistant.web.owner import owner_of
from assistant.web.users import user_of

# An event that answers at once, beside the queue.
QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}

# A click on a button of ours comes as an event with the button's data.
CLICKS_JS = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) trigger("select", { ...button.dataset });
});"""
# What is clicked below an answer, where the chat lets no buttons through, is sent on by page.js.
BRIDGE_JS = 'element.addEventListener("command", (event) => trigger("select", event.detail));'
BRIDGE = "<i hidden></i>"


def html(value: str, elem_id: str, *, js_on_load: str | None = None) -> gr.HTML:
    """Return a part that shows HTML of ours."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=js_on_load, apply_default_css=False)


def visitor_of(request: gr.Request) -> Visitor:
    """Return who is at the browser that sent an event."""
    return Visitor(owner_of(request.request), user_of(request).is_editor)
