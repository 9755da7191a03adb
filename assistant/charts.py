"""Charts as SVG that stands alone: no script, no font and no style from elsewhere."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeAlias

Number: TypeAlias = Decimal | float | int
# One value a category; None where there is none.
Series: TypeAlias = Mapping[str, Sequence[Number | None]]

_STYLE: dict[str, Any] = {
    "background": "transparent",
    "plot_background": "transparent",
    "font_family": '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
    # Readable on light and on dark paper.
    "foreground": "#7a8796",
    "foreground_strong": "#7a8796",
    "foreground_subtle": "#a9b4c0",
    "guide_stroke_color": "#a9b4c066",
    "major_guide_stroke_color": "#a9b4c066",
    "title_font_size": 18,
    "label_font_size": 14,
    "major_label_font_size": 14,
    "legend_font_size": 15,
    "value_font_size": 14,
    "value_colors": ("#7a8796",) * 6,
    "colors": ("#3b7cc4", "#d9822b", "#3d9970", "#b3402f", "#8661c1", "#6b7785"),
}

# Drawn as large as it is shown, as letters shrink with the picture.
_SIZE = (720, 360)


def line_chart(title: str, categories: Sequence[str], series: Series, *, unit: str = "") -> str:
    """Return an SVG element with one line for each of the series; a missing value is a gap."""
    return _draw("Line", title, categories, series, unit)


def bar_chart(
    title: str,
    categories: Sequence[str],
    series: Series,
    *,
    unit: str = "",
    print_values: bool = False,
    size: tuple[int, int] = _SIZE,
) -> str:
    """Return an SVG element with one bar for each value, `print_values` at the bars."""
    return _draw("Bar", title, categories, series, unit, print_values=print_values, size=size)


def ranking_chart(title: str, bars: Mapping[str, Decimal], *, unit: str = "") -> str:
    """Return an SVG element with one lying bar a name, the first on top: long names fit."""
    # A value at the end of a short bar would cover it.
    upward = {f"{name}  {value}{unit}": value for name, value in reversed(tuple(bars.items()))}
    size = (_SIZE[0], 90 + 26 * len(bars))
    series = {title: list(upward.values())}
    return _draw("HorizontalBar", title, list(upward), series, unit, size=size)


def _draw(
    kind: Literal["Line", "Bar", "HorizontalBar"],
    title: str,
    categories: Sequence[str],
    series: Series,
    unit: str,
    *,
    print_values: bool = False,
    size: tuple[int, int] = _SIZE,
) -> str:
    # Commands that draw nothing need not wait for it.
    import pygal
    from pygal.style import Style

    chart = getattr(pygal, kind)(
        title=title or None,
        style=Style(**_STYLE),
        # pygal fetches its tooltips' script from the network.
        js=[],
        width=size[0],
        height=size[1],
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        print_values=print_values,
        print_values_position="top",
        disable_xml_declaration=True,
        value_formatter=lambda value: f"{_plain(value)}{unit}",
        x_label_rotation=30 if len(categories) > 8 and kind != "HorizontalBar" else 0,
    )
    chart.x_labels = list(categories)
    for name, values in series.items():
        chart.add(name, [None if value is None else float(value) for value in values])
    chart.add_xml_filter(_without_script)
    return str(chart.render(is_unicode=True))


def _without_script(root: Any) -> Any:  # noqa: ANN401
    """Drop what pygal writes for its tooltips, which nothing reads without their script."""
    for defs in root.findall("defs"):
        for script in defs.findall("script"):
            defs.remove(script)
    return root


def _plain(value: float) -> str:
    """Return the figure with all of its digits: 1234567, not 1.23457e+06."""
    return f"{Decimal(repr(value)).normalize():f}"
