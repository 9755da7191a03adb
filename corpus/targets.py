"""Sections → targets that are set in prose (地区生产总值增长5%左右), as indicators."""

from collections.abc import Sequence

from corpus.model import Indicator, Plan, Section, Table


def read_targets(
    plan: Plan, sections: Sequence[Section], tables: Sequence[Table] = (), *, first_number: int = 0
) -> tuple[Indicator, ...]:
    """Return the targets in the plan's prose, in order, numbered from `first_number`."""
    return ()
