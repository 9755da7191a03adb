"""An answer as the command line shows it."""

import typer

from assistant.answer.model import Answer


def print_answer(answer: Answer) -> None:
    """Print how the question was read, the answer, what is to be known of it, and its sources."""
    if approval := answer.approval:
        typer.echo(f"人工审定：{approval.editor}，{approval.time[:10]}")
    if answer.rewritten:
        typer.echo(f"理解为：{answer.rewritten}")
    typer.echo(answer.text)
    for number, choice in enumerate(answer.choices, start=1):
        typer.echo(f"  {number}. {choice}")
    for note in answer.notes:
        typer.echo(f"说明：{note}")
    for words in answer.approval.written if answer.approval else ():
        typer.echo(f"审定人所写，不在所引原文中：{words}")
    for removed in answer.removed:
        typer.echo(f"核对时删去：{removed.sentence}（{removed.reason}）")
    if answer.citations:
        typer.echo("\n来源：")
    for citation in answer.citations:
        quote = " ".join(citation.quote.split())
        shown = quote if len(quote) <= 80 else quote[:79] + "…"
        title = f"《{citation.plan_title}》" + ("（已有新版）" if citation.is_superseded else "")
        page = f"（第{citation.page}页）" if citation.page else ""
        typer.echo(f"[{citation.n}] {title}{citation.section}{page}：{shown}")
