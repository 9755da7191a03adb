"""The tab 指标: every indicator of every plan in one table, and the words that a row rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, get_args

import gradio as gr

from assistant.library import Library
from assistant.tools.indicator_table import (
    CHECK_NAMES,
    NO_ATTRIBUTE,
    ORIGIN_NAMES,
    IndicatorFilter,
    IndicatorNotFound,
    IndicatorRow,
    SortKey,
    filter_indicators,
    find_source,
    narrow_rows,
    read_rows,
)
from assistant.web import indicator_view
from assistant.web.page import LaidOut, Tab, add_tab
from assistant.web.parts import CLICKS_JS, QUICK
from corpus.model import Attribute

Choice: TypeAlias = tuple[str, str]

WORDS_LIMIT = 60
_EVERYTHING = IndicatorFilter()
_ALL = "全部"
# The detail stands below the table: on a small screen out of sight.
_SHOW_JS = """() => setTimeout(() => {
  const card = document.querySelector("#indicator-detail .card");
  card?.scrollIntoView({ block: "nearest" });
  card?.focus({ preventScroll: true });
}, 50)"""


@dataclass(frozen=True, slots=True)
class _View:
    """How the table is looked at, beside the filter: kept for the visit."""

    wanted: IndicatorFilter = _EVERYTHING
    page: int = 1


def lay_out(library: Library, sections: Sequence[Tab] = ()) -> LaidOut:
    """Put the table into the tab that is open; `sections` stand beside it as tabs of their own."""
    if not sections:
        return _lay_out_table(library)
    with gr.Tabs(elem_id="indicator-tabs", overflow_behavior="wrap"):
        table = add_tab(Tab("indicator-table", "指标表", lambda: _lay_out_table(library)))
        for section in sections:
            add_tab(section)
    return table


def _lay_out_table(library: Library) -> LaidOut:
    with gr.Row(elem_classes="filters"):
        words = gr.Textbox(
            label="查找",
            placeholder="指标或文件名称中的字",
            max_length=WORDS_LIMIT,
            scale=2,
            min_width=240,
            elem_id="indicator-words",
        )
        plan = _dropdown("文件", scale=2)
        region = _dropdown("地区")
        attribute = _dropdown(
            "属性", [(name, name) for name in (*get_args(Attribute), NO_ATTRIBUTE)]
        )
        category = _dropdown("类别")
        check = _dropdown("核算", [(name, status) for status, name in CHECK_NAMES.items()])
        origin = _dropdown("出自", [(name, origin) for origin, name in ORIGIN_NAMES.items()])
    view = gr.State(_View())
    with gr.Row(elem_id="indicator-desk"):
        with gr.Column(scale=7, min_width=280):
            table = gr.HTML("", elem_id="indicators", js_on_load=CLICKS_JS, apply_default_css=False)
        with gr.Column(scale=4, min_width=280):
            detail = gr.HTML(
                indicator_view.render_no_detail(),
                elem_id="indicator-detail",
                js_on_load=None,
                apply_default_css=False,
            )

    def narrow(view: _View, *values: str | None) -> tuple[str, _View]:
        wanted = _filter_of(values, view.wanted)
        return _shown(_View(wanted), library)

    def turn(event: gr.EventData, view: _View) -> tuple[Any, ...]:
        return _turned(event._data, view, library)

    def refresh(view: _View) -> tuple[Any, ...]:
        rows = read_rows(library)
        found = narrow_rows(rows, view.wanted)
        table = indicator_view.render_table(found, view.wanted, view.page)
        return table, view, *_choices(rows, view.wanted)

    lists = (plan, region, attribute, category, check, origin)
    changes = [words.change, *(one.change for one in lists)]
    gr.on(changes, narrow, [view, words, *lists], [table, view], **QUICK)
    clicked = table.select(turn, [view], [table, view, detail], **QUICK)
    clicked.then(None, None, None, js=_SHOW_JS)
    return LaidOut(refresh, [view], [table, view, plan, region, category])


def _dropdown(label: str, choices: Sequence[Choice] = (), *, scale: int = 1) -> gr.Dropdown:
    return gr.Dropdown(
        [(_ALL, ""), *choices], value="", label=label, scale=scale, min_width=120, filterable=True
    )


def _filter_of(values: Sequence[str | None], before: IndicatorFilter) -> IndicatorFilter:
    """Return the filter as it is set now, in the order that the rows have already."""
    words, *chosen = (value or "" for value in values)
    plan_id, region, attribute, category, check, origin = (value or None for value in chosen)
    return IndicatorFilter(
        words[:WORDS_LIMIT],
        plan_id,
        region,
        attribute,
        category,
        check,  # type: ignore[arg-type]
        origin,  # type: ignore[arg-type]
        before.sort,
        before.descending,
    )


def _shown(view: _View, library: Library) -> tuple[str, _View]:
    rows = filter_indicators(view.wanted, library)
    return indicator_view.render_table(rows, view.wanted, view.page), view


def _turned(clicked: dict[str, str], view: _View, library: Library) -> tuple[Any, ...]:
    """Return the table after a click: sorted, turned over, or with one row's source below."""
    if "plan" in clicked:
        return gr.skip(), gr.skip(), _detail(clicked["plan"], clicked["number"], library)
    key = next((key for key in get_args(SortKey) if key == clicked.get("sort")), None)
    if key:
        again = view.wanted.sort == key and not view.wanted.descending
        view = _View(replace(view.wanted, sort=key, descending=again))
    elif "page" in clicked:
        view = replace(view, page=int(clicked["page"]))
    return *_shown(view, library), gr.skip()


def _detail(plan_id: str, number: str, library: Library) -> str:
    try:
        return indicator_view.render_detail(find_source(plan_id, int(number), library))
    except IndicatorNotFound as error:
        return indicator_view.render_gone(str(error))


def _choices(rows: Sequence[IndicatorRow], wanted: IndicatorFilter) -> tuple[gr.Dropdown, ...]:
    """Return the lists that depend on what has been taken in, with what is chosen in them."""
    plans = {row.entry.id: row.entry.title for row in rows}
    regions = {row.entry.metadata.region for row in rows}
    categories = {row.indicator.category for row in rows}
    return (
        _choose([(title, plan_id) for plan_id, title in plans.items()], wanted.plan_id),
        _choose([(name, name) for name in sorted(filter(None, regions))], wanted.region),
        _choose([(name, name) for name in sorted(filter(None, categories))], wanted.category),
    )


def _choose(choices: Sequence[Choice], chosen: str | None) -> gr.Dropdown:
    is_there = any(value == chosen for _, value in choices)
    return gr.Dropdown([(_ALL, ""), *choices], value=chosen if is_there and chosen else "")
