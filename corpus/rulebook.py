"""The rules of a catalog's plans, each plan read once for each version of it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.catalog import Catalog, CatalogEntry
from corpus.model import Measure, Plan, Section
from corpus.rules import Rule, read_rules


@dataclass(frozen=True)
class PlanRules:
    """A plan with its measures; the rules are read when they are first needed."""

    entry: CatalogEntry
    plan: Plan
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the measures, and those of clauses that give a direction only."""
        return read_rules(self.plan, self.sections, self.measures)


class RuleBook:
    """The rules of all plans of a catalog, kept until a plan changes. Safe for several threads."""

    def __init__(self, catalog: Catalog) -> None:
        """Name the catalog; nothing is read yet."""
        self._catalog = catalog
        self._read: dict[str, PlanRules] = {}
        self._reading = threading.Lock()

    def of(self, plan_ids: Sequence[str] | None = None) -> list[PlanRules]:
        """Return the plans (all if none are named) that hold any clause, in the catalog's order."""
        wanted = None if plan_ids is None else set(plan_ids)
        with self._reading:
            entries = self._catalog.entries()
            known = {entry.id for entry in entries}
            for gone in self._read.keys() - known:
                del self._read[gone]
            return [self._of(entry) for entry in entries if wanted is None or entry.id in wanted]

    def _of(self, entry: CatalogEntry) -> PlanRules:
        found = self._read.get(entry.id)
        if found is None or found.entry != entry:
            found = PlanRules(
                entry,
                self._catalog.plan(entry.id),
                self._catalog.sections(entry.id),
                tuple(self._catalog.measures([entry.id])),
            )
            self._read[entry.id] = found
        return found
