"""A plan → everything that is read from it: the whole way from text to chunks, in one call."""

from collections.abc import Callable
from dataclasses import replace

from corpus.chunking import chunk_sections
from corpus.indicators import read_indicators
from corpus.measures import read_measures
from corpus.model import Document, ParsedPlan, Plan
from corpus.outline import build_outline
from corpus.plan_terms import plan_terms
from corpus.projects import read_projects
from corpus.segment import Segmenter
from corpus.tables import find_tables
from corpus.targets import read_targets


def parse_plan(
    plan: Plan,
    document: Document,
    segmenter: Segmenter,
    count_tokens: Callable[[str], int],
    *,
    max_tokens: int,
    overlap_tokens: int,
) -> tuple[ParsedPlan, Segmenter]:
    """Return what was read, and the segmenter that also knows the plan's own terms."""
    tables = find_tables(plan.text, document.tables)
    sections = build_outline(plan.text, headings=document.headings, tables=tables)
    rows = read_indicators(plan, sections, tables)
    targets = read_targets(plan, sections, tables, first_number=len(rows))
    indicators = rows + targets
    projects = read_projects(plan, sections, tables)
    measures = read_measures(plan, sections, tables)
    plan_segmenter = segmenter.with_terms(plan_terms(plan.text, indicators, projects))
    chunks = chunk_sections(
        plan,
        sections,
        plan_segmenter,
        count_tokens,
        max_tokens=max_tokens,
        overlap_tokens=overlap_tokens,
        tables=tables,
    )
    parsed = ParsedPlan(plan, sections, chunks, indicators, projects, measures, document.warnings)
    return parsed, plan_segmenter


def rename(parsed: ParsedPlan, plan: Plan) -> ParsedPlan:
    """Return what was read with another title or metadata; the title stands in every context."""
    old = parsed.plan.title
    chunks = tuple(
        replace(chunk, context=plan.title + chunk.context.removeprefix(old))
        for chunk in parsed.chunks
    )
    return replace(parsed, plan=plan, chunks=chunks)
