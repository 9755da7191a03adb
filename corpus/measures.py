"""Sections → measures: the clauses that promise something to those who apply."""

from collections.abc import Sequence

from corpus.model import Measure, Plan, Section, Table


def read_measures(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = ()
) -> tuple[Measure, ...]:
    """Return the measures of the plan, in order."""
    return ()
