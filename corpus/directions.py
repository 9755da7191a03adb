"""Clauses that support something without promising it to anybody: 支持……平台建设, 推动……产业发展.

The measures (corpus/measures.py) leave them out, as nobody is named who could apply. An enterprise
of the industry that such a clause names still wants to know it.
"""

import re
from collections.abc import Iterator, Sequence

from corpus.measure_clauses import read_clauses
from corpus.measure_departments import read_departments
from corpus.measure_words import compact_view
from corpus.model import Measure, Plan, Section
from corpus.vocabulary import industries

_SUPPORTS = re.compile(r"(?:^|[,;:、])[^,;。]{0,16}?(?:支持|鼓励|扶持|引导)(?!下|力度|政策|作用|体系|保障)")
_SOMETHING = re.compile(r"建设|发展|做大|做强|培育|集聚|落地|研发|应用|产业化|攻关|转型|创新")
_PAST = re.compile(r"已|去年|上年|五年来|增长|完成了|不得|禁止|目标")
_SHORTEST = 12


def read_directions(
    plan: Plan, sections: Sequence[Section], measures: Sequence[Measure]
) -> Iterator[Measure]:
    """Yield the clauses that support an industry and are no measures, numbered after those."""
    taken = {measure.span for measure in measures}
    departments = read_departments(plan, sections)
    by_number = {section.number: section for section in sections}
    number = len(measures)
    for clause in read_clauses(plan, sections):
        if clause.span in taken or len(clause.span) < _SHORTEST:
            continue
        view = compact_view(plan.text, clause.span).text
        if not _supports(view):
            continue
        yield Measure(
            plan_id=plan.id,
            number=number,
            section=clause.section,
            text=clause.span.of(plan.text),
            strength="支持" if "支持" in view else "鼓励",
            instruments=("其他",),
            applicants=None,
            condition=None,
            amount=None,
            rate=None,
            cap=None,
            duration=None,
            department=departments.of(plan.text, clause.span, by_number[clause.section]),
            span=clause.span,
        )
        number += 1


def _supports(view: str) -> bool:
    found = _SUPPORTS.search(view)
    if found is None or _PAST.search(view) or not _SOMETHING.search(view, found.end()):
        return False
    return bool(industries().find(view, found.end()))
