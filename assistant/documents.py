"""Answers, hits and rows as the plain dicts that `--json`, the HTTP API and batches share."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from assistant.answer.model import Answer, Fact
from assistant.answer.sources import Sources
from assistant.checking.model import OUTCOME_NAMES, Evidence, Finding
from assistant.library import Library
from assistant.retrieve import Hit
from assistant.tools.comparability import find_differences, find_missing
from assistant.tools.comparison import Comparison
from assistant.tools.figures import Figure
from corpus.arithmetic import Check
from corpus.catalog import CatalogEntry
from corpus.ingest import Ingested
from corpus.model import Indicator, Measure, Metadata, Plan, Project


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return one answer; figures are strings, exactly as printed in the source."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "status": answer.status,
        "route": answer.route,
        "citations": [
            {
                "n": citation.n,
                "plan_id": citation.plan_id,
                "plan_title": citation.plan_title,
                "section": citation.section,
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
                "page": citation.page,
                "is_superseded": citation.is_superseded,
            }
            for citation in answer.citations
        ],
        "facts": [_fact_document(fact) for fact in answer.facts],
        "confidence": answer.confidence,
        "rewritten": answer.rewritten,
        "removed": [
            {"sentence": removed.sentence, "reason": removed.reason} for removed in answer.removed
        ],
        "notes": list(answer.notes),
        "choices": list(answer.choices),
        "approval": None if answer.approval is None else asdict(answer.approval),
        "usage": None if answer.usage is None else asdict(answer.usage),
        "timings_ms": answer.timings_ms,
    }


def search_document(query: str, hits: Sequence[Hit], library: Library) -> dict[str, Any]:
    """Return the hits of one search, the best first."""
    plans = {
        plan_id: library.catalog.plan(plan_id) for plan_id in {hit.chunk.plan_id for hit in hits}
    }
    return {
        "query": query,
        "hits": [
            {
                "rank": rank,
                "score": round(hit.score, 4),
                "plan_id": hit.chunk.plan_id,
                "plan_title": plans[hit.chunk.plan_id].title,
                "section": section_path(hit, library),
                "text": hit.chunk.text,
                "start": hit.chunk.span.start,
                "end": hit.chunk.span.end,
                "page": plans[hit.chunk.plan_id].page_at(hit.chunk.span.start),
            }
            for rank, hit in enumerate(hits, start=1)
        ],
    }


def section_path(hit: Hit, library: Library) -> str:
    """Return the headings above a hit, from the outermost."""
    return " > ".join(library.catalog.sections(hit.chunk.plan_id)[hit.chunk.section].path)


def indicator_document(indicator: Indicator, check: Check, plan_title: str) -> dict[str, Any]:
    """Return one row of an indicator table with where it stands."""
    return {
        "plan_id": indicator.plan_id,
        "plan_title": plan_title,
        **_indicator_fields(indicator, check),
        "start": indicator.span.start,
        "end": indicator.span.end,
    }


def project_document(project: Project, plan_title: str) -> dict[str, Any]:
    """Return one platform or project with where it stands."""
    return {
        "plan_id": project.plan_id,
        "plan_title": plan_title,
        "category": project.category,
        "name": project.name,
        "area": project.area,
        "investment": project.investment,
        "owner": project.owner,
        "place": project.place,
        "years": project.years,
        "description": project.description,
        "start": project.span.start,
        "end": project.span.end,
    }


def entry_document(entry: CatalogEntry) -> dict[str, Any]:
    """Return one line of the catalog."""
    metadata = entry.metadata
    return {
        "plan_id": entry.id,
        "plan_title": entry.title,
        "source": entry.source,
        "digest": entry.digest,
        "added_at": entry.added_at,
        "number": metadata.number,
        "issuer": metadata.issuer,
        "region": metadata.region,
        "level": metadata.level,
        "kind": metadata.kind,
        "period": period_text(metadata),
        "date": metadata.date,
        "superseded_by": entry.superseded_by,
        "characters": entry.characters,
        "pages": entry.pages,
        "sections": entry.sections,
        "chunks": entry.chunks,
        "indicators": entry.indicators,
        "projects": entry.projects,
        "measures": entry.measures,
        "warnings": list(entry.warnings),
    }


def period_text(metadata: Metadata) -> str | None:
    """Return the years that a document is for: 2021-2025, or 2026."""
    if metadata.start_year is None or metadata.end_year is None:
        return None
    if metadata.start_year == metadata.end_year:
        return str(metadata.end_year)
    return f"{metadata.start_year}-{metadata.end_year}"


def ingestion_document(done: Sequence[Ingested]) -> dict[str, Any]:
    """Return what became of all files of one run."""
    return {
        "files": [
            _ingested_document(one) for one in done if one.outcome not in ("failed", "skipped")
        ],
        "failed": [
            {"path": one.source, "error": "；".join(one.warnings)}
            for one in done
            if one.outcome == "failed"
        ],
        "skipped": [
            {"path": one.source, "reason": "；".join(one.warnings)}
            for one in done
            if one.outcome == "skipped"
        ],
    }


def _ingested_document(ingested: Ingested) -> dict[str, Any]:
    """Return what became of one file."""
    return {
        "path": ingested.source,
        "name": ingested.name,
        "plan_id": ingested.plan_id,
        "plan_title": ingested.title,
        "outcome": ingested.outcome,
        "pages": ingested.pages,
        "sections": ingested.sections,
        "chunks": ingested.chunks,
        "indicators": ingested.indicators,
        "projects": ingested.projects,
        "measures": ingested.measures,
        "warnings": list(ingested.warnings),
    }


def measure_document(measure: Measure, plan: Plan) -> dict[str, Any]:
    """Return one measure with where it stands."""
    return {
        "plan_id": plan.id,
        "plan_title": plan.title,
        "text": measure.text,
        "strength": measure.strength,
        "instruments": list(measure.instruments),
        "applicants": measure.applicants,
        "condition": measure.condition,
        "amount": measure.amount,
        "rate": measure.rate,
        "cap": measure.cap,
        "duration": measure.duration,
        "department": measure.department,
        "start": measure.span.start,
        "end": measure.span.end,
        "page": plan.page_at(measure.span.start),
    }


def comparison_document(comparison: Comparison, library: Library) -> dict[str, Any]:
    """Return a comparison: for each series a row a party, each figure with where it stands."""
    sources = Sources(library.catalog)

    def quote(figure: Figure) -> str:
        return figure.indicator.span.of(sources.plan(figure.indicator.plan_id).text)

    return {
        "series": [
            {
                "indicator": series.title,
                "rows": [
                    {
                        "place": party.place,
                        "year": party.year,
                        "stated": bool(cell),
                        "figures": [figure_document(figure, sources) for figure in cell],
                        "near": [figure_document(figure, sources) for figure in near],
                    }
                    for party, cell, near in zip(
                        comparison.parties, series.figures, series.near, strict=True
                    )
                ],
                "warnings": find_differences(comparison.parties, series, quote),
                "missing": find_missing(comparison.parties, series),
            }
            for series in comparison.series
        ]
    }


def figure_document(figure: Figure, sources: Sources) -> dict[str, Any]:
    """Return one figure as it is printed, with where it stands."""
    one = figure.indicator
    plan = sources.plan(one.plan_id)
    return {
        "name": one.name,
        "shown": figure.shown,
        "value": _figure(figure.value),
        "high": _figure(one.target_high) if figure.is_range else None,
        "unit": figure.unit,
        "bound": figure.bound or None,
        "year": figure.year,
        "base_year": one.base_year,
        "plan_id": plan.id,
        "plan_title": plan.title,
        "section": " > ".join(sources.sections(plan.id)[one.section].path),
        "quote": one.span.of(plan.text),
        "start": one.span.start,
        "end": one.span.end,
        "page": plan.page_at(one.span.start),
    }


def findings_document(findings: Sequence[Finding], library: Library) -> dict[str, Any]:
    """Return the findings of the checks, each with the words on both sides."""
    sources = Sources(library.catalog)
    outcomes = [finding.outcome for finding in findings]
    return {
        "counts": {name: outcomes.count(name) for name in OUTCOME_NAMES},
        "findings": [
            {
                "outcome": finding.outcome,
                "kind": finding.kind,
                "subject": finding.subject,
                "statement": finding.statement,
                "evidence": [_evidence_document(one, sources) for one in finding.evidence],
            }
            for finding in findings
        ],
    }


def _evidence_document(evidence: Evidence, sources: Sources) -> dict[str, Any]:
    plan = sources.plan(evidence.plan_id)
    return {
        "plan_id": plan.id,
        "plan_title": plan.title,
        "section": " > ".join(sources.sections(plan.id)[evidence.section].path),
        "quote": evidence.span.of(plan.text),
        "start": evidence.span.start,
        "end": evidence.span.end,
        "page": plan.page_at(evidence.span.start),
    }


def _fact_document(fact: Fact) -> dict[str, Any]:
    return _indicator_fields(fact.indicator, fact.check)


def _indicator_fields(indicator: Indicator, check: Check) -> dict[str, Any]:
    return {
        "indicator": indicator.name,
        "category": indicator.category,
        "unit": indicator.unit,
        "base": _figure(indicator.base),
        "base_year": indicator.base_year,
        "target": _figure(indicator.target),
        "target_year": indicator.target_year,
        "target_high": _figure(indicator.target_high),
        "target_text": indicator.target_text,
        "bound": indicator.bound,
        "change": indicator.change,
        "is_cumulative": indicator.is_cumulative,
        "growth": _figure(indicator.growth),
        "growth_kind": indicator.growth_kind,
        "attribute": indicator.attribute,
        "origin": indicator.origin,
        "check": {
            "status": check.status,
            "printed": _figure(check.printed),
            "computed": _figure(check.computed),
            "formula": check.formula,
        },
    }


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
