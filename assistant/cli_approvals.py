"""Commands around approved answers: list them, take one back."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.cli_library import AsJson, DataDir, open_library, print_json
from assistant.documents import answer_document

approvals_app = typer.Typer(name="approvals", help="人工审定的回答。", no_args_is_help=True)

_STATES = {False: "有效", True: "待复核"}


@approvals_app.command("list")
def list_approvals(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """列出审定的回答；所引文件变了的为“待复核”，不再用来回答。"""
    with open_library(data_dir, set_up=False) as library:
        approved = library.approvals.entries()
    if as_json:
        rows = [
            {"id": one.id, "is_stale": one.is_stale, **answer_document(one.answer)}
            for one in approved
        ]
        print_json({"approvals": rows})
        return
    if not approved:
        typer.echo("还没有审定的回答；编辑者可在网页上审定。")
        return
    table = Table("编号", "问题", "回答", "审定人", "日期", "状态")
    for one in approved:
        answer = one.answer
        editor = answer.approval.editor if answer.approval else "—"
        said = (answer.rewritten or answer.question, answer.text, editor)
        table.add_row(str(one.id), *map(escape, said), one.time[:10], _STATES[one.is_stale])
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@approvals_app.command()
def withdraw(
    approval_id: Annotated[int, typer.Argument(metavar="ID", help="审定的编号")],
    data_dir: DataDir = None,
) -> None:
    """撤销一条审定，以后重新按原文回答。"""
    with open_library(data_dir, set_up=False) as library:
        library.approvals.withdraw(approval_id)
    typer.echo(f"已撤销第 {approval_id} 条审定。")
