"""The section 监测 of the tab 指标: actual values in, where each indicator stands out.

Keeps no state on the server: values stand in the page's form; earlier years of an uploaded table
are kept for the visit.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answer.sources import Sources
from assistant.library import Library
from assistant.monitoring.actuals import read_given, read_table
from assistant.monitoring.model import ActualsError, Monitoring
from assistant.monitoring.monitor import monitor, monitored
from assistant.web import monitoring_view as view
from assistant.web.monitoring_files import Given, read_values
from assistant.web.page import LaidOut
from assistant.web.parts import QUICK
from corpus.errors import UnreadableFile

# The form's values come back as what the event says.
_SUBMIT_JS = """element.addEventListener("submit", (event) => {
  event.preventDefault();
  const year = element.querySelector("[name=year]").value;
  const rows = [...element.querySelectorAll("[data-value]")].map((box) => [
    box.dataset.value,
    box.value,
    box.closest("tr").querySelector("[data-year]").value || year,
  ]);
  trigger("submit", { rows: JSON.stringify(rows.filter((row) => row[1].trim())) });
});"""
_SHOW_JS = """() => setTimeout(() => {
  document.querySelector("#monitoring-result")?.scrollIntoView({ block: "nearest" });
}, 50)"""


def lay_out(library: Library) -> LaidOut:
    """Put the section into the tab that is open."""
    with gr.Row(elem_classes="filters"):
        plan = gr.Dropdown(
            [], label="文件", scale=4, min_width=200, filterable=True, elem_id="monitoring-plan"
        )
        upload = gr.UploadButton(
            "上传填好的表（xlsx、csv）",
            file_types=[".xlsx", ".csv"],
            scale=1,
            min_width=180,
            elem_id="monitoring-upload",
        )
    form = _html("monitoring-form", js_on_load=_SUBMIT_JS)
    result = _html("monitoring-result")
    earlier = gr.State([])

    def refresh(chosen: str | None) -> tuple[Any, ...]:
        choices = _plans(library)
        ids = [plan_id for _, plan_id in choices]
        if chosen in ids:
            return gr.Dropdown(choices, value=chosen), gr.skip(), gr.skip(), gr.skip()
        first = ids[0] if ids else None
        return gr.Dropdown(choices, value=first), *_empty(first, library)

    def choose(chosen: str | None) -> tuple[Any, ...]:
        return _empty(chosen, library)

    def submit(event: gr.EventData, chosen: str, before: list[Given]) -> str:
        return _judged(chosen, read_values(event._data["rows"]), before, library)

    def take(path: str, chosen: str) -> tuple[Any, ...]:
        return _taken(Path(path), chosen, library)

    plan.input(choose, [plan], [form, result, earlier], **QUICK)
    judged = form.submit(submit, [plan, earlier], [result], **QUICK)
    taken = upload.upload(take, [upload, plan], [form, result, earlier], **QUICK)
    for done in (judged, taken):
        done.then(None, None, None, js=_SHOW_JS)
    return LaidOut(refresh, [plan], [plan, form, result, earlier])


def _html(elem_id: str, *, js_on_load: str | None = None) -> gr.HTML:
    return gr.HTML("", elem_id=elem_id, js_on_load=js_on_load, apply_default_css=False)


def _plans(library: Library) -> list[tuple[str, str]]:
    """Return the plans that have something to monitor, those with a table first."""
    with_table = {one.plan_id: one.origin == "table" for one in monitored(library)}
    entries = [entry for entry in library.catalog.entries() if entry.id in with_table]
    entries.sort(key=lambda entry: (not with_table[entry.id], entry.title))
    return [(entry.title, entry.id) for entry in entries]


def _empty(plan_id: str | None, library: Library) -> tuple[str, str, list[Given]]:
    if plan_id is None:
        return view.render_nothing_to_monitor(), "", []
    return view.render_form(plan_id, monitored(library, [plan_id]), {}), "", []


def _judged(plan_id: str, rows: list[Given], before: list[Given], library: Library) -> str:
    now = {(name, year) for name, _, year in rows}
    given = [*(row for row in before if (row[0], row[2]) not in now), *rows]
    actuals, problems = read_given(given)
    held = monitor(actuals, library, plan_ids=[plan_id], problems=problems)
    return _shown(held, library, given)


def _taken(path: Path, plan_id: str, library: Library) -> tuple[Any, ...]:
    """Return the form with the latest values of an uploaded table, and what comes of them."""
    try:
        actuals, problems = read_table(path)
        held = monitor(actuals, library, plan_ids=[plan_id], problems=problems)
    except (UnreadableFile, ActualsError) as error:
        return gr.skip(), view.render_refused(str(error)), gr.skip()
    finally:
        # Nobody needs the upload any more.
        path.unlink(missing_ok=True)
    given = [
        (one.indicator.name, str(value), str(year))
        for one in held.progress
        for year, value in one.series
    ]
    filled = {
        one.indicator.name: (str(one.assessment.year), str(one.value)) for one in held.progress
    }
    form = view.render_form(plan_id, monitored(library, [plan_id]), filled)
    return form, _shown(held, library, given), given


def _shown(held: Monitoring, library: Library, given: Sequence[Given]) -> str:
    return view.render_result(held, Sources(library.catalog), given)
