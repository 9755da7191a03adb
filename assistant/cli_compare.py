"""The command that sets plans of several places and years side by side."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.cli_library import AsJson, DataDir, open_library, print_json
from assistant.documents import comparison_document
from assistant.library import Library
from assistant.tools.comparability import NOT_STATED
from assistant.tools.comparison import Comparison, compare_named
from assistant.tools.comparison_chart import Chart, draw_series
from corpus.model import Kind


def compare(
    indicators: Annotated[list[str], typer.Argument(help="指标名称或别称；写“…增长”则只比增幅")],
    plan: Annotated[list[str] | None, typer.Option(help="只比这些：编号或标题中的字")] = None,
    region: Annotated[list[str] | None, typer.Option(help="只比这些地区；全国写“全国”")] = None,
    year: Annotated[list[int] | None, typer.Option(help="只比这些年份")] = None,
    kind: Annotated[Kind | None, typer.Option(help="只比报告，或只比规划")] = None,
    chart: Annotated[Path | None, typer.Option(help="把图写入这个 SVG 文件")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """比较各地、各年对同一指标的目标；没有写明的列为未载明。"""
    with open_library(data_dir) as library:
        comparison = compare_named(
            indicators,
            library,
            places=region or (),
            years=year or (),
            kind=kind,
            plan_ids=_plan_ids(library, plan),
        )
        document = comparison_document(comparison, library)
    if as_json:
        print_json(document)
    else:
        _print(document)
    if chart is not None:
        _write_charts(comparison, chart)


def _plan_ids(library: Library, plans: list[str] | None) -> list[str] | None:
    return None if plans is None else [library.catalog.find_plan(plan).id for plan in plans]


def _print(document: dict[str, Any]) -> None:
    console = Console(width=160)
    for series in document["series"]:
        table = Table("地区", "年份", series["indicator"], "出处", title_justify="left")
        for row in series["rows"]:
            shown = "；".join(figure["shown"] for figure in row["figures"]) or NOT_STATED
            places = dict.fromkeys(_place(figure) for figure in row["figures"])
            cells = (row["place"], str(row["year"] or "—"), shown, "；".join(places) or "—")
            table.add_row(*map(escape, cells))
        console.print(table if series["rows"] else "没有可比的报告或规划；请先收录，或放宽条件。")
        for note in (*series["warnings"], *series["missing"]):
            typer.echo(f"注：{note}。")
        for row in series["rows"]:
            for figure in row["near"]:
                typer.echo(
                    f"注：{row['place']}{row['year'] or ''}没有写明{series['indicator']}，但写有"
                    f"{figure['name']}{figure['shown']}（{_place(figure)}），口径不同，没有列入。"
                )


def _place(figure: dict[str, Any]) -> str:
    page = f"第{figure['page']}页" if figure["page"] else ""
    return f"《{figure['plan_title']}》{figure['section']}{page}"


def _write_charts(comparison: Comparison, path: Path) -> None:
    """Write one file a series: FILE for one, FILE-1, FILE-2 … for several."""
    charts = [draw_series(comparison.parties, series) for series in comparison.series]
    for number, (series, drawn) in enumerate(zip(comparison.series, charts, strict=True), start=1):
        if drawn is None:
            typer.echo(f"{series.title}：单位相同的数值不足两个，没有画图。", err=True)
            continue
        file = path if len(charts) == 1 else path.with_stem(f"{path.stem}-{number}")
        file.write_text(drawn.svg, encoding="utf-8")
        typer.echo(f"{series.title}：图已写入 {file}{_left_out(drawn)}。", err=True)


def _left_out(chart: Chart) -> str:
    if not chart.left_out:
        return ""
    return f"；未载明或单位不同而没有画出：{'、'.join(chart.left_out)}"
