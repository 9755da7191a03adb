"""The lists beside the chat as HTML: conversations, related questions, approved answers."""

import datetime
from collections.abc import Sequence

from assistant.answer.model import Removed
from assistant.records.approved import Approved
from assistant.records.model import ConversationEntry
from assistant.web.render import escape

# More are found by searching.
_SHOWN = 100


def render_conversations(entries: Sequence[ConversationEntry], current: str, words: str) -> str:
    """Return the list, newest first, the open one marked."""
    if not entries:
        empty = (
            "没有找到这样的对话，请换一个词。"
            if words.strip()
            else "还没有对话。提问之后会保存在这里。"
        )
        return f"<p class='hint' role='status'>{empty}</p>"
    items = "".join(_render_entry(entry, entry.id == current) for entry in entries[:_SHOWN])
    more = (
        f"<p class='hint'>只列出最近 {_SHOWN} 个，更早的请搜索。</p>"
        if len(entries) > _SHOWN
        else ""
    )
    return f"<ul class='conversations'>{items}</ul>{more}"


def _render_entry(entry: ConversationEntry, is_current: bool) -> str:
    title, mark = escape(entry.title), " aria-current='true'" if is_current else ""
    day = datetime.datetime.fromisoformat(entry.updated)
    return (
        f"<li{mark}><button type='button' class='open' data-open='{entry.id}' title='{title}'>"
        f"<span translate='no'>{title}</span>"
        f"<small>{day.month}月{day.day}日 · {entry.turns} 轮</small></button>"
        f"<button type='button' data-rename='{entry.id}' aria-label='改名：{title}' title='改名'>✎"
        f"</button><button type='button' data-delete='{entry.id}' aria-label='删除：{title}'"
        " title='删除'>✕</button></li>"
    )


def render_related(questions: Sequence[str]) -> str:
    """Return questions that lead on, each to be asked by a click."""
    if not questions:
        return ""
    buttons = "".join(
        f"<button type='button' translate='no' data-ask='{escape(question)}'"
        f" title='{escape(question)}'>"
        f"{escape(_without_title(question))}</button>"
        for question in questions
    )
    group = "<div class='related' role='group' aria-label='相关问题'>"
    return f"{group}<span>接着问</span>{buttons}</div>"


def _without_title(question: str) -> str:
    """Leave out the title that opens all of them: that of the plan just cited."""
    return question.rpartition("》中，")[2]


def render_approvals(approved: Sequence[Approved]) -> str:
    """Return the editors' list of approved answers."""
    if not approved:
        return "<p class='hint'>还没有审定的回答。在回答下面点“审定”即可。</p>"
    return f"<ul class='approvals'>{''.join(map(_render_approved, approved))}</ul>"


def _render_approved(one: Approved) -> str:
    answer, approval = one.answer, one.answer.approval
    question = escape(answer.rewritten or answer.question)
    by = escape(approval.editor) if approval else ""
    state = (
        "<b class='stale'>待复核：所引文件已变</b>" if one.is_stale else "<b class='valid'>有效</b>"
    )
    return (
        f"<li><span translate='no'>{question}</span><small>{by} {one.time[:10]} · {state}</small>"
        f"<button type='button' data-withdraw='{one.id}' aria-label='撤销：{question}'>"
        "撤销</button></li>"
    )


def render_unproved(unproved: Sequence[Removed]) -> str:
    """Return what the editor must know before approving; empty where the sources carry all."""
    if not unproved:
        return ""
    rows = "".join(
        f"<li>{escape(one.sentence)}<small>{escape(one.reason)}</small></li>" for one in unproved
    )
    return (
        "<div class='unproved' role='alert'><p>下面的内容没有在所引原文中核实。"
        "请改正，或勾选确认后再审定，它们会注明是审定人所写。</p>"
        f"<ul>{rows}</ul></div>"
    )
