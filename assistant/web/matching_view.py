"""A matching as HTML: what was understood, what to ask next, the measures in their groups.

Pure functions; knows nothing of Gradio. Every foreign word goes through `escape`.
"""

from collections.abc import Sequence

from assistant.matching.describe import (
    VERDICTS,
    count_of,
    describe_payment,
    describe_profile,
    open_questions,
)
from assistant.matching.model import Match, Matching, Profile, Reason, Verdict
from assistant.web.render import ReadText, escape, surroundings

# A page of more is no longer read; the Word file has them all.
SHOWN = 20
ASKED = 3

EMPTY = (
    "<p class='hint'>知道多少填多少，没填的不会算作不符合。填好后点“开始匹配”，"
    "所收文件里的每一条措施都会逐条与企业对照。</p>"
)
WORKING = "<p class='hint working' role='status'>正在逐条对照…</p>"
NOTHING = (
    "<p class='hint' role='status'>所收文件中没有这家企业可以申请的措施。"
    "请检查注册地和主营业务，或在“文档”中收录更多政策文件。</p>"
)
_SIGNS = {"met": "✓", "unknown": "?", "failed": "✗"}
_OUTCOMES = {"met": "符合", "unknown": "还不知道", "failed": "不符合"}
_ABOUT: dict[Verdict, str] = {
    "符合": "每一条能读出的条件都符合；以主管部门审核为准。",
    "可能符合": "没有不符合的条件，但还有要确认的。",
    "不符合": "至少有一条条件不符合。",
}
_ANSWERS = ("是", "否", "不清楚")


def render_matching(matching: Matching, passed: frozenset[str], read_text: ReadText) -> str:
    """Return everything; `passed` are the questions that the user cannot answer."""
    is_found = matching.of("符合") or matching.of("可能符合")
    groups = "".join(_render_group(matching, verdict, read_text) for verdict in VERDICTS)
    return (
        f"{_render_understood(matching)}{_render_questions(matching, passed)}"
        f"{'' if is_found else NOTHING}{groups}"
    )


def render_alert(message: str) -> str:
    """Return why nothing was matched."""
    return f"<p class='alert' role='alert'>{escape(message)}</p>"


def _render_understood(matching: Matching) -> str:
    known = "".join(
        f"<li><span>{escape(name)}</span> {escape(value)}</li>"
        for name, value in describe_profile(matching.profile)
    )
    counted = "".join(
        f"<a href='#group-{number}' class='count'><b>{len(matching.of(verdict))}</b>{verdict}</a>"
        for number, verdict in enumerate(VERDICTS)
    )
    facts = (
        f"<ul class='facts'>{known}</ul>" if known else "<p class='hint'>还没有填写企业情况。</p>"
    )
    return (
        f"<div class='understood' role='status'><nav aria-label='结果'>{counted}</nav>{facts}</div>"
    )


def _render_questions(matching: Matching, passed: frozenset[str]) -> str:
    asked = [one for one in matching.questions if one.question and one.key not in passed][:ASKED]
    if not asked:
        return ""
    items = "".join(map(_render_question, asked))
    return f"<section class='questions'><h3>还需确认</h3>{items}</section>"


def _render_question(reason: Reason) -> str:
    """Return the question with its answers; what is a field of the form is filled in there."""
    question = escape(reason.question or "")
    if reason.key in Profile.__dataclass_fields__:
        hint = "<p class='hint'>请填在表中，再匹配一次。</p>"
        return f"<div class='question'><p>{question}</p>{hint}</div>"
    key = escape(reason.key or "")
    buttons = "".join(
        f"<button type='button' data-key='{key}' data-answer='{answer}'>{answer}</button>"
        for answer in _ANSWERS
    )
    return (
        f"<div class='question' role='group' aria-label='{question}'><p>{question}</p>"
        f"<div class='answers'>{buttons}</div></div>"
    )


def _render_group(matching: Matching, verdict: Verdict, read_text: ReadText) -> str:
    found = matching.of(verdict)
    if not found:
        return ""
    cards = "".join(_render_match(match, read_text) for match in found[:SHOWN])
    more = len(found) - SHOWN
    rest = f"<p class='hint'>另有 {more} 项，导出的 Word 中全部列出。</p>" if more > 0 else ""
    # What does not fit is told, but only to those who ask.
    is_open = "" if verdict == "不符合" else " open"
    place = VERDICTS.index(verdict)
    return (
        f"<details class='group g{place}' id='group-{place}'{is_open}>"
        f"<summary><h3>{verdict}</h3><span class='number'>{count_of(found)}</span></summary>"
        f"<p class='hint'>{_ABOUT[verdict]}</p>{cards}{rest}</details>"
    )


def _render_match(match: Match, read_text: ReadText) -> str:
    validity = f"<span class='tag'>{match.validity}</span>" if match.validity != "现行" else ""
    title = f"《{escape(match.plan_title)}》"
    return (
        f"<article class='match'><header><h4>{title}</h4>{validity}</header>"
        f"<blockquote>{escape(match.measure.text)}</blockquote>"
        f"{_render_payment(match)}{_render_reasons(match.reasons)}"
        f"{_render_remarks(match, read_text)}{_render_source(match, read_text)}</article>"
    )


def _render_payment(match: Match) -> str:
    if match.payment is None:
        return ""
    sum_ = escape(describe_payment(match.payment))
    return f"<p class='sum'>可得 <b>{sum_}</b><small>{escape(match.payment.formula)}</small></p>"


def _render_reasons(reasons: Sequence[Reason]) -> str:
    items = "".join(map(_render_reason, reasons))
    return f"<ul class='reasons'>{items}</ul>" if items else ""


def _render_reason(reason: Reason) -> str:
    given = f"您填写：{escape(reason.given)} → " if reason.given else ""
    return (
        f"<li class='{reason.outcome}'><span class='sign' aria-hidden='true'>"
        f"{_SIGNS[reason.outcome]}</span><span><em>{escape(reason.subject)}</em>"
        f"「{escape(reason.quote)}」<small>{given}{_OUTCOMES[reason.outcome]}</small></span></li>"
    )


def _render_remarks(match: Match, read_text: ReadText) -> str:
    told: list[str] = [f"还需确认：{escape(question)}" for question in open_questions(match)]
    if match.needs_rules:
        told.append("原文只说明支持的方向，能得多少要看实施细则。")
    if match.measure.department:
        told.append(f"部门：{escape(match.measure.department)}")
    if match.notes:
        text = read_text(match.measure.plan_id)
        told += [f"另有规定：「{escape(note.of(text))}」" for note in match.notes]
    return "".join(f"<p class='remark'>{line}</p>" for line in told)


def _render_source(match: Match, read_text: ReadText) -> str:
    """Return where it stands, with the words around it behind a click."""
    span = match.measure.span
    before, after = surroundings(read_text(match.measure.plan_id), span.start, span.end)
    page = f"，第 {match.page} 页" if match.page else ""
    where = f"《{escape(match.plan_title)}》{escape(match.heading)}{page}"
    return (
        f"<details class='source'><summary>出处：{where}</summary>"
        f"<blockquote>{escape(before)}<mark>{escape(match.measure.text)}</mark>{escape(after)}"
        "</blockquote></details>"
    )
