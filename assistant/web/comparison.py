"""The sub-tab 比较: one indicator over places and years, as table and chart."""

from collections.abc import Sequence

import gradio as gr

from assistant.documents import comparison_document
from assistant.library import Library
from assistant.tools.comparison import compare_named, known_names
from assistant.tools.comparison_chart import draw_series
from assistant.tools.parties import place_of
from assistant.web.comparison_view import render_comparison
from corpus.model import Kind

_KINDS: tuple[tuple[str, str], ...] = (
    ("报告和规划", ""),
    ("工作报告", "报告"),
    ("规划", "规划"),
)
_NAME_LIMIT = 60


def lay_out(library: Library) -> None:
    """Put the comparison into the tab that is open."""
    with gr.Row(elem_classes="filters"):
        name = gr.Dropdown(
            [],
            label="指标（可以输入别称；写“…增长”则只比增幅）",
            allow_custom_value=True,
            scale=3,
            min_width=240,
            elem_id="comparison-name",
        )
        kind = gr.Dropdown(_KINDS, value="", label="文件种类", min_width=120)
        places = gr.Dropdown(
            [], label="地区（不选则全部）", multiselect=True, scale=2, min_width=200
        )
        years = gr.Dropdown([], label="年份（不选则全部）", multiselect=True, min_width=160)
    shown = gr.HTML(
        "<p class='empty'>选一个指标，比较各地、各年的目标。</p>",
        elem_id="comparison",
        js_on_load=None,
        apply_default_css=False,
    )

    def compare(
        name: str | None, kind: str, places: Sequence[str] | None, years: Sequence[int] | None
    ) -> str:
        return compare_page(
            library, (name or "")[:_NAME_LIMIT], kind=kind, places=places or (), years=years or ()
        )

    def choices() -> tuple[gr.Dropdown, ...]:
        return (
            gr.Dropdown([*known_names(library)]),
            gr.Dropdown([*_places(library)]),
            gr.Dropdown([*_years(library)]),
        )

    picked = [name, kind, places, years]
    changes = [one.change for one in picked]
    gr.on(changes, compare, picked, shown, show_progress="hidden", api_visibility="private")
    # What has been taken in since the page was built can be picked too.
    gr.on(
        None, choices, None, [name, places, years], show_progress="hidden", api_visibility="private"
    )


def compare_page(
    library: Library, name: str, *, kind: str, places: Sequence[str], years: Sequence[int]
) -> str:
    """Return the comparison as HTML; asks for an indicator where none is picked."""
    if not name.strip():
        return "<p class='empty'>选一个指标，比较各地、各年的目标。</p>"
    wanted: Kind | None = next((one for one in ("报告", "规划") if one == kind), None)
    comparison = compare_named([name], library, places=places, years=years, kind=wanted)
    charts = [draw_series(comparison.parties, series) for series in comparison.series]
    return render_comparison(comparison_document(comparison, library), charts)


def _places(library: Library) -> list[str]:
    entries = library.catalog.entries()
    return sorted({place_of(one) for one in entries if one.metadata.kind in ("报告", "规划")})


def _years(library: Library) -> list[int]:
    found = {
        one.metadata.end_year
        for one in library.catalog.entries()
        if one.metadata.end_year and one.metadata.kind in ("报告", "规划")
    }
    return sorted(found, reverse=True)
