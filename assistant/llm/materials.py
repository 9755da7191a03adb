"""What the tools find → sources that a model can cite, with the sums that code worked out."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.answer.calculation import say_sums
from assistant.checking.model import Finding
from assistant.llm.shelf import Material, of_hit, of_indicator, of_match, of_measure, of_project
from assistant.matching.model import Matching
from assistant.monitoring.model import Monitoring, Progress
from assistant.monitoring.wording import GIVEN, say_progress
from assistant.retrieve import Hit
from assistant.tools.calculation import Calculation
from assistant.tools.comparison import Comparison
from assistant.tools.figures import Figure
from assistant.tools.indicators import CheckedIndicator, IndicatorLookup
from assistant.tools.measures import MeasureLookup
from assistant.tools.projects import ProjectLookup
from corpus.arithmetic import check_growth

_PAUSE = re.compile("[，：；。]")


def materials_of(artifact: object) -> list[Material]:
    """Return what a tool found as sources, the best first; none if it found nothing."""
    match artifact:
        case IndicatorLookup():
            return [of_indicator(row) for row in artifact.rows]
        case ProjectLookup():
            return [of_project(project) for project in artifact.projects]
        case MeasureLookup():
            return [of_measure(measure) for measure in artifact.measures]
        case Comparison():
            return list(_of_comparison(artifact))
        case Matching():
            return [of_match(match) for match in artifact.matches if match.verdict != "不符合"]
        case Monitoring():
            return [_of_progress(one) for one in artifact.progress]
        case list():
            return [material for found in artifact for material in _of_item(found)]
        case _:
            return []


def _of_item(found: object) -> list[Material]:
    match found:
        case Hit():
            return [of_hit(found)]
        case Calculation():
            return _of_calculation(found)
        case Finding():
            return _of_finding(found)
        case _:
            return []


def _of_finding(finding: Finding) -> list[Material]:
    """Return both sides of what does not agree, with what the check says of them."""
    if finding.outcome == "PASS":
        return []
    return [
        Material(one.plan_id, one.section, (one.span,), (finding.statement.rstrip("。"),))
        for one in finding.evidence
    ]


def _of_calculation(calculation: Calculation) -> list[Material]:
    sums = [] if calculation.refusal else say_sums(calculation)
    told = [text for said, working in sums for text in (said, working.formula)]
    return _of_figures(calculation.figures, told)


def _of_comparison(comparison: Comparison) -> Iterator[Material]:
    for series in comparison.series:
        figures = [figure for cell in series.figures for figure in cell]
        working = series.outcome.working if series.outcome is not None else None
        yield from _of_figures(figures, [working.formula] if working is not None else [])


def _of_figures(figures: Iterable[Figure], told: Sequence[str]) -> list[Material]:
    """Return the rows of the figures; what was worked out stands beside the first."""
    rows = dict.fromkeys(figure.indicator for figure in figures)
    checked = [CheckedIndicator(row, check_growth(row)) for row in rows]
    return [of_indicator(row, () if place else told) for place, row in enumerate(checked)]


def _of_progress(one: Progress) -> Material:
    row = CheckedIndicator(one.indicator, check_growth(one.indicator))
    # Clause by clause: a model may repeat one of them without the others.
    clauses = _PAUSE.split("".join(say_progress(one, whose=GIVEN)))
    return of_indicator(row, [clause for clause in dict.fromkeys(clauses) if clause])
