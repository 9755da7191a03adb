"""The sub-tab 规划自查: what contradicts itself in a plan, both sides beside each other."""

from collections.abc import Sequence

import gradio as gr

from assistant.checking.check import check_plans
from assistant.documents import findings_document
from assistant.library import Library
from assistant.web.checking_view import outcome_choices, render_findings
from corpus.errors import PlanNotFound

_ALL = "全部文件"


def lay_out(library: Library) -> None:
    """Put the checks into the tab that is open."""
    with gr.Row(elem_classes="filters"):
        plan = gr.Dropdown(
            [(_ALL, "")], value=None, label="核对哪份文件", scale=2, elem_id="checking-plan"
        )
        outcomes = gr.CheckboxGroup(
            outcome_choices(),
            value=["FAIL", "UNCERTAIN"],
            label="列出",
            elem_id="checking-outcomes",
        )
    shown = gr.HTML(
        "<p class='empty'>选一份文件，或选“全部文件”，开始核对。</p>",
        elem_id="checking",
        js_on_load=None,
        apply_default_css=False,
    )

    def check(plan_id: str | None, outcomes: Sequence[str]) -> str:
        return check_page(library, plan_id, outcomes)

    def choices() -> gr.Dropdown:
        plans = [(one.title, one.id) for one in library.catalog.entries()]
        return gr.Dropdown([(_ALL, ""), *plans])

    changes = [plan.change, outcomes.change]
    gr.on(
        changes, check, [plan, outcomes], shown, show_progress="minimal", api_visibility="private"
    )
    # What has been taken in since the page was built can be picked too.
    gr.on(None, choices, None, plan, show_progress="hidden", api_visibility="private")


def check_page(library: Library, plan_id: str | None, outcomes: Sequence[str]) -> str:
    """Return the findings as HTML; asks for a plan where none is picked."""
    if plan_id is None:
        return "<p class='empty'>选一份文件，或选“全部文件”，开始核对。</p>"
    try:
        plan_ids = [library.catalog.entry(plan_id).id] if plan_id else None
    except PlanNotFound:
        return "<p class='empty' role='status'>这份文件已被移除，请重新选择。</p>"
    findings = check_plans(library, plan_ids=plan_ids)
    return render_findings(findings_document(findings, library), outcomes)
