"""Whole look-ups as the documents that `--json`, the HTTP API and the tools of MCP share."""

from collections.abc import Sequence
from typing import Any

from assistant.documents import (
    entry_document,
    indicator_document,
    measure_document,
    project_document,
)
from assistant.library import Library
from assistant.tools.indicators import search_indicators


def plans_document(library: Library) -> dict[str, Any]:
    """Return all plans that were taken in."""
    return {"plans": [entry_document(entry) for entry in library.catalog.entries()]}


def indicators_document(
    name: str | None, library: Library, *, plan_ids: Sequence[str] | None = None
) -> dict[str, Any]:
    """Return the indicators of this name, or all."""
    titles = _titles(library)
    rows = search_indicators(name, library, plan_ids=plan_ids)
    return {
        "indicators": [
            indicator_document(row.indicator, row.check, titles[row.indicator.plan_id])
            for row in rows
        ]
    }


def projects_document(library: Library, *, plan_ids: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the platforms and projects."""
    titles = _titles(library)
    projects = library.catalog.projects(plan_ids)
    return {"projects": [project_document(one, titles[one.plan_id]) for one in projects]}


def measures_document(library: Library, *, plan_ids: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the measures of support."""
    measures = library.catalog.measures(plan_ids)
    plans = {plan_id: library.catalog.plan(plan_id) for plan_id in {m.plan_id for m in measures}}
    return {"measures": [measure_document(one, plans[one.plan_id]) for one in measures]}


def _titles(library: Library) -> dict[str, str]:
    return {entry.id: entry.title for entry in library.catalog.entries()}
