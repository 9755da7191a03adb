"""The report: one web page that needs nothing else, with charts and the worst answers to read."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from assistant.charts import bar_chart, line_chart
from eval.bench.figures import Judged
from eval.bench.report import LEGEND, NAMES, cell, summary
from eval.bench.retrieval import DEPTHS
from eval.bench.worst import worst_cases

_TEMPLATE = "page.html.j2"
_ANSWERS = ("answer_f1", "numeric_exactness", "cites_gold", "refusal_f1")


def page(judged: Sequence[Judged], environment: dict[str, str]) -> str:
    """Return the report on all benches as HTML."""
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    benches = [_bench(one) for one in judged]
    return templates.get_template(_TEMPLATE).render(
        benches=benches, environment=environment, legend=LEGEND
    )


def _bench(judged: Judged) -> dict[str, Any]:
    systems = judged.systems
    names = [name for name in NAMES if any(name in system.metrics for system in systems)]
    cases = worst_cases(judged.run)
    return {
        "summary": summary(judged.run.bench),
        "systems": [system.name for system in systems],
        "rows": [(NAMES[name], [cell(system, name) for system in systems]) for name in names],
        "charts": [Markup(chart) for chart in _charts(judged)],
        "faults": [(fault, list(found)) for fault, found in groupby(cases, lambda c: c.fault)],
    }


def _charts(judged: Judged) -> list[str]:
    charts = []
    if judged.run.bench.questions:
        recalls = {
            system.name: [system.metrics[f"R@{depth}"].value for depth in DEPTHS]
            for system in judged.systems
        }
        charts.append(line_chart("前 k 段中有答案的比例", [f"R@{d}" for d in DEPTHS], recalls))
    answers = {
        system.name: [
            figure.value if (figure := system.metrics.get(name)) else None for name in _ANSWERS
        ]
        for system in judged.systems
    }
    charts.append(bar_chart("回答", [NAMES[name] for name in _ANSWERS], answers))
    return charts
