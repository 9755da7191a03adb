"""Monitoring as the plain dict that `--json` and the HTTP side print."""

from typing import Any

from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.monitoring.model import Monitoring, Progress
from assistant.monitoring.wording import say_basis, say_progress
from corpus.arithmetic import Working
from corpus.model import Indicator, Span


def monitoring_document(monitoring: Monitoring, library: Library) -> dict[str, Any]:
    """Return where each indicator stands, with every sum shown and every figure's source.

    Figures are strings, exactly as printed or as worked out.
    """
    sources = Sources(library.catalog)
    return {
        "indicators": [_progress(one, sources) for one in monitoring.progress],
        "missing": [
            {"name": one.name, "unit": one.unit, "plan_id": one.plan_id}
            for one in monitoring.missing
        ],
        "problems": [
            {"place": problem.place, "message": problem.message} for problem in monitoring.problems
        ],
    }


def _progress(one: Progress, sources: Sources) -> dict[str, Any]:
    assessment, indicator = one.assessment, one.indicator
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "attribute": indicator.attribute,
        "base": _text(indicator.base),
        "base_year": indicator.base_year,
        "target": _text(indicator.target),
        "target_text": indicator.target_text,
        "target_year": indicator.target_year,
        "actual": {
            "value": str(one.value),
            "given": one.actual.shown,
            "year": assessment.year,
            "place": one.actual.place,
        },
        "series": [{"year": year, "value": str(value)} for year, value in one.series],
        "standing": assessment.standing,
        "label": one.label,
        "path": one.course.kind,
        "basis": say_basis(one),
        "expected": _working(assessment.expected),
        "difference": _working(assessment.gap),
        "completion": _working(assessment.completion),
        "remaining": _working(assessment.remaining),
        "years_left": assessment.years_left,
        "sentences": say_progress(one),
        "sources": [
            _source(indicator, span, sources) for span in (indicator.span, indicator.header)
        ],
    }


def _source(indicator: Indicator, span: Span, sources: Sources) -> dict[str, Any]:
    plan = sources.plan(indicator.plan_id)
    return {
        "plan_id": plan.id,
        "plan_title": plan.title,
        "section": " > ".join(sources.sections(plan.id)[indicator.section].path),
        "quote": span.of(plan.text),
        "start": span.start,
        "end": span.end,
        "page": plan.page_at(span.start),
    }


def _working(working: Working | None) -> dict[str, Any] | None:
    if working is None:
        return None
    return {
        "value": str(working.value),
        "unit": working.unit,
        "formula": working.formula,
        "is_rounded": working.is_rounded,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
