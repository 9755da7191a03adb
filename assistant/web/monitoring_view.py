"""The form for actual values and what comes of them, as HTML. Knows nothing of Gradio."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from assistant.answer.sources import Sources
from assistant.monitoring.model import STANDINGS, Monitoring, Progress
from assistant.monitoring.report_charts import completion_chart, draw_svg, path_chart
from assistant.monitoring.wording import say_progress, say_remaining, shown_expected
from assistant.tools.figures import Figure
from assistant.web.render import escape
from corpus.model import Indicator

# The year and the value of an indicator's latest figure, by its name.
Filled: TypeAlias = Mapping[str, tuple[str, str]]

_MARKS = {"ahead": "▲", "on_course": "✓", "behind": "▼", "unknown": "—"}
_LONGEST = 40
_COLUMNS = ("指标", "目标", "实际值", "当年应达到", "判断", "完成进度", "余下各年")


def render_form(plan_id: str, indicators: Sequence[Indicator], filled: Filled) -> str:
    """Return the table to fill in, one row for each indicator."""
    rows = "".join(_render_input(one, filled.get(one.name, ("", ""))) for one in indicators)
    heads = "".join(
        f"<th scope='col'>{name}</th>" for name in ("指标", "基数", "目标", "年份", "实际值")
    )
    plan = escape(plan_id)
    return (
        "<form id='actuals' autocomplete='off'>"
        "<p class='bar'><label>年份 <input name='year' inputmode='numeric' maxlength='4' "
        "placeholder='2023'></label><span>没有单独写年份的行都用这一年</span>"
        f"<a href='api/monitoring/template.xlsx?plan={plan}' download>下载 Excel 模板</a>"
        f"<a href='api/monitoring/template.csv?plan={plan}' download>下载 CSV 模板</a></p>"
        "<div class='table-box' role='region' aria-label='填写实际值' tabindex='0'>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        "<button type='submit' class='go'>评估</button></form>"
    )


def render_nothing_to_monitor() -> str:
    """Return what stands in place of the form where no plan has indicators."""
    return "<p class='empty'>没有可以监测的指标。请先在“文档”中收录带指标的文件。</p>"


def render_result(
    monitoring: Monitoring, sources: Sources, payload: Sequence[Sequence[str]]
) -> str:
    """Return where each indicator stands, and the report to save; `payload` are the values."""
    if not monitoring.progress:
        return _render_problems(monitoring) or (
            "<p class='note bad' role='alert'>还没有填实际值。</p>"
        )
    heads = "".join(f"<th scope='col'>{name}</th>" for name in _COLUMNS)
    rows = "".join(map(_render_row, monitoring.progress))
    numbers = {one: place for place, one in enumerate(monitoring.progress, start=1)}
    chart = completion_chart(numbers)
    figure = "" if chart is None else f"<figure>{draw_svg(chart)}</figure>"
    details = "".join(_render_detail(one, sources) for one in monitoring.progress)
    plan_id = monitoring.progress[0].indicator.plan_id
    return (
        f"{_render_counts(monitoring)}{_render_problems(monitoring)}"
        "<div class='table-box' role='region' aria-label='监测结果' tabindex='0'>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{_render_report_form(plan_id, payload)}{figure}{details}"
    )


def render_refused(message: str) -> str:
    """Return why a file could not be used."""
    return f"<p class='note bad' role='alert' translate='no'>{escape(message)}</p>"


def _render_input(one: Indicator, filled: tuple[str, str]) -> str:
    year, value = filled
    name = escape(one.name)
    return (
        f"<tr><th scope='row' translate='no'>{name}<small>{one.attribute or ''}</small></th>"
        f"<td class='figure' translate='no'>{_dated(Figure(one, 'base'))}</td>"
        f"<td class='figure' translate='no'>{_dated(Figure(one))}</td>"
        f"<td><input data-year='{name}' value='{escape(year)}' inputmode='numeric' "
        f"maxlength='{_LONGEST}' aria-label='{name} 年份' translate='no'></td>"
        f"<td><input data-value='{name}' value='{escape(value)}' inputmode='decimal' "
        f"maxlength='{_LONGEST}' aria-label='{name} 实际值' translate='no'>"
        f"<small translate='no'>{escape(one.unit)}</small></td></tr>"
    )


def _dated(figure: Figure) -> str:
    if figure.value is None and not figure.indicator.target_text:
        return "—"
    shown = "—" if figure.value is None else escape(figure.shown)
    return f"{shown}<small>{figure.year or ''}</small>"


def _render_counts(monitoring: Monitoring) -> str:
    shown = "".join(
        f"<span>{STANDINGS[standing]} {len(found)} 项</span>"
        for standing in ("behind", "unknown", "on_course", "ahead")
        if (found := monitoring.of_standing(standing))
    )
    return f"<p class='bar' role='status'><span>共 {len(monitoring.progress)} 项</span>{shown}</p>"


def _render_problems(monitoring: Monitoring) -> str:
    if not monitoring.problems:
        return ""
    items = "".join(
        f"<li>{escape(problem.place)}：{escape(problem.message)}</li>"
        for problem in monitoring.problems
    )
    return (
        f"<div class='note bad' role='alert'><p>没有采用的 {len(monitoring.problems)} 项</p>"
        f"<ul translate='no'>{items}</ul></div>"
    )


def _render_row(one: Progress) -> str:
    assessment = one.assessment
    completion = "—" if assessment.completion is None else f"{assessment.completion.value}%"
    need = say_remaining(one)
    return (
        f"<tr><th scope='row' translate='no'>{escape(one.indicator.name)}"
        f"<small>{one.indicator.attribute or ''}</small></th>"
        f"<td class='figure' translate='no'>{_dated(Figure(one.indicator))}</td>"
        f"<td class='figure' translate='no'>{one.value}{escape(one.indicator.unit)}"
        f"<small>{assessment.year}</small></td>"
        f"<td class='figure' translate='no'>{escape(shown_expected(one))}</td>"
        f"<td class='standing {assessment.standing}'>{_render_mark(one)}</td>"
        f"<td class='count' translate='no'>{completion}</td>"
        f"<td class='need' translate='no'>{escape(need) or '—'}</td></tr>"
    )


def _render_mark(one: Progress) -> str:
    return f"<span aria-hidden='true'>{_MARKS[one.assessment.standing]}</span> {one.label}"


def _render_report_form(plan_id: str, payload: Sequence[Sequence[str]]) -> str:
    values = escape(json.dumps(payload, ensure_ascii=False))
    stages = "".join(
        f"<label><input type='radio' name='stage' value='{stage}'{checked}> {name}</label>"
        for stage, name, checked in (("mid", "中期评估", " checked"), ("final", "期末评估", ""))
    )
    buttons = "".join(
        f"<button type='submit' formaction='api/monitoring/report.{form}'>{name}</button>"
        for form, name in (("docx", "下载 Word 报告"), ("zip", "下载 Markdown 报告"))
    )
    return (
        f"<form class='pager' method='post'><input type='hidden' name='plan' "
        f"value='{escape(plan_id)}'><input type='hidden' name='values' value='{values}'>"
        f"{stages}{buttons}</form>"
    )


def _render_detail(one: Progress, sources: Sources) -> str:
    indicator = one.indicator
    plan = sources.plan(indicator.plan_id)
    path = " › ".join(sources.sections(plan.id)[indicator.section].path)
    page = plan.page_at(indicator.span.start)
    where = f"《{plan.title}》{path}" + (f"，第 {page} 页" if page else "")
    said = "".join(f"<p class='sum'>{escape(sentence)}</p>" for sentence in say_progress(one))
    chart = path_chart(one)
    alone = f"{indicator.name}：应达到与实际值"
    figure = (
        ""
        if chart is None
        else f"<figure role='img' aria-label='{escape(alone)}'>{draw_svg(chart)}</figure>"
    )
    return (
        f"<details class='card indicator'><summary><span translate='no'>{escape(indicator.name)}"
        f"</span> <span class='standing {one.assessment.standing}'>{_render_mark(one)}</span>"
        f"</summary><div translate='no'>{said}<p class='path'>{escape(where)}</p>"
        f"<blockquote>{escape(indicator.span.of(plan.text))}</blockquote>{figure}</div></details>"
    )
