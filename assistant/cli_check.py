"""The command that looks for what contradicts itself in plans."""

from typing import Annotated, Any

import typer

from assistant.checking.check import check_plans
from assistant.checking.model import KIND_NAMES, OUTCOME_NAMES
from assistant.cli_library import AsJson, DataDir, PlanName, open_library, print_json
from assistant.documents import findings_document


def check(
    plan: PlanName = None,
    show_all: Annotated[bool, typer.Option("--all", help="相符的也列出")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """自查：增长核算、前后矛盾、目标倒退、单位、两份规划的目标、合计与项数。"""
    with open_library(data_dir) as library:
        plan_ids = None if plan is None else [library.catalog.find_plan(plan).id]
        document = findings_document(check_plans(library, plan_ids=plan_ids), library)
    if as_json:
        print_json(document)
        return
    for finding in document["findings"]:
        if show_all or finding["outcome"] != "PASS":
            _print(finding)
    counts = document["counts"]
    said = "，".join(f"{name}{counts[outcome]}项" for outcome, name in OUTCOME_NAMES.items())
    typer.echo(f"共核对{sum(counts.values())}项：{said}。")


def _print(finding: dict[str, Any]) -> None:
    label = f"{OUTCOME_NAMES[finding['outcome']]}·{KIND_NAMES[finding['kind']]}"
    typer.echo(f"[{label}] {finding['statement']}")
    for one in finding["evidence"]:
        page = f"（第{one['page']}页）" if one["page"] else ""
        quote = " ".join(one["quote"].split())
        typer.echo(f"    《{one['plan_title']}》{one['section']}{page}：{quote}")
    typer.echo()
