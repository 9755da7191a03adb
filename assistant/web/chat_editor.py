"""For editors: correct and approve an answer, and the list of what has been approved."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.records.conversations import TURN_LIMIT
from assistant.records.model import ConversationError
from assistant.web import approving, events
from assistant.web.conversation_view import render_approvals, render_unproved
from assistant.web.desk import Desk
from assistant.web.owner import owner_of
from assistant.web.parts import BRIDGE, BRIDGE_JS, CLICKS_JS, QUICK, html
from assistant.web.render import escape
from assistant.web.users import user_of

_SAVED = "已审定；以后问这个问题，会给出这条回答，直到所引文件有变化。"
_WITHDRAWN = "已撤销；这个问题重新按原文回答。"


@dataclass(frozen=True, slots=True)
class EditorParts:
    """The components of the editor; `turn_id` is the saved turn that is being approved."""

    command: gr.HTML
    box: gr.Column
    question: gr.HTML
    text: gr.Textbox
    unproved: gr.HTML
    confirmed: gr.Checkbox
    approve: gr.Button
    cancel: gr.Button
    turn_id: gr.State
    approvals: gr.Accordion
    listed: gr.HTML

    @property
    def editing(self) -> list[Any]:
        """Return what shows the answer that is being approved."""
        return [
            *(self.box, self.question, self.text, self.unproved),
            *(self.confirmed, self.turn_id),
        ]


def lay_out_list() -> tuple[gr.Accordion, gr.HTML]:
    """Put the list of approved answers into the column that is open; only editors see it."""
    with gr.Accordion(
        "人工审定的回答", open=False, visible=False, elem_id="approvals"
    ) as approvals:
        listed = html("", "approvals-list", js_on_load=CLICKS_JS)
    return approvals, listed


def lay_out(listing: tuple[gr.Accordion, gr.HTML]) -> EditorParts:
    """Put the editor into the column that is open; nobody sees it before it is called for."""
    command = html(BRIDGE, "approve-command", js_on_load=BRIDGE_JS)
    with gr.Column(visible=False, elem_id="approving") as box:
        question = html("", "approving-question")
        text = gr.Textbox(
            label="回答（保留 [1] 这样的出处编号）", lines=6, max_lines=14, max_length=TURN_LIMIT
        )
        unproved = html("", "unproved")
        confirmed = gr.Checkbox(
            label="我已核对，确认保留这些内容", visible=False, elem_id="approving-confirmed"
        )
        with gr.Row():
            approve = gr.Button("审定", variant="primary", elem_id="approving-yes", min_width=80)
            cancel = gr.Button("取消", elem_classes="plain", elem_id="approving-no", min_width=80)
    return EditorParts(
        *(command, box, question, text, unproved, confirmed, approve, cancel),
        *(gr.State(0), *listing),
    )


def connect(
    page: gr.Blocks, parts: EditorParts, conversation: gr.Textbox, note: gr.HTML, desk: Desk
) -> None:
    """Connect the editor and the list; `note` says what was done."""

    def begin(event: gr.EventData, conversation_id: str, request: gr.Request) -> tuple[Any, ...]:
        turn_id, owner = int(event._data["turn"]), owner_of(request.request)
        try:
            turn = approving.open_turn(desk, user_of(request), owner, conversation_id, turn_id)
        except ConversationError as error:
            return *_closed(), events.alert(str(error))
        asked = escape(turn.answer.rewritten or turn.answer.question)
        question = f"<h2>审定回答</h2><p>{asked}</p>"
        box, unchecked = gr.Column(visible=True), gr.Checkbox(value=False, visible=False)
        return box, question, turn.answer.text, "", unchecked, turn_id, ""

    def approve(
        text: str, is_confirmed: bool, turn_id: int, conversation_id: str, request: gr.Request
    ) -> tuple[Any, ...]:
        user, owner = user_of(request), owner_of(request.request)
        try:
            turn = approving.open_turn(desk, user, owner, conversation_id, turn_id)
            unproved = approving.approve(desk, user, turn, text, is_confirmed=is_confirmed)
        except ConversationError as error:
            return *[gr.skip()] * 6, events.alert(str(error)), gr.skip()
        if unproved:
            shown = (render_unproved(unproved), gr.Checkbox(visible=True))
            return *[gr.skip()] * 3, *shown, gr.skip(), "", gr.skip()
        return *_closed(), events.status(_SAVED), render_approvals(desk.approvals.entries())

    def cancel() -> tuple[Any, ...]:
        return _closed()

    shown = [*parts.editing, note]
    parts.command.select(begin, [conversation], shown, **QUICK)
    parts.approve.click(
        approve,
        [parts.text, parts.confirmed, parts.turn_id, conversation],
        [*shown, parts.listed],
        **QUICK,
    )
    parts.cancel.click(cancel, None, parts.editing, **QUICK)
    # What was confirmed is what was shown: after another change it is looked at anew.
    parts.text.input(_unconfirmed, None, [parts.unproved, parts.confirmed], **QUICK)
    _connect_list(page, parts, note, desk)


def _connect_list(page: gr.Blocks, parts: EditorParts, note: gr.HTML, desk: Desk) -> None:
    def fill(request: gr.Request) -> tuple[Any, ...]:
        user = user_of(request)
        listed = render_approvals(approving.listed(desk, user))
        return gr.Accordion(visible=user.is_editor), listed

    def withdraw(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        user = user_of(request)
        try:
            approving.withdraw(desk, user, int(event._data["withdraw"]))
            said = events.status(_WITHDRAWN)
        except ConversationError as error:
            said = events.alert(str(error))
        return render_approvals(approving.listed(desk, user)), said

    page.load(fill, None, [parts.approvals, parts.listed], **QUICK)
    parts.approvals.expand(fill, None, [parts.approvals, parts.listed], **QUICK)
    parts.listed.select(withdraw, None, [parts.listed, note], **QUICK)


def _unconfirmed() -> tuple[str, gr.Checkbox]:
    return "", gr.Checkbox(value=False, visible=False)


def _closed() -> tuple[Any, ...]:
    unconfirmed = gr.Checkbox(value=False, visible=False)
    return gr.Column(visible=False), "", "", "", unconfirmed, 0
