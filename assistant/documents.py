"""Answers, hits and rows as the plain dicts that `--json`, the HTTP API and batches share."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assistant.answer.model import Answer, Fact
from assistant.library import Library
from assistant.retrieve import Hit
from corpus.arithmetic import Check
from corpus.catalog import CatalogEntry
from corpus.ingest import Ingested
from corpus.model import Indicator, Project


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
            }
            for citation in answer.citations
        ],
        "facts": [_fact_document(fact) for fact in answer.facts],
        "timings_ms": answer.timings_ms,
    }


def search_document(query: str, hits: Sequence[Hit], library: Library) -> dict[str, Any]:
    """Return the hits of one search, the best first."""
    titles = {entry.id: entry.title for entry in library.catalog.entries()}
    return {
        "query": query,
        "hits": [
            {
                "rank": rank,
                "score": round(hit.score, 4),
                "plan_id": hit.chunk.plan_id,
                "plan_title": titles[hit.chunk.plan_id],
                "section": section_path(hit, library),
                "text": hit.chunk.text,
                "start": hit.chunk.span.start,
                "end": hit.chunk.span.end,
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
        "description": project.description,
        "start": project.span.start,
        "end": project.span.end,
    }


def entry_document(entry: CatalogEntry) -> dict[str, Any]:
    """Return one line of the catalog."""
    return {
        "plan_id": entry.id,
        "plan_title": entry.title,
        "source": entry.source,
        "digest": entry.digest,
        "added_at": entry.added_at,
        "characters": entry.characters,
        "sections": entry.sections,
        "chunks": entry.chunks,
        "indicators": entry.indicators,
        "projects": entry.projects,
    }


def ingested_document(path: str, ingested: Ingested) -> dict[str, Any]:
    """Return what became of one file."""
    return {
        "path": path,
        "plan_id": ingested.plan_id,
        "plan_title": ingested.title,
        "outcome": ingested.outcome,
        "sections": ingested.sections,
        "chunks": ingested.chunks,
        "indicators": ingested.indicators,
        "projects": ingested.projects,
    }


def _fact_document(fact: Fact) -> dict[str, Any]:
    return _indicator_fields(fact.indicator, fact.check)


def _indicator_fields(indicator: Indicator, check: Check) -> dict[str, Any]:
    return {
        "indicator": indicator.name,
        "unit": indicator.unit,
        "base": _figure(indicator.base),
        "base_year": indicator.base_year,
        "target": _figure(indicator.target),
        "target_year": indicator.target_year,
        "bound": indicator.bound,
        "growth": _figure(indicator.growth),
        "growth_kind": indicator.growth_kind,
        "attribute": indicator.attribute,
        "check": {
            "status": check.status,
            "printed": _figure(check.printed),
            "computed": _figure(check.computed),
            "formula": check.formula,
        },
    }


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
