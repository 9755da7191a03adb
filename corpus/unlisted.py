"""Clauses that the measures (corpus/measures.py) leave out, and an enterprise wants to know still.

Some support an industry without promising it anything (支持……平台建设); some say only how much is
paid at the most, or which rate holds, as the sentence before them said what for.
"""

import re
from collections.abc import Iterator, Sequence

from corpus.criteria_scope import Scopes
from corpus.measure_clauses import Clause, read_clauses
from corpus.measure_departments import read_departments
from corpus.measure_sums import read_amount, read_cap, read_rate
from corpus.measure_words import compact_view
from corpus.model import Measure, Plan, Section, Span, Strength
from corpus.normal import NormalView
from corpus.vocabulary import industries

_SUPPORTS = re.compile(
    r"(?:^|[,;:、])[^,;。]{0,16}?(?:支持|鼓励|扶持|引导)(?!下|力度|政策|作用|体系|保障)"
)
_SOMETHING = re.compile(r"建设|发展|做大|做强|培育|集聚|落地|研发|应用|产业化|攻关|转型|创新")
_FAVOURS = re.compile(
    r"(?:额度|金额|限额|出资额|支持|奖励|补贴)[^,。;]{0,16}?(?:最高|不超过|不高于)[^,。;\d]{0,12}?\d[\d.]*[%百千万亿元]"
    r"|追加奖励|减按\d|同价"
)
_NO_FAVOUR = re.compile(r"不得超过|职工|资产总额|代偿|注册资本|罚款")
_PAST = re.compile(r"已|去年|上年|五年来|增长|完成了|不得|禁止|目标")
_SHORTEST = 12


def read_unlisted(
    plan: Plan, sections: Sequence[Section], measures: Sequence[Measure], scopes: Scopes
) -> Iterator[Measure]:
    """Yield the clauses that support or favour somebody, numbered after the measures."""
    taken = {measure.span for measure in measures}
    conditions = [span for _, scope in scopes.cards for span in scope.conditions]
    departments = read_departments(plan, sections)
    by_number = {section.number: section for section in sections}
    number = len(measures)
    for clause in read_clauses(plan, sections):
        if clause.span in taken or len(clause.span) < _SHORTEST:
            continue
        view = compact_view(plan.text, clause.span)
        strength = _strength(view.text)
        if strength is None or any(span.holds(clause.span) for span in conditions):
            continue
        department = departments.of(plan.text, clause.span, by_number[clause.section])
        yield _measure(plan, clause, view, strength, department, number)
        number += 1


def _strength(view: str) -> Strength | None:
    """Return 给予 for a favour, 支持 or 鼓励 for a direction, None for neither."""
    if _FAVOURS.search(view) and not _NO_FAVOUR.search(view):
        return "给予"
    found = _SUPPORTS.search(view)
    if found is None or _PAST.search(view) or not _SOMETHING.search(view, found.end()):
        return None
    if not industries().find(view, found.end()):
        return None
    return "支持" if "支持" in view else "鼓励"


def _measure(
    plan: Plan,
    clause: Clause,
    view: NormalView,
    strength: Strength,
    department: str | None,
    number: int,
) -> Measure:
    is_favour = strength == "给予"
    return Measure(
        plan_id=plan.id,
        number=number,
        section=clause.section,
        text=clause.span.of(plan.text),
        strength=strength,
        instruments=("资助",) if is_favour else ("其他",),
        applicants=None,
        condition=None,
        amount=_words(plan, view, read_amount(view.text, 0, ())) if is_favour else None,
        rate=_words(plan, view, read_rate(view.text, ())) if is_favour else None,
        cap=_words(plan, view, read_cap(view.text)) if is_favour else None,
        duration=None,
        department=department,
        span=clause.span,
    )


def _words(plan: Plan, view: NormalView, span: Span | None) -> str | None:
    return None if span is None else view.back(span.start, span.end).of(plan.text)
