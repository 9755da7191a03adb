"""The command line: thin commands over the library. Results go to stdout, all else to stderr.

Exit codes: 0 answered or properly refused, 1 failed (one line says why), 2 wrong usage.
"""

import atexit
import csv
import gc
import json
import logging
import runpy
import socket
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import DatabaseError

from assistant.accounts import AccountError
from assistant.answer.respond import get_ready, respond_fully
from assistant.batch import answer_lines
from assistant.cli_answer import print_answer
from assistant.cli_approvals import approvals_app
from assistant.cli_check import check
from assistant.cli_compare import compare
from assistant.cli_conversations import chat, conversations_app, feedback_app
from assistant.cli_ingest import (
    Date,
    Issuer,
    KindOption,
    LevelOption,
    Number,
    Period,
    Region,
    Title,
    file_progress,
    ingestion_summary,
    ingestion_table,
    read_corrections,
)
from assistant.cli_library import AsJson, DataDir, PlanName, open_library, print_json
from assistant.cli_match import match
from assistant.cli_mcp import mcp
from assistant.cli_monitor import monitor
from assistant.cli_users import users_app
from assistant.documents import (
    answer_document,
    entry_document,
    ingestion_document,
    search_document,
)
from assistant.library import Library
from assistant.lookups import (
    indicators_document,
    measures_document,
    plans_document,
    projects_document,
)
from assistant.models.errors import ModelError
from assistant.records.model import ConversationError
from assistant.retrieve import retrieve
from corpus.errors import CorpusError
from corpus.ingest import Ingested

