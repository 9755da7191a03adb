"""A matching as a Word file: the enterprise, the measures with their reasons, and their sources."""

import datetime
from collections.abc import Iterator, Sequence

from assistant.library import Library
from assistant.matching.describe import (
    counts,
    describe_payment,
    describe_profile,
    open_questions,
)
from assistant.matching.model import Match, Matching, Reason, Verdict
from assistant.records.receipt import Block
from assistant.records.word import write_word
from corpus.model import Plan

_OUTCOMES = {"met": "符合", "unknown": "还不知道", "failed": "不符合"}
_IN_FULL: tuple[Verdict, ...] = ("符合", "可能符合")
_ASKED = 5
_DIGEST_SHOWN = 12
_DIRECTION = "原文只说明支持的方向，能得多少要看实施细则"


def write_matching_word(matching: Matching, library: Library, *, time: datetime.datetime) -> bytes:
    """Return the matching as the content of a .docx file."""
    return write_word(_blocks(matching, library, time))


def _blocks(matching: Matching, library: Library, time: datetime.datetime) -> Iterator[Block]:
    plans: dict[str, Plan] = {}
    yield Block("title", "政策匹配结果")
    yield Block("field", f"{time:%Y-%m-%d %H:%M}", "时间")
    for name, value in describe_profile(matching.profile):
        yield Block("field", value, name)
    groups = "，".join(f"{verdict}{number}项" for verdict, number in counts(matching).items())
    yield Block("field", groups, "结果")
    for reason in matching.questions[:_ASKED]:
        if reason.question:
            yield Block("field", reason.question, "还需确认")
    for verdict in _IN_FULL:
        for number, match in enumerate(matching.of(verdict), start=1):
            plan_id = match.measure.plan_id
            if plan_id not in plans:
                plans[plan_id] = library.catalog.plan(plan_id)
            yield from _match_blocks(match, number, plans[plan_id])
    yield from _failed_blocks(matching.of("不符合"))


def _match_blocks(match: Match, number: int, plan: Plan) -> Iterator[Block]:
    measure = match.measure
    about = f"《{match.plan_title}》" + (
        f"（{match.validity}）" if match.validity != "现行" else ""
    )
    yield Block("question", about, f"{match.verdict} {number}")
    yield Block("quote", measure.text)
    for reason in match.reasons:
        yield Block("field", _write_reason(reason), reason.subject)
    if match.payment is not None:
        payment = match.payment
        yield Block("field", f"{describe_payment(payment)}（{payment.formula}）", "可得")
    for question in open_questions(match):
        yield Block("field", question, "还需确认")
    if measure.department:
        yield Block("field", measure.department, "部门")
    if match.needs_rules:
        yield Block("field", _DIRECTION, "说明")
    for note in match.notes:
        yield Block("field", note.of(plan.text), "另有规定")
    yield Block("field", _write_source(match, plan), "出处")


def _failed_blocks(matches: Sequence[Match]) -> Iterator[Block]:
    """Yield each on one line with what fails; what is of another place is only counted."""
    elsewhere = [match for match in matches if _fails_by_place(match)]
    if matches:
        yield Block("heading", "不符合的措施")
    for match in matches:
        if not _fails_by_place(match):
            failed = [_write_reason(one) for one in match.reasons if one.outcome == "failed"]
            words = f"《{match.plan_title}》{match.measure.text}\n{'；'.join(failed)}"
            yield Block("text", words)
    if elsewhere:
        yield Block("text", f"另有{len(elsewhere)}项是其他地区的，没有列出。")


def _fails_by_place(match: Match) -> bool:
    return any(one.outcome == "failed" and one.subject == "地区" for one in match.reasons)


def _write_reason(reason: Reason) -> str:
    given = f"您填写：{reason.given}，" if reason.given else ""
    return f"「{reason.quote}」；{given}{_OUTCOMES[reason.outcome]}"


def _write_source(match: Match, plan: Plan) -> str:
    dated = f"，成文日期 {plan.metadata.date}" if plan.metadata.date else ""
    parts = [
        f"《{match.plan_title}》",
        match.heading,
        f"第 {match.page} 页" if match.page else "",
        f"版本 {plan.digest[:_DIGEST_SHOWN]}{dated}",
    ]
    return " · ".join(part for part in parts if part)
