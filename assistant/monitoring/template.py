"""The form for actual values: one row for each indicator of a plan, 年份 and 实际值 left empty."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from assistant.library import Library
from assistant.monitoring.monitor import monitored
from assistant.sheets import Cell, write_csv, write_xlsx
from assistant.tools.figures import Figure
from corpus.model import Indicator

Form: TypeAlias = Literal["xlsx", "csv"]

HEAD = (
    *("指标", "单位", "属性", "基数", "基期", "目标", "目标年份"),
    *("年份", "实际值", "文件"),
)
_TITLE = "实际值"


def write_template(library: Library, form: Form, *, plan_ids: Sequence[str] | None = None) -> bytes:
    """Return the form for the plans; of several plans, each row tells its own."""
    titles = {entry.id: entry.title for entry in library.catalog.entries()}
    rows = [_row(one, titles[one.plan_id]) for one in monitored(library, plan_ids)]
    return write_csv(HEAD, rows) if form == "csv" else write_xlsx(_TITLE, HEAD, rows)


def _row(one: Indicator, title: str) -> list[Cell]:
    target = None if one.target is None and not one.target_text else Figure(one).shown
    return [
        *(one.name, one.unit, one.attribute, one.base, one.base_year),
        *(target or one.target_text, one.target_year),
        *(None, None, title),
    ]
