"""Which plans are asked: the picker above the box, closed to one line that says what was picked."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.web.desk import Desk
from assistant.web.parts import QUICK
from assistant.web.scope_picker import ALL, Picked, kinds, regions, scope_line, years

_ANY = ("不限", "")


@dataclass(frozen=True, slots=True)
class ScopeParts:
    """The components of the picker."""

    box: gr.Accordion
    plans: gr.Dropdown
    region: gr.Dropdown
    kind: gr.Dropdown
    year: gr.Dropdown
    reset: gr.Button

    @property
    def picks(self) -> list[Any]:
        """Return what is picked, for an event to take."""
        return [self.plans, self.region, self.kind, self.year]

    @staticmethod
    def picked(
        plans: list[str] | None = None,
        region: str | None = None,
        kind: str | None = None,
        year: str | None = None,
    ) -> Picked:
        """Read what an event took."""
        is_year = (year or "").isdecimal()
        return Picked(tuple(plans or ()), region or "", kind or "", (year or "") if is_year else "")


def lay_out() -> ScopeParts:
    """Put the picker into the column that is open."""
    with gr.Accordion(_label(""), open=False, elem_id="scope") as box:
        plans = gr.Dropdown(
            [], value=[], multiselect=True, label="文件（可多选）", elem_id="scope-plans"
        )
        with gr.Row():
            region, kind, year = (
                gr.Dropdown([_ANY], value="", label=label, min_width=110)
                for label in ("地区", "种类", "年份")
            )
        reset = gr.Button("恢复为全部文件", elem_id="scope-reset", elem_classes="plain", scale=0)
    return ScopeParts(box, plans, region, kind, year, reset)


def connect(page: gr.Blocks, parts: ScopeParts, desk: Desk) -> None:
    """Offer what there is when the page or the picker is opened; say what was picked."""

    def offer() -> tuple[Any, ...]:
        entries = desk.entries()
        offered = (regions(entries), kinds(entries), years(entries))
        return (
            gr.Dropdown([(entry.title, entry.id) for entry in entries]),
            *(gr.Dropdown([_ANY, *((one, one) for one in there)]) for there in offered),
        )

    def tell(*picks: Any) -> gr.Accordion:  # noqa: ANN401
        return gr.Accordion(_label(scope_line(parts.picked(*picks), desk.entries())))

    def reset() -> tuple[Any, ...]:
        return [], "", "", "", gr.Accordion(_label(""), open=False)

    page.load(offer, None, parts.picks, **QUICK)
    parts.box.expand(offer, None, parts.picks, **QUICK)
    gr.on([one.change for one in parts.picks], tell, parts.picks, [parts.box], **QUICK)
    parts.reset.click(reset, None, [*parts.picks, parts.box], **QUICK)


def _label(line: str) -> str:
    return f"查询范围：{line or ALL}"
