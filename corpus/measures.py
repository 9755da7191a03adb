"""Sections → measures: the clauses that promise something to those who apply."""

import re
from collections.abc import Sequence
from functools import cache

from corpus.measure_clauses import Clause, read_clauses
from corpus.measure_departments import Departments, read_departments
from corpus.measure_promise import MONEY, read_promise
from corpus.measure_terms import (
    read_amount,
    read_applicants,
    read_cap,
    read_condition,
    read_duration,
    read_instruments,
    read_rate,
)
from corpus.measure_words import any_of, compact_view, words
from corpus.model import Measure, Plan, Section, Span, Table
from corpus.normal import NormalView

# A line that no full stop ends (a cell, an item of a list) must name what is paid.
_PAID = re.compile(rf"{MONEY}|\d%|全额|一次性|免费|优先")
# Some texts have lost their full stops: one sentence a line.
_SENTENCE_LIKE = 20
_SHORTEST = 8


def read_measures(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = ()
) -> tuple[Measure, ...]:
    """Return the measures of the plan, in order."""
    departments = read_departments(plan, sections)
    by_number = {section.number: section for section in sections}
    measures: list[Measure] = []
    for clause in read_clauses(plan, sections, tables):
        measure = _read_measure(plan, clause, by_number[clause.section], departments, len(measures))
        if measure is not None:
            measures.append(measure)
    return tuple(measures)


def _read_measure(
    plan: Plan, clause: Clause, section: Section, departments: Departments, number: int
) -> Measure | None:
    # Cheap, and enough to drop most of a text: no other word makes a promise.
    if len(clause.span) < _SHORTEST or not _sign().search(
        "".join(clause.span.of(plan.text).split())
    ):
        return None
    normal = compact_view(plan.text, clause.span)
    view = normal.text
    promise = read_promise(view)
    is_sentence = clause.is_whole or (len(view) >= _SENTENCE_LIKE and "," in view)
    if promise is None or not (is_sentence or _PAID.search(view)):
        return None
    cap, rate = read_cap(view), read_rate(view, promise)
    applicants = read_applicants(view, promise)
    amount = read_amount(view, promise, [span for span in (cap, rate) if span])
    return Measure(
        plan_id=plan.id,
        number=number,
        section=clause.section,
        text=clause.span.of(plan.text),
        strength=promise.strength,
        instruments=read_instruments(view, promise),
        applicants=_text(plan, normal, applicants),
        condition=_text(plan, normal, read_condition(view, applicants)),
        amount=_text(plan, normal, amount),
        rate=_text(plan, normal, rate),
        cap=_text(plan, normal, cap),
        duration=_text(plan, normal, read_duration(view)),
        department=departments.of(plan.text, clause.span, section),
        span=clause.span,
    )


def _text(plan: Plan, view: NormalView, span: Span | None) -> str | None:
    return view.back(span.start, span.end).of(plan.text) if span else None


@cache
def _sign() -> re.Pattern[str]:
    others = (
        "支持",
        "鼓励",
        "允许",
        "准许",
        "授权",
        "设立",
        "申请",
        "申报",
        "加大",
        "取消",
        "不受",
        "可",
        "提供",
        "扩大",
        "扩展",
        "降低",
        "纳入",
    )
    kinds = words("give") | words("gift") | words("relief") | words("priority")
    return re.compile(any_of(kinds | words("procedure") | words("open") | set(others)))
