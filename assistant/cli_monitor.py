"""The command `monitor`: actual values against the targets of plans, and the report on them."""

from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.cli_library import AsJson, DataDir, PlanName, open_library, print_json
from assistant.library import Library
from assistant.monitoring.actuals import read_table, read_typed
from assistant.monitoring.documents import monitoring_document
from assistant.monitoring.model import Actual, ActualsError, Monitoring, Problem, Progress
from assistant.monitoring.monitor import monitor as hold
from assistant.monitoring.report import Stage, write_report
from assistant.monitoring.report_markdown import write_markdown_report
from assistant.monitoring.report_word import write_word_report
from assistant.monitoring.wording import say_remaining, shown_expected
from assistant.tools.figures import Figure

_STAGES = ("mid", "final")
_COLOURS = {"behind": "red", "ahead": "green"}
_FIRST_YEAR, _LAST_YEAR = 1950, 2100


def monitor(
    actuals: Annotated[
        Path | None, typer.Option("--actuals", help="填好实际值的表（xlsx、csv），见 --template")
    ] = None,
    actual: Annotated[
        list[str] | None,
        typer.Option("--actual", help="一个实际值，可写多次，如：高新技术企业=300@2023"),
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="写出要填的表（.xlsx 或 .csv）")
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            min=_FIRST_YEAR,
            max=_LAST_YEAR,
            help="评估到哪一年；没有写年份的实际值也算这一年的",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="写出评估报告（.docx 或 .md）")
    ] = None,
    stage: Annotated[str, typer.Option("--stage", help="中期 mid，期末 final")] = "mid",
    plan: PlanName = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """指标监测：用实际值对照规划目标，看进度快慢和余下各年所需的增速，并写评估报告。"""
    _check(template, actuals, actual, report, stage)
    with open_library(data_dir) as library:
        plan_ids = None if plan is None else [library.catalog.find_plan(plan).id]
        if template is not None:
            # openpyxl takes long to import, and every command would.
            from assistant.monitoring.template import Form, write_template

            form = cast(Form, template.suffix[1:].lower())
            template.write_bytes(write_template(library, form, plan_ids=plan_ids))
            typer.echo(f"已写出 {template}，请填写“年份”和“实际值”两列。", err=True)
            return
        try:
            found, problems = _read(actuals, actual or [], year)
            held = hold(found, library, plan_ids=plan_ids, year=year, problems=problems)
            if report is not None:
                _write(report, held, library, cast(Stage, stage))
        except ActualsError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        if as_json:
            print_json(monitoring_document(held, library))
        else:
            _show(held)
    if not held.progress:
        raise typer.Exit(1)


def _check(
    template: Path | None,
    actuals: Path | None,
    actual: list[str] | None,
    report: Path | None,
    stage: str,
) -> None:
    if template is None and actuals is None and not actual:
        raise typer.BadParameter(
            "请用 --actuals 或 --actual 给出实际值，或用 --template 写出要填的表"
        )
    if template is not None and template.suffix.lower() not in (".xlsx", ".csv"):
        raise typer.BadParameter("--template 的文件名应以 .xlsx 或 .csv 结尾")
    if report is not None and report.suffix.lower() not in (".docx", ".md"):
        raise typer.BadParameter("--report 的文件名应以 .docx 或 .md 结尾")
    if stage not in _STAGES:
        raise typer.BadParameter("--stage 应为 mid（中期）或 final（期末）")


def _read(
    path: Path | None, typed: list[str], year: int | None
) -> tuple[list[Actual], list[Problem]]:
    actuals, problems = read_typed(typed, year=year)
    if path is not None:
        listed, unusable = read_table(path, year=year)
        actuals, problems = [*listed, *actuals], [*unusable, *problems]
    return actuals, problems


def _write(path: Path, held: Monitoring, library: Library, stage: Stage) -> None:
    report = write_report(held, library, stage)
    if path.suffix.lower() == ".docx":
        path.write_bytes(write_word_report(report))
    else:
        for name, content in write_markdown_report(report, path.stem).items():
            path.with_name(name).write_bytes(content)
    typer.echo(f"已写出 {path}", err=True)


def _show(held: Monitoring) -> None:
    table = Table("指标", "属性", "目标", "实际值", "当年应达到", "判断", "完成进度", "余下各年")
    for one in held.progress:
        table.add_row(*_cells(one))
    console = Console(width=160)
    if held.progress:
        console.print(table)
    if held.missing:
        names = "、".join(one.name for one in held.missing)
        typer.echo(f"没有实际值的{len(held.missing)}项：{names}")
    for problem in held.problems:
        typer.echo(f"未采用：{problem.place}：{problem.message}", err=True)


def _cells(one: Progress) -> list[Any]:
    target = Figure(one.indicator)
    completion = one.assessment.completion
    colour = _COLOURS.get(one.assessment.standing)
    label = f"[{colour}]{one.label}[/]" if colour else one.label
    return [
        escape(one.indicator.name),
        one.indicator.attribute or "—",
        escape(f"{target.shown}（{target.year}年）" if target.year else target.shown),
        f"{one.value}{one.indicator.unit}（{one.assessment.year}年）",
        shown_expected(one),
        label,
        "—" if completion is None else f"{completion.value}%",
        f"需{say_remaining(one)}" if say_remaining(one) else "—",
    ]
