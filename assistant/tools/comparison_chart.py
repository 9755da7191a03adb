"""The figures of one series as a chart; what cannot share its axis is left out and named."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.charts import bar_chart, line_chart
from assistant.tools.comparison import Series
from assistant.tools.figures import Figure
from assistant.tools.parties import Party


@dataclass(frozen=True, slots=True)
class Chart:
    """An SVG element, and the places whose figures are counted in another unit or not stated."""

    title: str
    svg: str
    left_out: tuple[str, ...]


def draw_series(parties: Sequence[Party], series: Series) -> Chart | None:
    """Draw the figures in the unit that most are counted in: years as a line, places as bars.

    A range is drawn with both ends. None where fewer than two figures share a unit.
    """
    units = [figure.unit for cell in series.figures for figure in cell[:1] if _has_value(figure)]
    if not units:
        return None
    unit = max(units, key=units.count)
    drawn = [
        (party, cell[0])
        for party, cell in zip(parties, series.figures, strict=True)
        if cell and _has_value(cell[0]) and cell[0].unit == unit
    ]
    if len(drawn) < 2:
        return None
    are_years = len({party.place for party in parties}) == 1
    if not are_years:
        drawn.sort(key=lambda one: one[1].value or 0, reverse=True)
    several_years = len({party.year for party in parties}) > 1
    names = [_label(party, are_years=are_years, several=several_years) for party, _ in drawn]
    values = {series.title: [figure.value for _, figure in drawn]}
    if any(figure.is_range for _, figure in drawn):
        values["区间上限"] = [figure.indicator.target_high for _, figure in drawn]
    draw = line_chart if are_years else bar_chart
    title = f"{series.title}（{unit}）" if unit else series.title
    shown = {id(party) for party, _ in drawn}
    left_out = tuple(
        _label(party, are_years=are_years, several=several_years)
        for party in parties
        if id(party) not in shown
    )
    return Chart(series.title, draw(title, names, values, unit=unit), left_out)


def _has_value(figure: Figure) -> bool:
    return figure.value is not None


def _label(party: Party, *, are_years: bool, several: bool) -> str:
    if are_years:
        return f"{party.year}年"
    return f"{party.place}{party.year}" if several and party.year else party.place