app = typer.Typer(
    name="plan-assistant",
    help="规划问答助手：对政府规划提问，回答逐句注明出处。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(chat)
app.command()(monitor)
app.command()(compare)
app.command()(check)
app.command()(match)
app.command()(mcp)
app.add_typer(approvals_app)
app.add_typer(conversations_app)
app.add_typer(feedback_app)
app.add_typer(users_app)
_err = Console(stderr=True)
# A file or a pipe has no width of its own; 80 columns would fold every cell of a table.
_out = Console(width=None if sys.stdout.isatty() else 160)

_CHECKS = {"pass": "✓ 一致", "fail": "✗ 不符", "not_applicable": "—"}


def main() -> None:
    """Run the command line; what a user can mend is said in one line."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    # Or Python looks for garbage in all that is loaded on its way out: 0.4 seconds for nothing.
    atexit.register(gc.freeze)
    try:
        app()
    except (CorpusError, ModelError, ConversationError, AccountError) as error:
        _fail(str(error))
    except ValidationError as error:
        names = "、".join(f"PLAN_{str(fault['loc'][0]).upper()}" for fault in error.errors())
        _fail(f"设置有误：{names}，请检查环境变量或 .env 文件", code=2)
    except DatabaseError as error:
        _fail(f"资料目录无法读写：{error.orig}；请检查 --data-dir 或磁盘空间")
    except OSError as error:
        _fail(f"文件操作失败：{error.filename or ''} {error.strerror}")
    except KeyboardInterrupt:
        _fail("已中断", code=130)


@app.callback(invoke_without_command=True)
def _root(
    show_version: Annotated[bool, typer.Option("--version", help="显示版本")] = False,
) -> None:
    if show_version:
        typer.echo(f"plan-assistant {version('plan-assistant')}")
        raise typer.Exit


@app.command()
def setup(data_dir: DataDir = None) -> None:
    """准备模型并收录随附规划（可重复运行）。"""
    with open_library(data_dir) as library:
        library.embeddings.embed_query("准备就绪")
        typer.echo(f"已就绪，收录文件 {len(library.catalog.entries())} 份。", err=True)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件、文件夹或 zip 压缩包")],
    title: Title = None,
    number: Number = None,
    issuer: Issuer = None,
    region: Region = None,
    level: LevelOption = None,
    kind: KindOption = None,
    period: Period = None,
    date: Date = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """收录文件、文件夹或 zip；内容未变的跳过，变了的替换旧版，中断后重跑会接着做。"""
    corrections = read_corrections(title, number, issuer, region, level, kind, period, date)
    started = time.perf_counter()
    done: list[Ingested] = []
    with open_library(data_dir, set_up=False) as library, file_progress(_err) as progress:
        try:
            for ingested in library.ingest_all(
                paths,
                corrections=corrections,
                on_files=progress.start,
                advance=progress.advance,
            ):
                done.append(ingested)
        except KeyboardInterrupt:
            _out.print(ingestion_table(done))
            stored = sum(one.outcome in ("added", "replaced") for one in done)
            _fail(f"已中断：本次收录的 {stored} 份已保存，重新运行同一命令会接着做", code=130)
    seconds = time.perf_counter() - started
    if as_json:
        print_json({**ingestion_document(done), "seconds": round(seconds, 2)})
    elif any(one.outcome != "failed" for one in done):
        _out.print(ingestion_table(done))
        typer.echo(ingestion_summary(done, seconds), err=True)
    failed = [one for one in done if one.outcome == "failed"]
    for one in failed:
        typer.echo("；".join(one.warnings), err=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def correct(
    plan: Annotated[str, typer.Argument(help="编号或标题中的字")],
    title: Title = None,
    number: Number = None,
    issuer: Issuer = None,
    region: Region = None,
    level: LevelOption = None,
    kind: KindOption = None,
    period: Period = None,
    date: Date = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """更正一份文件的标题或属性；同一文件以后更新时沿用。"""
    corrections = read_corrections(title, number, issuer, region, level, kind, period, date)
    if not corrections:
        raise typer.BadParameter("请至少给出一项要更正的内容，例如 --region 温州市瓯海区")
    with open_library(data_dir) as library:
        plan_id = library.catalog.find_plan(plan).id
        library.correct(plan_id, corrections)
        entry = library.catalog.entry(plan_id)
    if as_json:
        print_json(entry_document(entry))
    else:
        typer.echo(f"已更正《{entry.title}》（{entry.id}）。")


@app.command("list")
def list_plans(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """列出已收录的文件。"""
    with open_library(data_dir) as library:
        document = plans_document(library)
    if as_json:
        print_json(document)
        return
    documents = document["plans"]
    counted = ("characters", "sections", "chunks", "indicators", "measures", "projects")
    table = Table(
        "编号", "标题", "地区", "种类", "时期", "字数", "章节", "文本块", "指标", "措施", "项目"
    )
    for plan in documents:
        title = plan["plan_title"] + ("（已有新版）" if plan["superseded_by"] else "")
        said = (plan["region"] or plan["level"], plan["kind"], plan["period"])
        table.add_row(
            plan["plan_id"],
            escape(title),
            *(escape(word or "—") for word in said),
            *(str(plan[name]) for name in counted),
        )
    _out.print(table if documents else "还没有收录任何文件；用 plan-assistant ingest 收录。")


@app.command()
def remove(
    plan: Annotated[str, typer.Argument(help="编号或标题中的字")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """移除一份文件及其全部索引。"""
    with open_library(data_dir) as library:
        entry = library.catalog.find_plan(plan)
        library.remove(entry.id)
    if as_json:
        print_json({"removed": entry_document(entry)})
    else:
        typer.echo(f"已移除《{entry.title}》（{entry.id}）。")


@app.command()
def reindex(data_dir: DataDir = None) -> None:
    """用当前模型重建全部向量。"""
    with open_library(data_dir, set_up=False) as library:
        typer.echo(f"已重建 {library.reindex()} 个文本块的向量。")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="要查找的内容")],
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="返回几段")] = 5,
    plan: PlanName = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """查找相关原文段落。"""
    with open_library(data_dir) as library:
        hits = retrieve(query, library, limit=k, plan_ids=_plan_ids(library, plan))
        document = search_document(query, hits, library)
    if as_json:
        print_json(document)
        return
    for hit in document["hits"]:
        _out.print(
            f"[bold]{hit['rank']}[/] 《{escape(hit['plan_title'])}》{escape(hit['section'])}"
        )
        typer.echo(hit["text"] + "\n")
    if not hits:
        typer.echo("没有找到相关内容。")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="问题")] = None,
    plan: PlanName = None,
    batch: Annotated[
        Path | None, typer.Option(help='批量提问：每行一个 {"id", "question", "plan"?}')
    ] = None,
    output: Annotated[Path | None, typer.Option(help="批量回答写入这个文件")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """提问，回答逐句注明出处。"""
    if (question is None) == (batch is None) or (batch is None) != (output is None):
        raise typer.BadParameter("请给出一个问题，或同时给出 --batch 与 --output")
    with open_library(data_dir) as library:
        if batch is not None and output is not None:
            _ask_batch(library, batch, output, plan)
            return
        answer = respond_fully(question or "", library, plan_id=_plan_id(library, plan))
    if as_json:
        print_json(answer_document(answer))
    else:
        print_answer(answer)


@app.command()
def indicators(
    name: Annotated[str | None, typer.Argument(help="指标名称或别称；不给则列出全部")] = None,
    check: Annotated[bool, typer.Option("--check", help="列出增长数的核算")] = False,
    plan: PlanName = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV")] = False,
) -> None:
    """查指标：基数、目标、增长、属性，并核算增长数是否对得上。"""
    with open_library(data_dir) as library:
        document = indicators_document(name, library, plan_ids=_plan_ids(library, plan))
    rows = document["indicators"]
    if as_json:
        print_json(document)
    elif as_csv:
        _print_csv(rows, sys.stdout)
    else:
        _print_indicators(rows, with_check=check)


@app.command()
def projects(plan: PlanName = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """列出平台和项目。"""
    with open_library(data_dir) as library:
        document = projects_document(library, plan_ids=_plan_ids(library, plan))
    if as_json:
        print_json(document)
        return
    rows = document["projects"]
    table = Table("名称", "类别", "面积", "投资", "举措和目标")
    for row in rows:
        cells = (
            row[key] or "—" for key in ("name", "category", "area", "investment", "description")
        )
        table.add_row(*map(escape, cells))
    _out.print(table if rows else "所收文件中没有平台或项目清单。")


@app.command()
def measures(plan: PlanName = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """列出支持措施：对象、条件、力度、金额、期限、责任部门。"""
    with open_library(data_dir) as library:
        document = measures_document(library, plan_ids=_plan_ids(library, plan))
    if as_json:
        print_json(document)
        return
    rows = document["measures"]
    table = Table("原文", "力度", "方式", "对象", "条件", "金额", "比例", "上限", "期限", "部门")
    fields = ("applicants", "condition", "amount", "rate", "cap", "duration", "department")
    for row in rows:
        cells = (" ".join((row[name] or "—").split()) for name in fields)
        said = (
            " ".join(row["text"].split()),
            row["strength"],
            "、".join(row["instruments"]) or "—",
        )
        table.add_row(*map(escape, (*said, *cells)))
    _out.print(table if rows else "所收文件中没有读出支持措施。")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址（默认 127.0.0.1）")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="端口（默认 7860）")] = None,
    data_dir: DataDir = None,
) -> None:
    """启动网页问答。"""
    with open_library(data_dir) as library:
        serve_library(library, host or library.settings.host, port or library.settings.port)


@app.command(
    "eval",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def evaluate(context: typer.Context) -> None:
    """评测：在问题集上检验回答、检索与速度（--help 看用法）。"""
    # Evaluation judges from outside, as a program of its own; nothing here imports it.
    sys.argv = ["plan-assistant eval", *context.args]
    runpy.run_module("eval", run_name="__main__")


def serve_library(library: Library, host: str, port: int) -> None:
    """Warm everything up, print the address and serve until interrupted."""
    # Gradio takes seconds to import; only this command needs it.
    from assistant.web.app import EXAMPLES, build_web_app
    from assistant.web.observe import log_as_json
    from assistant.web.server import check_binding
    from assistant.web.server import serve as run_server

    check_binding(host, library.settings)
    _claim_port(host, port)
    get_ready(library, EXAMPLES[-1])
    web_app = build_web_app(library)
    typer.echo(f"规划问答助手已启动：http://{host}:{port}（按 Ctrl+C 退出）", err=True)
    log_as_json()
    run_server(web_app, host, port, shutdown_seconds=library.settings.shutdown_seconds)


def _plan_id(library: Library, plan: str | None) -> str | None:
    return None if plan is None else library.catalog.find_plan(plan).id


def _plan_ids(library: Library, plan: str | None) -> list[str] | None:
    return None if plan is None else [library.catalog.find_plan(plan).id]


def _ask_batch(library: Library, batch: Path, output: Path, plan: str | None) -> None:
    failed = 0
    with (
        batch.open(encoding="utf-8-sig") as lines,
        output.open("w", encoding="utf-8") as answers,
    ):
        for document in answer_lines(lines, library, plan=plan):
            failed += "error" in document
            answers.write(json.dumps(document, ensure_ascii=False) + "\n")
            answers.flush()
    if failed:
        typer.echo(f"{failed} 行未能回答，原因见输出文件的 error 字段。", err=True)


def _print_indicators(rows: list[dict[str, Any]], *, with_check: bool) -> None:
    if not rows:
        typer.echo("没有找到对应的指标；不带名称运行可列出全部。")
        return
    columns = ["指标", "单位", "基数", "目标", "年均增长/[累计]", "属性"]
    table = Table(*columns, *(["核算", "算式"] if with_check else []))
    for row in rows:
        cells = [
            row["indicator"],
            row["unit"],
            _with_year(row["base"], row["base_year"]),
            _with_year(row["target"], row["target_year"], row["bound"] or ""),
            _growth_cell(row),
            row["attribute"] or "—",
        ]
        if with_check:
            cells += [_CHECKS[row["check"]["status"]], row["check"]["formula"]]
        table.add_row(*map(escape, cells))
    _out.print(table)


def _with_year(figure: str | None, year: int | None, bound: str = "") -> str:
    if figure is None:
        return "—"
    return f"{figure}{bound}（{year}）" if year else f"{figure}{bound}"


def _growth_cell(row: dict[str, Any]) -> str:
    if row["growth"] is None:
        return "—"
    return f"{row['growth']}%" if row["growth_kind"] == "annual" else f"[{row['growth']}]"


def _print_csv(rows: list[dict[str, Any]], stream: TextIO) -> None:
    fields = [
        "plan_title",
        "indicator",
        "unit",
        "base",
        "base_year",
        "target",
        "target_year",
        "bound",
        "growth",
        "growth_kind",
        "attribute",
        "check_status",
        "check_formula",
    ]
    writer = csv.DictWriter(stream, fields, extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        check = row["check"]
        writer.writerow({**row, "check_status": check["status"], "check_formula": check["formula"]})


def _claim_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            _fail(f"无法监听 {host}:{port}（{error.strerror}）；请用 --port 换一个端口")


def _fail(message: str, *, code: int = 1) -> None:
    typer.echo(message, err=True)
    sys.exit(code)
