"""An Answer as HTML. Pure functions; knows nothing of Gradio.

Every foreign word (question, answer, document, file name) goes through `escape`.
"""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from assistant.accounts import User
from assistant.answer.model import Answer, Citation, Fact
from assistant.answer.paragraphs import TextTable, read_paragraphs
from corpus.errors import PlanNotFound
from corpus.model import Indicator

ReadText: TypeAlias = Callable[[str], str]

TITLE = "规划问答助手"
FAILED = "这次没能完成回答，请稍后再试一次。"
SEARCHING = "正在查找原文…"
QUEUED = "排队中，前面的问题答完就轮到您…"
STOPPED = "已停止，没有生成回答。"

_CONTEXT_LIMIT = 100
_CONTEXT_LEAST = 60
# Characters without a shape that hide words or turn the order of reading round: U+202E shows 550
# as 055.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_MARK = re.compile(r"\[(\d{1,3})\]")
_BLANK_LINES = re.compile(r"\s*\n\s*")
_SENTENCE_END = "。!?!?;;\n"
_STATUS_LABEL = {"refused": "资料中没有依据", "clarify": "请再说具体一点"}
_STATUS_SIGN = {"pass": "✓", "fail": "✗", "not_applicable": "—"}
_STATUS_WORDS = {
    "pass": "核算相符",
    "fail": "核算不符",
    "not_applicable": "无需或无法核算",
}
_COLUMNS = ("指标", "单位", "基数", "目标", "增长", "属性", "核算")


def escape(text: str) -> str:
    """Write every ASCII sign as a numeric entity.

    `html.escape` is not enough: the chat's Markdown and LaTeX would still see `**`, `[x](…)`,
    `http://…` and `$`. What is an entity is neither markup nor Markdown to any of them. Characters
    that nobody sees are left out.

    Example: text="a**b" -> "a&#42;&#42;b"
    """
    return "".join(
        char if char == " " or char.isalnum() or ord(char) > 127 else f"&#{ord(char)};"
        for char in _UNSEEN.sub("", text)
    )


def render_masthead(subtitle: str) -> str:
    """Return the head of the page."""
    line = escape(subtitle)
    return f"<header class='masthead'><h1>{TITLE}</h1><p title='{line}'>{line}</p></header>"


def render_account(user: User) -> str:
    """Return who is logged in, with the way to the page where one logs out."""
    name = escape(user.name)
    return f"<a class='account' href='login' title='账号与退出登录'>{name}</a>"


def render_question(question: str) -> str:
    """Return the user's own words for the chat."""
    return f"<div class='asked'>{escape(question)}</div>"


def read_question(shown: str) -> str:
    """Return the words that `render_question` has put into the chat."""
    return html.unescape(re.sub(r"<[^>]*>", "", shown))


def render_line(text: str, *, kind: str) -> str:
    """Return one line of the assistant's that is not an answer: waiting, or a failure."""
    return f"<div class='reply {kind}'><p>{escape(text)}</p></div>"


def render_reply(
    answer: Answer,
    turn: int,
    *,
    scope: str = "",
    turn_id: int | None = None,
    can_approve: bool = False,
) -> str:
    """Return the answer's text for the chat, each `[n]` a link to the card of its citation.

    A `turn_id` tells that it is finished and saved: what can be done with it stands below it.
    """
    label = _STATUS_LABEL.get(answer.status)
    badge = f"<p class='badge'>{label}</p>" if label else ""
    numbers = {citation.n for citation in answer.citations}
    body = "".join(
        _render_table(part, numbers, turn)
        if isinstance(part, TextTable)
        else f"<p>{_with_marks(part, numbers, turn)}</p>"
        for part in read_paragraphs(answer.text)
    )
    jump = _render_jump(answer, turn)
    # On one line: a blank line would end the HTML block and let Markdown in again.
    return (
        f"<div class='reply {answer.status}'>{_render_approval(answer)}"
        f"{_render_meant(answer, scope)}{badge}{body}{_render_remarks(answer)}{jump}"
        f"{_render_tools(answer, turn, turn_id, can_approve=can_approve)}</div>"
    )


def render_exports(conversation_id: str) -> str:
    """Return the links that save the conversation as a file; none before it has begun."""
    if not conversation_id:
        return ""
    address = f"api/conversations/{conversation_id}/export"
    return (
        f"<p class='exports'>导出对话：<a href='{address}.md' download>Markdown</a>"
        f"<a href='{address}.docx' download>Word</a></p>"
    )


