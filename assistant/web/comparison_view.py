"""A comparison as HTML and as sheets. Pure functions; knows nothing of Gradio."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from assistant.sheets import Cell, write_csv, write_xlsx
from assistant.tools.comparability import NOT_STATED
from assistant.tools.comparison_chart import Chart
from assistant.web.render import escape

SHEET_HEAD = (
    "指标",
    "地区",
    "年份",
    "原文数值",
    "数值",
    "区间上限",
    "单位",
    "限定词",
    "文件",
    "章节",
    "页",
    "原文",
)
_MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def render_comparison(document: dict[str, Any], charts: Sequence[Chart | None]) -> str:
    """Return each series: its table with the words behind each figure, its warnings, its chart."""
    parts = [
        _render_series(series, chart)
        for series, chart in zip(document["series"], charts, strict=True)
        if series["rows"]
    ]
    if not parts:
        return (
            "<p class='empty' role='status'>没有可比的报告或规划。"
            "请先在“文档”中收录，或放宽地区、年份。</p>"
        )
    return f"{render_downloads('比较', SHEET_HEAD, sheet_rows(document))}{''.join(parts)}"


def sheet_rows(document: dict[str, Any]) -> list[tuple[Cell, ...]]:
    """Return one row a figure, and one for each place that states none."""
    rows: list[tuple[Cell, ...]] = []
    for series in document["series"]:
        for row in series["rows"]:
            who = (series["indicator"], row["place"], row["year"])
            rows += [(*who, *_sheet_cells(figure)) for figure in row["figures"]]
            if not row["figures"]:
                rows.append((*who, NOT_STATED, *([None] * (len(SHEET_HEAD) - 4))))
    return rows


def render_downloads(name: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return links that hold the sheets themselves: nothing is kept on the server for them."""
    contents = {"csv": write_csv(head, rows), "xlsx": write_xlsx(name, head, rows)}
    links = "".join(
        f"<a download='{escape(name)}.{form}' href='data:{_MEDIA[form]};base64,"
        f"{b64encode(content).decode()}'>{label}</a>"
        for (form, content), label in zip(contents.items(), ("CSV", "Excel"), strict=True)
    )
    return f"<p class='downloads'>下载：{links}</p>"


def place_of(source: dict[str, Any]) -> str:
    """Return plan, headings and page of a source, as HTML."""
    page = f"，第{source['page']}页" if source["page"] else ""
    section = f"，{source['section']}" if source["section"] else ""
    return escape(f"《{source['plan_title']}》{section}{page}")


def _sheet_cells(figure: dict[str, Any]) -> tuple[Cell, ...]:
    keys = ("shown", "value", "high", "unit", "bound", "plan_title", "section", "page", "quote")
    return tuple(figure[key] for key in keys)


def _render_series(series: dict[str, Any], chart: Chart | None) -> str:
    title = escape(series["indicator"])
    rows = "".join(map(_render_row, series["rows"]))
    near = [
        f"{row['place']}{row['year'] or ''}没有写明，但写有{figure['name']}{figure['shown']}"
        "，口径不同，没有列入比较"
        for row in series["rows"]
        for figure in row["near"]
    ]
    notes = "".join(
        f"<li>{escape(note)}。</li>" for note in (*series["warnings"], *series["missing"], *near)
    )
    return (
        f"<section class='series'><h2>{title}</h2>"
        f"<div class='table-box' role='region' aria-label='{title}' tabindex='0'>"
        "<table><thead><tr><th scope='col'>地区</th><th scope='col'>年份</th>"
        "<th scope='col'>目标</th><th scope='col'>原文与出处</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
        f"{f'<ul class=warnings>{notes}</ul>' if notes else ''}{_render_chart(chart)}</section>"
    )


def _render_row(row: dict[str, Any]) -> str:
    shown = "；".join(figure["shown"] for figure in row["figures"])
    cell = f"<td>{escape(shown)}</td>" if shown else f"<td class='unstated'>{NOT_STATED}</td>"
    sources = "".join(
        f"<div><q>{escape(' '.join(figure['quote'].split()))}</q>"
        f"<small>{place_of(figure)}</small></div>"
        for figure in row["figures"]
    )
    year = escape(f"{row['year']}年") if row["year"] else "—"
    return (
        f"<tr><th scope='row'>{escape(row['place'])}</th><td>{year}</td>{cell}"
        f"<td class='words'>{sources or '—'}</td></tr>"
    )


def _render_chart(chart: Chart | None) -> str:
    if chart is None:
        return ""
    left_out = "、".join(chart.left_out)
    note = f"没有画出（未载明或单位不同）：{left_out}。" if left_out else ""
    caption = f"<figcaption>{escape(note)}</figcaption>" if note else ""
    return f"<figure class='chart'>{chart.svg}{caption}</figure>"
