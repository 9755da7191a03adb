"""All checks over one plan, or over several and between them."""

from collections.abc import Sequence

from assistant.checking.agreement import check_agreement, check_rivals, place_of
from assistant.checking.growth import check_directions, check_rows
from assistant.checking.model import Checked, Finding, Outcome
from assistant.checking.sums import check_sums
from assistant.checking.units import check_units
from assistant.library import Library
from corpus.catalog import CatalogEntry

_ORDER: tuple[Outcome, ...] = ("FAIL", "UNCERTAIN", "PASS")


def check_plans(library: Library, *, plan_ids: Sequence[str] | None = None) -> list[Finding]:
    """Return what the checks find in the plans, what is certainly wrong first.

    Superseded plans are checked only where they are asked for by id. What is asked for is also held
    against the other plans of its place.
    """
    entries = library.catalog.entries()
    current = [entry for entry in entries if entry.superseded_by is None]
    asked = current if plan_ids is None else [one for one in entries if one.id in plan_ids]
    places = {place_of(entry) for entry in asked} - {None}
    others = [
        entry
        for entry in current
        if plan_ids is not None and entry not in asked and place_of(entry) in places
    ]
    chosen = [_read(entry, library) for entry in asked]
    beside = [_read(entry, library) for entry in others if entry.indicators]
    findings = [
        finding
        for checked in chosen
        for find in (check_rows, check_directions, check_agreement, check_sums)
        for finding in find(checked)
    ]
    findings += check_rivals(chosen, beside)
    findings += check_units([*chosen, *beside])
    return sorted(findings, key=lambda one: _ORDER.index(one.outcome))


def _read(entry: CatalogEntry, library: Library) -> Checked:
    return Checked(
        entry,
        library.catalog.plan(entry.id),
        library.catalog.sections(entry.id),
        tuple(library.catalog.indicators([entry.id])),
    )
