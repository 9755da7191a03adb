"""The table of indicators and one of its rows as HTML. Pure functions; knows nothing of Gradio."""

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlencode

from assistant.charts import bar_chart
from assistant.tools.indicator_table import (
    ORIGIN_NAMES,
    IndicatorFilter,
    IndicatorRow,
    IndicatorSource,
    SortKey,
)
from assistant.web.render import escape, surroundings
from corpus.model import Indicator

PAGE_ROWS = 50

_COLUMNS: tuple[tuple[str, SortKey | None], ...] = (
    ("指标", "name"),
    ("单位", None),
    ("基数", "base"),
    ("目标", "target"),
    ("增长", "growth"),
    ("属性", "attribute"),
    ("核算", "check"),
    ("文件", "plan"),
)
_SIGNS = {"pass": "✓", "fail": "✗", "not_applicable": "—"}
_SIGN_WORDS = {"pass": "核算相符", "fail": "核算不符", "not_applicable": "无可核算"}


def render_table(rows: Sequence[IndicatorRow], wanted: IndicatorFilter, page: int) -> str:
    """Return one page of the table with its count, its pager and its downloads."""
    if not rows:
        return (
            "<p class='empty' role='status'>没有符合条件的指标。"
            "请放宽筛选，或先在“文档”中收录带指标的文件。</p>"
        )
    pages = (len(rows) - 1) // PAGE_ROWS + 1
    page = min(max(page, 1), pages)
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    head = "".join(_render_head(name, key, wanted) for name, key in _COLUMNS)
    body = "".join(map(_render_row, shown))
    return (
        f"{_render_bar(len(rows), wanted)}"
        "<div class='table-box' role='region' aria-label='指标表' tabindex='0'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"{render_pager(page, pages)}"
    )


def render_pager(page: int, pages: int) -> str:
    """Return the buttons that turn the page; nothing where there is only one."""
    if pages == 1:
        return ""

    def button(name: str, to: int) -> str:
        disabled = "" if 1 <= to <= pages else " disabled"
        return f"<button type='button' data-page='{to}'{disabled}>{name}</button>"

    return (
        f"<nav class='pager' aria-label='翻页'>{button('上一页', page - 1)}"
        f"<span>第 {page} 页，共 {pages} 页</span>{button('下一页', page + 1)}</nav>"
    )


def render_detail(source: IndicatorSource) -> str:
    """Return where a row stands, word for word, with its chart and its sum."""
    indicator, check = source.row.indicator, source.row.check
    path = " › ".join(map(escape, source.path))
    page = f"<span class='page'>第 {source.page} 页</span>" if source.page else ""
    before, after = surroundings(source.plan.text, indicator.span.start, indicator.span.end)
    return (
        "<article class='card indicator' tabindex='-1'><header>"
        f"<h2 translate='no'>{escape(indicator.name)}</h2>{page}</header>"
        f"<p class='path' translate='no'>《{escape(source.plan.title)}》</p>"
        f"<p class='path' translate='no'>{path}</p>"
        f"<blockquote>{escape(before)}<mark>{escape(source.quote)}</mark>{escape(after)}</blockquote>"
        f"<p class='sum {check.status}'>{_render_sign(source.row)} {escape(check.formula)}</p>"
        f"{_render_chart(indicator)}</article>"
    )


def render_no_detail() -> str:
    """Return what stands in place of a row's detail before one is chosen."""
    return "<p class='hint'>点击表中的指标名称，查看原文、核算和图。</p>"


def render_gone(message: str) -> str:
    """Return why a row cannot be shown."""
    return f"<p class='hint' role='alert'>{escape(message)}</p>"


def _render_bar(count: int, wanted: IndicatorFilter) -> str:
    query = urlencode({name: value for name, value in asdict(wanted).items() if value})
    address = escape(f"?{query}") if query else ""
    return (
        f"<p class='bar' role='status'><span>共 {count} 项</span>"
        f"<a href='api/indicators/export.csv{address}' download>下载 CSV</a>"
        f"<a href='api/indicators/export.xlsx{address}' download>下载 Excel</a></p>"
    )


def _render_head(name: str, key: SortKey | None, wanted: IndicatorFilter) -> str:
    if key is None:
        return f"<th scope='col'>{name}</th>"
    sign, order = "", "none"
    if wanted.sort == key:
        sign, order = (" ▼", "descending") if wanted.descending else (" ▲", "ascending")
    return (
        f"<th scope='col' aria-sort='{order}'>"
        f"<button type='button' data-sort='{key}'>{name}<span aria-hidden='true'>{sign}</span>"
        "</button></th>"
    )


def _render_row(row: IndicatorRow) -> str:
    indicator = row.indicator
    small = indicator.category or ("" if indicator.origin == "table" else ORIGIN_NAMES["prose"])
    region = row.entry.metadata.region or ""
    # What the plan says is quoted: figures are the cells as printed.
    figures = "".join(
        f"<td class='figure' translate='no'>{_dated(text, year)}</td>"
        for text, year in (
            (indicator.base_text, indicator.base_year),
            (indicator.target_text, indicator.target_year),
            (indicator.growth_text, None),
        )
    )
    return (
        f"<tr><th scope='row'><button type='button' translate='no' data-plan='{row.entry.id}' "
        f"data-number='{indicator.number}'>{escape(indicator.name)}</button>"
        f"<small>{escape(small)}</small></th>"
        f"<td translate='no'>{escape(indicator.unit) or '—'}</td>{figures}"
        f"<td>{indicator.attribute or '—'}</td>"
        f"<td class='check {row.check.status}'>{_render_sign(row)}{_render_sum(row)}</td>"
        f"<td class='plan' translate='no'>{escape(row.entry.title)}"
        f"<small>{escape(region)}</small></td></tr>"
    )


def _render_sign(row: IndicatorRow) -> str:
    status = row.check.status
    return (
        f"<span role='img' aria-label='{_SIGN_WORDS[status]}' title='{escape(row.check.formula)}'>"
        f"{_SIGNS[status]}</span>"
    )


def _render_sum(row: IndicatorRow) -> str:
    if row.check.status == "not_applicable":
        return ""
    return f"<small>{escape(row.check.formula)}</small>"


def _dated(text: str, year: int | None) -> str:
    if not text:
        return "—"
    return escape(text) if year is None else f"{escape(text)}<small>{year}</small>"


def _render_chart(indicator: Indicator) -> str:
    """Return base and target as bars; nothing where they are not two levels of one thing."""
    if indicator.base is None or indicator.target is None or indicator.change:
        return ""
    names = (_named("基数", indicator.base_year), _named("目标", indicator.target_year))
    chart = bar_chart(
        "",
        names,
        {indicator.name: [indicator.base, indicator.target]},
        unit=indicator.unit,
        print_values=True,
        size=(400, 240),
    )
    said = f"{names[0]} {indicator.base}，{names[1]} {indicator.target}"
    return f"<figure role='img' aria-label='{escape(said)}'>{chart}</figure>"


def _named(name: str, year: int | None) -> str:
    return f"{year}年{name}" if year else name
