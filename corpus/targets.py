"""Sections → targets that are set in prose (地区生产总值增长5%左右), as indicators.

Only what is to come counts: what a document reports, compares or predicts is no target.
"""

from bisect import bisect_left
from collections.abc import Sequence

from corpus.model import Indicator, Plan, Section, Span, Table
from corpus.targets_clauses import Clause, read_clauses
from corpus.targets_lines import unwrap
from corpus.targets_places import Place, read_places
from corpus.targets_rules import is_target, year_ahead
from corpus.targets_years import Clock, read_clock, relative_year


def read_targets(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = (), *, first_number: int = 0
) -> tuple[Indicator, ...]:
    """Return the targets in the plan's prose, in order, numbered from `first_number`.

    `target` is the printed figure; where it is a rise or fall itself, `change` says so, and
    `growth_kind` is annual where it is one of every year (年均).
    """
    clock = read_clock(plan)
    covered = sorted(table.span for table in tables)
    found: list[Indicator] = []
    for place in read_places(unwrap(plan.text), sections, clock):
        if not any(map(str.isdigit, place.sentence)) or _is_covered(place.span, covered):
            continue
        for clause in read_clauses(place.sentence):
            if is_target(place, clause, clock):
                found.append(_indicator(plan, place, clause, clock, first_number + len(found)))
    return tuple(found)


def _is_covered(span: Span, tables: Sequence[Span]) -> bool:
    """Tell whether the span touches one of the tables, which follow each other."""
    position = bisect_left(tables, span.start, key=lambda table: table.end)
    return position < len(tables) and tables[position].start < span.end


def _indicator(plan: Plan, place: Place, clause: Clause, clock: Clock, number: int) -> Indicator:
    start = place.span.start
    span = Span(start + clause.span.start, start + clause.span.end)
    year, header = _year(place, clause, clock)
    return Indicator(
        plan_id=plan.id,
        number=number,
        section=place.section.number,
        name=clause.name,
        unit=clause.unit,
        base=None,
        base_year=None,
        target=clause.number,
        target_year=year,
        bound=clause.bound,
        growth=None,
        growth_kind="annual" if clause.is_annual else None,
        attribute=None,
        span=span,
        header=header,
        target_high=clause.high,
        change=clause.change,
        target_text=plan.text[start + clause.figure_start : span.end],
        origin="prose",
    )


def _year(place: Place, clause: Clause, clock: Clock) -> tuple[int | None, Span]:
    """Return the year of the target and where it stands; the sentence where no text names it."""
    year = year_ahead(place, clause, clock)
    if year is None:
        year = relative_year(place.sentence, clause.span.start, clock)
    if year is None and place.year is not None:
        return place.year, place.year_span
    return clock.last if year is None else year, place.span
