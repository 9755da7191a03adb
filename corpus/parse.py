"""A plan → everything that is read from it: the whole way from text to chunks, in one call."""

from collections.abc import Callable

from corpus.chunking import chunk_sections
from corpus.indicators import read_indicators
from corpus.model import ParsedPlan, Plan
from corpus.outline import build_outline
from corpus.plan_terms import plan_terms
from corpus.projects import read_projects
from corpus.segment import Segmenter


def parse_plan(
    plan: Plan,
    segmenter: Segmenter,
    count_tokens: Callable[[str], int],
    *,
    max_tokens: int,
    overlap_tokens: int,
) -> tuple[ParsedPlan, Segmenter]:
    """Return what was read, and the segmenter that also knows the plan's own terms."""
    sections = build_outline(plan.text)
    indicators = read_indicators(plan, sections)
    projects = read_projects(plan, sections)
    plan_segmenter = segmenter.with_terms(plan_terms(plan.text, indicators, projects))
    chunks = chunk_sections(
        plan,
        sections,
        plan_segmenter,
        count_tokens,
        max_tokens=max_tokens,
        overlap_tokens=overlap_tokens,
    )
    return ParsedPlan(plan, sections, chunks, indicators, projects), plan_segmenter
