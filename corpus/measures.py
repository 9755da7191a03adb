"""Sections → measures: the clauses that promise something to those who apply."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from corpus.measure_clauses import Clause, read_clauses
from corpus.measure_departments import Departments, read_departments
from corpus.measure_fields import Fields
from corpus.measure_grants import MONEY
from corpus.measure_instruments import read_instruments
from corpus.measure_parties import read_parties
from corpus.measure_promise import read_promise
from corpus.measure_sums import read_amount, read_cap, read_duration, read_rate
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
    fields = Fields(plan, by_number)
    measures: list[Measure] = []
    for clause in read_clauses(plan, sections, tables):
        measure = _read_measure(plan, clause, by_number[clause.section], departments, len(measures))
        if measure is not None:
            measures.append(_completed(measure, by_number[clause.section], fields))
    return tuple(measures)


def _completed(measure: Measure, section: Section, fields: Fields) -> Measure:
    """Return the measure with what its section states once for all its grants."""
    if measure.strength not in ("给予", "应当"):
        return measure
    return replace(
        measure,
        applicants=measure.applicants or fields.applicants(section),
        condition=measure.condition or fields.condition(section),
    )


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
    parties = read_parties(view, promise)
    told = (parties.applicants, parties.condition)
    named = told if promise.is_grant else (parties.condition,)
    amount = read_amount(view, promise.segments[0].start, told)
    return Measure(
        plan_id=plan.id,
        number=number,
        section=clause.section,
        text=clause.span.of(plan.text),
        strength=promise.strength,
        instruments=read_instruments(view, promise, named),
        applicants=_text(plan, normal, parties.applicants),
        condition=_text(plan, normal, parties.condition),
        amount=_text(plan, normal, amount),
        rate=_text(plan, normal, read_rate(view, told)),
        cap=_text(plan, normal, read_cap(view)),
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
        "便利",
        "最高",
        "不超过",
    )
    kinds = words("give") | words("gift") | words("relief") | words("priority")
    return re.compile(any_of(kinds | words("procedure") | words("open") | set(others)))
