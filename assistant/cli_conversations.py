"""Commands around conversations: chat, and what is kept of it."""

import io
import json
import readline  # noqa: F401, `input` edits the line with it
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.answer.model import Answer
from assistant.answer.respond import respond_fully
from assistant.cli_answer import print_answer
from assistant.cli_library import AsJson, DataDir, PlanName, open_library, print_json
from assistant.records.export import (
    Format,
    conversation_document,
    export_conversation,
    feedback_documents,
)

conversations_app = typer.Typer(name="conversations", help="已保存的对话。", no_args_is_help=True)
feedback_app = typer.Typer(name="feedback", help="对回答的评价。", no_args_is_help=True)

ConversationId = Annotated[str, typer.Argument(metavar="ID", help="对话编号，写开头几位即可")]

_ENDINGS = frozenset({"退出", "再见", "exit", "quit"})
_RATINGS = {"good": "👍", "bad": "👎"}


def chat(
    resume: Annotated[str | None, typer.Option(metavar="ID", help="接着这个对话谈")] = None,
    plan: PlanName = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """连续问答：可以追问；每轮自动保存。输入“退出”或按 Ctrl-D 结束。"""
    with open_library(data_dir) as library:
        saved = library.conversations
        conversation_id = None if resume is None else saved.find(resume)
        plan_id = None if plan is None else library.catalog.find_plan(plan).id
        for line in _questions(is_echoed=not as_json):
            history = saved.history(conversation_id)
            question = _chosen(line, history)
            answer = respond_fully(question, library, plan_id=plan_id, history=history)
            conversation_id, _ = saved.append(answer, conversation_id)
            if not as_json:
                print_answer(answer)
                typer.echo()
    if as_json:
        # All at the end: standard output holds one document.
        print_json(
            {"turns": []}
            if conversation_id is None
            else conversation_document(saved.load(conversation_id))
        )
    elif conversation_id is not None:
        typer.echo(
            f"对话已保存；plan-assistant chat --resume {conversation_id} 可接着谈。", err=True
        )


@conversations_app.command("list")
def list_conversations(
    words: Annotated[str, typer.Argument(help="只列出含有这些字词的对话，用空格分开")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """列出对话，最近的在前。"""
    with open_library(data_dir, set_up=False) as library:
        entries = library.conversations.entries(words)
    if as_json:
        fields = ("id", "title", "created", "updated", "turns")
        rows = [{name: getattr(entry, name) for name in fields} for entry in entries]
        print_json({"conversations": rows})
        return
    if not entries:
        typer.echo(
            "没有找到对话。" if words else "还没有保存任何对话；用 plan-assistant chat 开始。"
        )
        return
    table = Table("编号", "标题", "轮数", "最近一次")
    for entry in entries:
        time = entry.updated[:16].replace("T", " ")
        table.add_row(entry.id, escape(entry.title), str(entry.turns), time)
    Console(width=None if sys.stdout.isatty() else 120).print(table)


@conversations_app.command()
def show(
    conversation_id: ConversationId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """显示一个对话的全部问答和出处。"""
    with open_library(data_dir, set_up=False) as library:
        conversation = library.conversations.load(library.conversations.find(conversation_id))
    if as_json:
        print_json(conversation_document(conversation))
        return
    typer.echo(f"{conversation.title}（{conversation.id}）")
    for number, turn in enumerate(conversation.turns, start=1):
        typer.echo(f"\n问题{number}：{turn.answer.question}")
        print_answer(turn.answer)
        if feedback := turn.feedback:
            typer.echo(f"评价：{_RATINGS[feedback.rating]} {feedback.reason}".rstrip())


@conversations_app.command()
def export(
    conversation_id: ConversationId,
    output: Annotated[Path, typer.Option("--output", "-o", help="写入这个文件（.md 或 .docx）")],
    turn: Annotated[
        int | None, typer.Option(min=1, help="只导出第几轮；不给则导出整个对话")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """导出为 Markdown 或 Word：问题、回答、逐条出处与文件版本。"""
    form = _format_of(output)
    with open_library(data_dir, set_up=False) as library:
        conversation = library.conversations.load(library.conversations.find(conversation_id))
    output.write_bytes(export_conversation(conversation, form, turn=turn))
    typer.echo(f"已写入 {output}。", err=True)


@conversations_app.command()
def rename(
    conversation_id: ConversationId,
    title: Annotated[str, typer.Argument(help="新标题")],
    data_dir: DataDir = None,
) -> None:
    """给对话改标题。"""
    with open_library(data_dir, set_up=False) as library:
        found = library.conversations.find(conversation_id)
        library.conversations.rename(found, title)
    typer.echo(f"已给对话 {found} 改了标题。")


@conversations_app.command()
def delete(conversation_id: ConversationId, data_dir: DataDir = None) -> None:
    """删除对话，连同其中的评价。"""
    with open_library(data_dir, set_up=False) as library:
        found = library.conversations.find(conversation_id)
        library.conversations.delete(found)
    typer.echo(f"已删除对话 {found}。")


@feedback_app.command("export")
def export_feedback(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="写入这个文件；不给则写到标准输出")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """导出有评价的问答，每行一个 JSON，供评测使用。"""
    with open_library(data_dir, set_up=False) as library:
        documents = feedback_documents(library.conversations.rated())
    lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    if output is None:
        typer.echo(lines, nl=False)
    else:
        output.write_text(lines, encoding="utf-8")


def _questions(*, is_echoed: bool) -> Iterator[str]:
    """Yield what is typed, or piped in line by line, until the end is asked for."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        # A byte that is no text must not end the conversation.
        sys.stdin.reconfigure(errors="replace")
    is_typed = sys.stdin.isatty()
    if is_typed:
        typer.echo("请提问，可以追问；输入“退出”或按 Ctrl-D 结束。", err=True)
    while True:
        try:
            line = input("问：" if is_typed else "").strip()
        except EOFError:
            return
        if line in _ENDINGS:
            return
        if not line:
            continue
        if is_echoed and not is_typed:
            typer.echo(f"问：{line}")
        yield line


def _chosen(line: str, history: Sequence[Answer]) -> str:
    """Return the question that a number stands for, if the last answer gave some to choose from."""
    choices = history[-1].choices if history else ()
    if line.isdecimal() and 1 <= int(line) <= len(choices):
        return choices[int(line) - 1]
    return line


def _format_of(output: Path) -> Format:
    match output.suffix.lower():
        case ".md":
            return "md"
        case ".docx":
            return "docx"
    raise typer.BadParameter(f"“{output.name}”应以 .md 或 .docx 结尾", param_hint="--output")