def render_sources(answer: Answer, turn: int, read_text: ReadText) -> str:
    """Return the panel for one answer: the checked figures, then a card for each citation."""
    # What prose sets has no base or growth to be checked; its card says it all.
    checked = tuple(fact for fact in answer.facts if fact.indicator.origin == "table")
    facts = _render_facts(checked) if checked else ""
    cards = "".join(_render_card(citation, turn, read_text) for citation in answer.citations)
    if not cards and not facts:
        cards = "<p class='hint'>这次的回答没有引用原文。</p>"
    return (
        f"<section class='source-group' id='a{turn}' tabindex='-1'>"
        f"<p class='about'>{escape(answer.question)}</p>{facts}{cards}</section>"
    )


def render_no_sources() -> str:
    """Return the panel before the first answer."""
    return (
        "<section class='source-group'><p class='hint'>回答引用的原文会列在这里。"
        "点击回答中的编号，即可逐字对照。</p></section>"
    )


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and after `text[start:end]`, cut at a sentence where one is near."""
    before = text[max(0, start - _CONTEXT_LIMIT) : start]
    after = text[end : end + _CONTEXT_LIMIT]
    if start > _CONTEXT_LIMIT:
        slack = before[: _CONTEXT_LIMIT - _CONTEXT_LEAST]
        before = "…" + before[max(slack.rfind(sign) for sign in _SENTENCE_END) + 1 :].lstrip()
    if end + _CONTEXT_LIMIT < len(text):
        slack_from = _CONTEXT_LEAST
        ends = [
            after.find(sign, slack_from) for sign in _SENTENCE_END if sign in after[slack_from:]
        ]
        after = after[: min(ends) + 1 if ends else None].rstrip() + "…"
    return _BLANK_LINES.sub("\n", before), _BLANK_LINES.sub("\n", after)


def _render_table(table: TextTable, numbers: set[int], turn: int) -> str:
    head = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in table.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_with_marks(cell, numbers, turn)}</td>" for cell in row) + "</tr>"
        for row in table.rows
    )
    return (
        "<div class='table-box' role='region' aria-label='对比表' tabindex='0'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _with_marks(line: str, numbers: set[int], turn: int) -> str:
    parts: list[str] = []
    done = 0
    for mark in _MARK.finditer(line):
        number = int(mark[1])
        if number not in numbers:
            continue
        parts.append(escape(line[done : mark.start()]))
        parts.append(
            f"<a class='cite' href='#a{turn}-s{number}' aria-label='查看来源 {number}'>"
            f"&#91;{number}&#93;</a>"
        )
        done = mark.end()
    parts.append(escape(line[done:]))
    return "".join(parts)


def _render_meant(answer: Answer, scope: str) -> str:
    meant = f"按此理解：「{answer.rewritten}」" if answer.rewritten else ""
    said = "　".join(part for part in (meant, f"查询范围：{scope}" if scope else "") if part)
    return f"<p class='meant'>{escape(said)}</p>" if said else ""


def _render_approval(answer: Answer) -> str:
    if answer.approval is None:
        return ""
    by = escape(f"{answer.approval.editor}，{answer.approval.time[:10]}")
    return f"<p class='approved'><b>人工审定</b> {by}</p>"


def _render_tools(answer: Answer, turn: int, turn_id: int | None, *, can_approve: bool) -> str:
    """Return what can be done with the answer; links, as the chat lets no buttons through."""
    if turn_id is None:
        return ""
    tools = [_render_tool(f"copy-{turn}", "复制回答和出处"), _render_tool("again", "重新回答")]
    if can_approve and answer.citations:
        tools.append(_render_tool(f"approve-{turn_id}", "审定"))
    return f"<p class='tools'>{''.join(tools)}</p>"


def _render_tool(name: str, label: str) -> str:
    return f"<a class='tool' role='button' href='#{name}'>{label}</a>"


def render_failure() -> str:
    """Return the line that says that answering broke, with the way to try again."""
    return (
        f"<div class='reply failed'><p>{FAILED}</p>"
        f"<p class='tools'>{_render_tool('again', '重新回答')}</p></div>"
    )


def _render_remarks(answer: Answer) -> str:
    """Return what is to be known of the answer, and the sentences that were not let through."""
    written = answer.approval.written if answer.approval else ()
    said = (*answer.notes, *(f"审定人所写，不在所引原文中：{words}" for words in written))
    notes = "".join(f"<p class='remark'>{escape(note)}</p>" for note in said)
    if not answer.removed:
        return notes
    rows = "".join(
        f"<li>{escape(removed.sentence)}<small>{escape(removed.reason)}</small></li>"
        for removed in answer.removed
    )
    summary = f"核对时删去了 {len(answer.removed)} 句"
    return f"{notes}<details class='removed'><summary>{summary}</summary><ul>{rows}</ul></details>"


def _render_jump(answer: Answer, turn: int) -> str:
    """Return the way down to the sources, which a phone shows below the chat."""
    if not answer.citations and not answer.facts:
        return ""
    count = f"查看 {len(answer.citations)} 条来源" if answer.citations else "查看核算"
    return f"<p class='jump'><a class='cite-all' href='#a{turn}'>{count}</a></p>"


def _render_card(citation: Citation, turn: int, read_text: ReadText) -> str:
    number = citation.n
    path = " › ".join(escape(part) for part in citation.section.split(" > ") if part)
    path_line = f"<p class='path'>{path}</p>" if path else ""
    superseded = "（已有新版）" if citation.is_superseded else ""
    page = f"<span class='page'>第 {citation.page} 页</span>" if citation.page else ""
    return (
        f"<article class='card' id='a{turn}-s{number}' tabindex='-1' aria-label='来源 {number}'"
        f" data-plan='{escape(citation.plan_id)}' data-start='{citation.start}'"
        f" data-end='{citation.end}'>"
        f"<header><span class='number'>{number}</span>"
        f"<h3>{escape(citation.plan_title)}{superseded}</h3>{page}</header>{path_line}"
        f"<blockquote>{_render_quote(citation, read_text)}</blockquote>"
        f"<p class='more'><button type='button' class='read'>在原文中查看</button></p></article>"
    )


def _render_quote(citation: Citation, read_text: ReadText) -> str:
    before, after = _find_surroundings(citation, read_text)
    return f"{escape(before)}<mark>{escape(citation.quote)}</mark>{escape(after)}"


def _find_surroundings(citation: Citation, read_text: ReadText) -> tuple[str, str]:
    """Return what stands around the quote; nothing if the plan was changed or removed since."""
    try:
        text = read_text(citation.plan_id)
    except (LookupError, PlanNotFound):
        return "", ""
    if text[citation.start : citation.end] != citation.quote:
        return "", ""
    return surroundings(text, citation.start, citation.end)


def _render_facts(facts: tuple[Fact, ...]) -> str:
    head = "".join(f"<th scope='col'>{column}</th>" for column in _COLUMNS)
    rows = "".join(_render_fact(fact) for fact in facts)
    return (
        "<h3 class='part'>指标核算</h3>"
        "<div class='table-box' role='region' aria-label='指标核算表' tabindex='0'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _render_fact(fact: Fact) -> str:
    indicator, check = fact.indicator, fact.check
    cells = (
        escape(indicator.unit),
        _dated(_bounded(indicator.base, None), indicator.base_year),
        _dated(_bounded(indicator.target, indicator.bound), indicator.target_year),
        _growth(indicator),
        indicator.attribute or "—",
    )
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    sign = (
        f"<td class='{check.status}' title='{escape(check.formula)}'>"
        f"<span role='img' aria-label='{_STATUS_WORDS[check.status]}'>"
        f"{_STATUS_SIGN[check.status]}</span></td>"
    )
    found = f"<tr><th scope='row'>{escape(indicator.name)}</th>{row}{sign}</tr>"
    return found + (_render_failed_sum(fact) if check.status == "fail" else "")


def _render_failed_sum(fact: Fact) -> str:
    unit = _growth_unit(fact.indicator)
    return (
        f"<tr class='sum'><td colspan='{len(_COLUMNS)}'>核算不符：{escape(fact.check.formula)}，"
        f"表中为 {fact.check.printed}{unit}</td></tr>"
    )


def _bounded(value: Decimal | None, bound: str | None) -> str:
    """Return a figure with its bound: a sign stands before it (≥550), a word behind (6以上)."""
    if value is None:
        return "—"
    if not bound:
        return str(value)
    return f"{value}{escape(bound)}" if bound.isalpha() else f"{escape(bound)}{value}"


def _dated(figure: str, year: int | None) -> str:
    return figure if year is None or figure == "—" else f"{figure} <small>{year} 年</small>"


def _growth(indicator: Indicator) -> str:
    if indicator.growth is None:
        return "—"
    kind = "累计" if indicator.growth_kind == "cumulative" else "年均"
    return f"{indicator.growth}{_growth_unit(indicator)} <small>{kind}</small>"


def _growth_unit(indicator: Indicator) -> str:
    return "" if indicator.growth_kind == "cumulative" else "%"
