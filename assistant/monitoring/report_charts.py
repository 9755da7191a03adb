"""What the charts of monitoring show: the share that is done, and a way with its actual values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from assistant.charts import line_chart, ranking_chart
from assistant.monitoring.model import Progress
from corpus.course import expected_at

ChartKind: TypeAlias = Literal["ranking", "line"]

EXPECTED, ACTUAL = "应达到", "实际值"
# Longer names leave no room for the bars.
_LONGEST = 14
# A longer way is drawn from its beginning to its end without the years of no value between.
_MOST_YEARS = 16


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart before it is drawn; a missing value is None."""

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: Mapping[str, tuple[Decimal | None, ...]]
    unit: str


def completion_chart(numbers: Mapping[Progress, int]) -> Chart | None:
    """Return how much of its way each indicator has done, None where none has a way."""
    done = [
        (f"{number}. {_short(one.indicator.name)}", one.assessment.completion.value)
        for one, number in numbers.items()
        if one.assessment.completion is not None
    ]
    if not done:
        return None
    names, values = zip(*done, strict=True)
    return Chart("ranking", "各指标的完成进度", names, {"完成进度": values}, "%")


def path_chart(one: Progress) -> Chart | None:
    """Return the expected values from base to target beside the actual ones, None without a way."""
    base_year, target_year = one.course.base_year, one.course.target_year
    if one.course.kind not in ("compound", "linear") or base_year is None or target_year is None:
        return None
    actual = dict(one.series)
    years = range(base_year, max(target_year, *actual) + 1)
    if len(years) > _MOST_YEARS:
        known = {base_year, target_year, *actual}
        years = [year for year in years if year in known]  # type: ignore[assignment]
    expected = [expected_at(one.course, year) for year in years]
    if one.course.base is not None:
        actual.setdefault(base_year, one.course.base)
    return Chart(
        "line",
        f"{one.indicator.name}（{one.indicator.unit}）",
        tuple(f"{year}年" for year in years),
        {
            EXPECTED: tuple(None if step is None else step.value for step in expected),
            ACTUAL: tuple(actual.get(year) for year in years),
        },
        one.indicator.unit,
    )


def draw_svg(chart: Chart) -> str:
    """Return the chart as an SVG element that stands alone."""
    if chart.kind == "line":
        return line_chart(chart.title, chart.categories, chart.series, unit=chart.unit)
    (values,) = chart.series.values()
    bars = {
        name: value
        for name, value in zip(chart.categories, values, strict=True)
        if value is not None
    }
    return ranking_chart(chart.title, bars, unit=chart.unit)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
