"""Numbers the sources of one answer as they are first cited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.answer.model import Citation
from corpus.catalog import Catalog
from corpus.model import Indicator, Plan, Section, Span


@dataclass
class Sources:
    """The citations of an answer in the making; the same words are cited once.

    `told` are those of earlier answers, where only what is new is asked for.
    """

    catalog: Catalog
    told: Sequence[Citation] = ()
    citations: list[Citation] = field(default_factory=list)
    _plans: dict[str, Plan] = field(default_factory=dict)
    _sections: dict[str, tuple[Section, ...]] = field(default_factory=dict)
    _project_rows: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    _indicators: dict[str, list[Indicator]] = field(default_factory=dict)

    def plan(self, plan_id: str) -> Plan:
        """Return a plan with its text, read once."""
        if plan_id not in self._plans:
            self._plans[plan_id] = self.catalog.plan(plan_id)
        return self._plans[plan_id]

    def is_superseded(self, plan_id: str) -> bool:
        """Tell whether a newer version of the plan has been taken in too."""
        return plan_id in self._superseded

    @cached_property
    def _superseded(self) -> frozenset[str]:
        return frozenset(self.catalog.superseded())

    @cached_property
    def has_several(self) -> bool:
        """Tell whether there are several plans, so that an answer must name its own."""
        return len(self.catalog.entries()) > 1

    def name(self, plan_id: str) -> str:
        """Return the plan's title as an answer names it."""
        return f"《{self.plan(plan_id).title}》" + (
            "（已有新版）" if self.is_superseded(plan_id) else ""
        )

    def sections(self, plan_id: str) -> tuple[Section, ...]:
        """Return a plan's outline, read once."""
        if plan_id not in self._sections:
            self._sections[plan_id] = self.catalog.sections(plan_id)
        return self._sections[plan_id]

    def tables(self, plan_id: str) -> tuple[Span, ...]:
        """Return the headers and rows of a plan's indicator tables."""
        rows = [row for row in self.indicators(plan_id) if row.origin == "table"]
        return tuple({span for row in rows for span in (row.header, row.span)})

    def indicators(self, plan_id: str) -> list[Indicator]:
        """Return a plan's indicators, read once."""
        if plan_id not in self._indicators:
            self._indicators[plan_id] = self.catalog.indicators([plan_id])
        return self._indicators[plan_id]

    def is_told(self, plan_id: str, span: Span) -> bool:
        """Tell whether an earlier answer has cited these words."""
        return (plan_id, span.start, span.end) in map(_place, self.told)

    def is_project_row(self, plan_id: str, span: Span) -> bool:
        """Tell whether the words are (part of) a row of a list of platforms or projects."""
        if plan_id not in self._project_rows:
            rows = self.catalog.projects([plan_id])
            self._project_rows[plan_id] = tuple(project.span for project in rows)
        return any(row.holds(span) for row in self._project_rows[plan_id])

    def cite(self, plan_id: str, section: int, span: Span) -> str:
        """Return the mark (`[1]`) for these words, which count as a source from now on."""
        plan = self.plan(plan_id)
        for citation in self.citations:
            if (citation.plan_id, citation.start, citation.end) == (
                plan_id,
                span.start,
                span.end,
            ):
                return f"[{citation.n}]"
        citation = Citation(
            n=len(self.citations) + 1,
            plan_id=plan_id,
            plan_title=plan.title,
            section=" > ".join(self.sections(plan_id)[section].path),
            quote=span.of(plan.text),
            start=span.start,
            end=span.end,
            page=plan.page_at(span.start),
            is_superseded=self.is_superseded(plan_id),
        )
        self.citations.append(citation)
        return f"[{citation.n}]"


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.plan_id, citation.start, citation.end
