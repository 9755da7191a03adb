"""The list of conversations beside the chat: search, open, rename, delete."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.records.conversations import TITLE_LIMIT
from assistant.records.model import ConversationError
from assistant.web import events
from assistant.web.conversation_view import render_conversations
from assistant.web.desk import Desk
from assistant.web.events import Pending
from assistant.web.owner import owner_of
from assistant.web.parts import CLICKS_JS, QUICK, html, visitor_of

_LONGEST_SEARCH = 60


@dataclass(frozen=True, slots=True)
class ListParts:
    """The components of the list; `chosen` is the id of what is being renamed or deleted."""

    words: gr.Textbox
    listed: gr.HTML
    chosen: gr.State
    renaming: gr.Row
    title: gr.Textbox
    rename: gr.Button
    keep_title: gr.Button
    deleting: gr.Row
    question: gr.HTML
    delete: gr.Button
    keep: gr.Button
    note: gr.HTML
    pending: gr.State

    @property
    def asked(self) -> list[Any]:
        """Return what asks before something is changed."""
        return [self.chosen, self.renaming, self.title, self.deleting, self.question, self.note]


def lay_out(pending: gr.State) -> ListParts:
    """Put the list into the column that is open; `pending` tells whether an answer is under way."""
    html(
        "<h2>对话记录</h2>"
        "<button type='button' id='drawer-close' aria-label='关闭对话记录'>✕</button>",
        "list-head",
    )
    words = gr.Textbox(
        label="搜索对话",
        show_label=False,
        container=False,
        placeholder="搜索对话",
        max_length=_LONGEST_SEARCH,
        elem_id="list-words",
    )
    with gr.Row(visible=False, elem_id="renaming") as renaming:
        title = gr.Textbox(label="新标题", max_length=TITLE_LIMIT, elem_id="new-title")
        rename = gr.Button("保存", elem_id="rename-yes", elem_classes="plain", min_width=60)
        keep_title = gr.Button("取消", elem_id="rename-no", elem_classes="plain", min_width=60)
    with gr.Row(visible=False, elem_id="deleting") as deleting:
        question = html("", "delete-question")
        delete = gr.Button("确认删除", elem_id="delete-yes", variant="stop", min_width=80)
        keep = gr.Button("取消", elem_id="delete-no", elem_classes="plain", min_width=60)
    note = html("", "list-note")
    listed = html("", "conversations", js_on_load=CLICKS_JS)
    return ListParts(
        *(words, listed, gr.State(""), renaming, title, rename, keep_title),
        *(deleting, question, delete, keep, note, pending),
    )


def connect(
    page: gr.Blocks,
    parts: ListParts,
    conversation: gr.Textbox,
    restored: Sequence[Any],
    emptied: Sequence[Any],
    desk: Desk,
) -> None:
    """Fill the list, and do what is clicked; `restored` shows a conversation, `emptied` none."""

    def fill(words: str, conversation_id: str, request: gr.Request) -> str:
        return _list(words, conversation_id, request, desk)

    def choose(
        event: gr.EventData, under_way: Pending | None, request: gr.Request
    ) -> tuple[Any, ...]:
        unchanged = (gr.skip(),) * len(restored)
        if "open" not in event._data:
            return *_ask(event._data, request, desk), *unchanged
        if under_way is not None:
            # Its answer would come into the conversation that was opened.
            return *_asked_nothing(events.alert(events.BUSY)), *unchanged
        opened = events.restore(event._data["open"], desk, visitor_of(request))
        return *_asked_nothing(), *opened

    page.load(fill, [parts.words, conversation], [parts.listed], **QUICK)
    parts.words.change(fill, [parts.words, conversation], [parts.listed], **QUICK)
    parts.listed.select(choose, [parts.pending], [*parts.asked, *restored], **QUICK)
    # A conversation that was opened, begun or left is marked in the list.
    conversation.change(fill, [parts.words, conversation], [parts.listed], **QUICK)
    gr.on([parts.keep.click, parts.keep_title.click], _asked_nothing, None, parts.asked, **QUICK)
    _connect_changes(parts, conversation, emptied, desk)


def refresh_after(answered: Any, parts: ListParts, conversation: gr.Textbox, desk: Desk) -> None:  # noqa: ANN401
    """List the conversation that was answered in as the last one."""

    def fill(words: str, conversation_id: str, request: gr.Request) -> str:
        return _list(words, conversation_id, request, desk)

    answered.then(fill, [parts.words, conversation], [parts.listed], **QUICK)


def _connect_changes(
    parts: ListParts, conversation: gr.Textbox, emptied: Sequence[Any], desk: Desk
) -> None:
    def rename(
        chosen: str, title: str, words: str, conversation_id: str, request: gr.Request
    ) -> tuple[Any, ...]:
        try:
            desk.conversations.rename(chosen, title, owner=owner_of(request.request))
        except ConversationError as error:
            return *[gr.skip()] * 5, events.alert(str(error)), gr.skip()
        return *_asked_nothing(), _list(words, conversation_id, request, desk)

    def delete(
        chosen: str,
        words: str,
        conversation_id: str,
        under_way: Pending | None,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        unchanged = (gr.skip(),) * len(emptied)
        if under_way is not None:
            note = events.alert(events.BUSY)
            return *[gr.skip()] * 5, note, gr.skip(), *unchanged
        try:
            desk.conversations.delete(chosen, owner=owner_of(request.request))
        except ConversationError as error:
            return *_asked_nothing(events.alert(str(error))), gr.skip(), *unchanged
        left = events.clear() if chosen == conversation_id else unchanged
        listed = _list(words, conversation_id, request, desk)
        return *_asked_nothing(events.status("已删除。")), listed, *left

    said = [parts.words, conversation]
    gr.on(
        [parts.rename.click, parts.title.submit],
        rename,
        [parts.chosen, parts.title, *said],
        [*parts.asked, parts.listed],
        **QUICK,
    )
    parts.delete.click(
        delete,
        [parts.chosen, *said, parts.pending],
        [*parts.asked, parts.listed, *emptied],
        **QUICK,
    )


def _ask(clicked: dict[str, str], request: gr.Request, desk: Desk) -> tuple[Any, ...]:
    """Show the new title's box, or ask whether to delete."""
    chosen = clicked.get("rename") or clicked.get("delete") or ""
    try:
        title = desk.conversations.load(chosen, owner=owner_of(request.request)).title
    except ConversationError as error:
        return _asked_nothing(events.alert(str(error)))
    is_renaming = "rename" in clicked
    question = events.alert(f"删除“{title}”？全部问答和评价都会删去，不能恢复。")
    return (
        *(chosen, gr.Row(visible=is_renaming), title),
        *(gr.Row(visible=not is_renaming), "" if is_renaming else question, ""),
    )


def _asked_nothing(note: str = "") -> tuple[Any, ...]:
    return "", gr.Row(visible=False), "", gr.Row(visible=False), "", note


def _list(words: str, conversation_id: str, request: gr.Request, desk: Desk) -> str:
    entries = desk.conversations.entries(words, owner=owner_of(request.request))
    return render_conversations(entries, conversation_id, words)
