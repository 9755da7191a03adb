"""What `plan-assistant eval` can run, and how its figures are shown."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from assistant.answer.answerer import answer_question
from assistant.library import Library
from assistant.retrieve import retrieve
from assistant.settings import Settings
from eval.bench import report as bench_report
from eval.bench.environment import environment
from eval.bench.figures import judge_run
from eval.bench.load import BenchError, Part, find_benches
from eval.bench.page import page
from eval.bench.run import run_benches
from eval.bench.worst import worst_cases
from eval.calculations.run import judge_sums, shares
from eval.comparison import run as comparison
from eval.corpus import report as corpus_report
from eval.corpus.labels import LabelError, load_labels
from eval.corpus.run import DOCUMENTS, DocumentsMissing, judge_documents
from eval.dialogues import run as dialogues
from eval.dialogues.dialogues import PARTS, load_dialogues
from eval.faults import report as faults_report
from eval.faults.paraphrases import load_paraphrases
from eval.faults.run import plant_faults
from eval.faults.samples import answered, from_documents
from eval.judge import Verdict, judge
from eval.lists.judge import load_questions
from eval.lists.run import as_table, judge_lists, scores
from eval.load.run import LocustMissing, measure_load
from eval.matching import profiles
from eval.matching import run as matching
from eval.monitoring.run import judge_cases
from eval.monitoring.run import shares as monitoring_shares
from eval.questions import DEFAULT_SUITE, FOLDER, load_suite, suite_names
from eval.scale import LATENCIES, measure_scale
from eval.score import Score, Share, score
from eval.speed import measure_speed

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_RETRIEVED = 5
_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_KINDS = {
    "indicator": "单项指标",
    "indicator_set": "成组指标",
    "project": "平台项目",
    "measure": "举措",
    "list": "清单",
    "unanswerable": "无答案",
}


@dataclass(frozen=True, slots=True)
class _Options:
    """What a suite is run with; `documents` is None where the suite's own folder is meant."""

    failures: bool
    documents: Path | None
    as_json: bool
    part: Part
    report: Path | None
    use_cache: bool
    chunks: int


@app.command()
def main(
    suite: Annotated[
        str,
        typer.Option(
            help="问题集名称、all（随项目的全部问题集）、dialogues（多轮对话）、lists（清单）、"
            "calculations（比较与计算）、comparison（各地目标的比较）、matching（政策匹配）、"
            "monitoring（指标监测）、faults（植入错误，看核对能否查出）、corpus（文档解析）、"
            "speed（速度）、load（50 位用户同时提问）、scale（规模：文本块增多时的速度与内存）；"
            "或任何题集的路径：内有 名称.docs.jsonl 与 名称.qa.jsonl 的文件夹，或 文件夹/名称"
        ),
    ] = DEFAULT_SUITE,
    failures: Annotated[
        bool, typer.Option(help="列出没有答对的问题、没有读对的条目（speed 无此项）")
    ] = False,
    documents: Annotated[
        Path | None,
        typer.Option(
            help="lists、calculations、comparison、matching、faults、corpus：标注所对应的文档所在的文件夹；"
            "scale：仿制的底本"
        ),
    ] = None,
    part: Annotated[
        Part,
        typer.Option("--split", help="题集：全部问题，或训练、拟合、开发部分（按文件划分）"),
    ] = "all",
    report: Annotated[
        Path | None, typer.Option(help="题集：另写一份网页报告，含图表和最差的例子")
    ] = None,
    use_cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="题集：沿用以前收录的文件和算出的向量")
    ] = True,
    chunks: Annotated[
        int, typer.Option(min=100, help="scale：测到多少个文本块（1000、1 万、10 万、100 万）")
    ] = 10_000,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 文档")] = False,
) -> None:
    """检验回答、检索、引文、拒答；或检验文档解析；或测量速度。"""
    options = _Options(failures, documents, as_json, part, report, use_cache, chunks)
    if suite in _SUITES:
        _SUITES[suite](options)
    elif os.sep in suite or Path(suite).is_dir():
        _ask_benches(options, Path(suite))
    else:
        _ask_questions(suite, options)


def _hold_dialogues(options: _Options) -> None:
    with TemporaryDirectory() as folder:
        bundled = Library(Settings(data_dir=Path(folder)))
        bundled.set_up()
        taken_in = Library(Settings())
        held = {part: load_dialogues(part) for part in PARTS}
        verdicts = {
            part: list(dialogues.hold(found, bundled, taken_in)) for part, found in held.items()
        }
    missing = sum(map(len, held.values())) - len(
        {verdict.dialogue for found in verdicts.values() for verdict in found}
    )
    if missing:
        typer.echo(
            f"有{missing}组对话所问的文件不在资料目录中，没有评测；请先收录这些文件。", err=True
        )
    scores = {part: dialogues.summarise(found) for part, found in verdicts.items()}
    wrong = [one for part in PARTS for one in dialogues.failures(verdicts[part])]
    if options.as_json:
        document: dict[str, Any] = {
            part: {name: asdict(share) for name, share in found.items()}
            for part, found in scores.items()
        }
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    Console(width=120).print(dialogues.table(scores))
    for one in wrong if options.failures else ():
        typer.echo(json.dumps(one, ensure_ascii=False))


def _judge_corpus(options: _Options) -> None:
    folder = options.documents or DOCUMENTS
    try:
        reports = judge_documents(load_labels(), folder)
    except (DocumentsMissing, LabelError) as error:
        _stop(str(error))
    if options.as_json:
        document = corpus_report.as_json(reports, failures=options.failures)
        typer.echo(json.dumps(document, ensure_ascii=False))
    else:
        for table in corpus_report.tables(reports):
            Console(width=150).print(table)
        for failure in corpus_report.failures(reports) if options.failures else ():
            typer.echo(failure)
    problems = corpus_report.problems(reports)
    if problems:
        _stop("\n".join(["以下标注没有评测：", *problems]))


def _plant_faults(options: _Options) -> None:
    folder = options.documents or DOCUMENTS
    with TemporaryDirectory() as data:
        library = Library(Settings(data_dir=Path(data)))
        library.set_up()
        samples = answered(library)
    if folder.is_dir():
        samples += from_documents(folder)
    else:
        typer.echo(f"没有文档文件夹 {folder}，只用随附规划的回答", err=True)
    outcome = plant_faults(samples, load_paraphrases())
    if options.as_json:
        document = faults_report.as_json(outcome, failures=options.failures)
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    for table in faults_report.tables(outcome):
        Console(width=120).print(table)
    for failure in outcome.failures if options.failures else ():
        typer.echo(failure)


def _judge_lists(options: _Options) -> None:
    folder = options.documents or DOCUMENTS
    try:
        verdicts = judge_lists(load_questions(), folder, lambda step: typer.echo(step, err=True))
    except DocumentsMissing as error:
        _stop(str(error))
    if options.as_json:
        document = {name: asdict(score) for name, score in scores(verdicts).items()}
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    Console(width=100).print(as_table(verdicts))
    # What is held out is only measured.
    wrong = [
        v for v in verdicts if (v.missing or v.count_right is False) and not v.question.heldout
    ]
    for verdict in wrong if options.failures else ():
        typer.echo(f"\n{verdict.question.id} {verdict.question.question}")
        typer.echo(f"  缺：{'、'.join(verdict.missing)}\n  回答：{verdict.answer.text}")


def _judge_sums(options: _Options) -> None:
    folder = options.documents or DOCUMENTS
    with TemporaryDirectory() as workspace:
        verdicts = judge_sums(folder, Path(workspace))
    if not any(verdict.question.where == "documents" for verdict in verdicts):
        typer.echo(f"没有文档：{folder}，只评测了随附规划的问题；请用 --documents 指明", err=True)
    found = shares(verdicts)
    _show_shares(found, "比较与计算（完全答对）", options)
    for verdict in verdicts if options.failures and not options.as_json else ():
        if verdict.lacks:
            gold = verdict.question
            typer.echo(f"\n{gold.id} {gold.question}\n  缺：{'；'.join(verdict.lacks)}")
            typer.echo(f"  回答（{verdict.answer.status}）：{verdict.answer.text}")


def _match_profiles(options: _Options) -> None:
    folder = options.documents or DOCUMENTS
    labelled = {part: profiles.load_profiles(part) for part in profiles.PARTS}
    everyone = [one for found in labelled.values() for one in found]
    with TemporaryDirectory() as workspace:
        shelf = matching.take_in(everyone, folder, Path(workspace))
        for name in matching.missing(everyone, shelf):
            typer.echo(f"没有 {folder / name}，与它有关的标注没有评测", err=True)
        verdicts = {
            part: list(matching.judge_profiles(found, shelf)) for part, found in labelled.items()
        }
    scores = {part: matching.score(found) for part, found in verdicts.items()}
    if options.as_json:
        figures = {part: asdict(found) for part, found in scores.items()}
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    Console(width=100).print(matching.as_table(scores))
    # What is held out is only measured.
    for fault in matching.faults(verdicts["dev"]) if options.failures else ():
        typer.echo(json.dumps(fault, ensure_ascii=False))


def _judge_comparisons(options: _Options) -> None:
    folder = options.documents or DOCUMENTS
    with TemporaryDirectory() as workspace:
        verdicts = comparison.judge_comparisons(folder, Path(workspace))
    if not verdicts:
        _stop(f"没有标注所对应的报告：{folder}；请用 --documents 指明")
    found = comparison.shares(verdicts)
    _show_shares(found, "各地目标的比较（逐格答对）", options)
    for verdict in verdicts if options.failures and not options.as_json else ():
        if not verdict.is_right:
            label = verdict.label
            typer.echo(f"\n{label.region}{label.year}年 {label.indicator}（{label.quote}）")
            typer.echo(f"  应为：{label.value or '未载明'}；列为：{verdict.shown or '未载明'}")


def _show_shares(found: Mapping[str, Mapping[str, Share]], title: str, options: _Options) -> None:
    """Print the shares by kind, a column for each part."""
    if options.as_json:
        figures = {part: {k: asdict(s) for k, s in kinds.items()} for part, kinds in found.items()}
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    table = Table("", *found, title=f"规划问答助手 · {title}")
    for kind in dict.fromkeys(kind for kinds in found.values() for kind in kinds):
        table.add_row(kind, *(_cell(kinds.get(kind, Share(0, 0))) for kinds in found.values()))
    Console(width=100).print(table)


def _judge_monitoring(options: _Options) -> None:
    verdicts = judge_cases()
    found = monitoring_shares(verdicts)
    _show_shares(found, "指标监测（逐项全对）", options)
    for verdict in verdicts if options.failures and not options.as_json else ():
        if verdict.faults:
            typer.echo(f"\n{verdict.case.id} {'；'.join(verdict.faults)}\n  {verdict.case.working}")


def _ask_benches(options: _Options, place: Path) -> None:
    try:
        benches = [bench.only(options.part) for bench in find_benches(place)]
        runs = run_benches(benches, Settings(), _tell, use_cache=options.use_cache)
    except BenchError as error:
        _stop(str(error))
    judged = [judge_run(run) for run in runs]
    made_on = environment()
    if options.report is not None:
        options.report.write_text(page(judged, made_on), encoding="utf-8")
        _tell(f"报告已写入 {options.report}")
    if options.as_json:
        found = [bench_report.as_json(one, made_on) for one in judged]
        typer.echo(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False))
        return
    for one in judged:
        Console(width=170).print(bench_report.table(one))
    for one in judged if options.failures else ():
        for case in worst_cases(one.run):
            typer.echo(f"\n{case.question.id} {case.question.question}（{case.fault}）")
            typer.echo(f"  应答：{'／'.join(case.question.answers) or '（拒答）'}")
            typer.echo(f"  回答：{case.answered.text or '（拒答）'}")


def _tell(step: str) -> None:
    typer.echo(step, err=True)


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(1)


def _ask_questions(suite: str, options: _Options) -> None:
    names = suite_names() if suite == "all" else [suite]
    unknown = [name for name in names if name not in suite_names()]
    if unknown:
        known = "、".join([*suite_names(), "all", *_SUITES])
        raise typer.BadParameter(f"没有问题集 {unknown[0]}，可选：{known}")
    with TemporaryDirectory() as folder:
        library = Library(Settings(data_dir=Path(folder)))
        library.set_up()
        verdicts = {name: _run(name, library) for name in names}
    scores = {name: score(found) for name, found in verdicts.items()}
    if options.as_json:
        typer.echo(json.dumps({n: asdict(s) for n, s in scores.items()}, ensure_ascii=False))
        return
    Console(width=120).print(_table(scores))
    if options.failures:
        for found in verdicts.values():
            _print_failures(found)


def _run(name: str, library: Library) -> list[Verdict]:
    def read_text(plan_id: str) -> str:
        return library.catalog.plan(plan_id).text

    return [
        judge(
            question,
            answer_question(question.question, library),
            retrieve(question.question, library, limit=_RETRIEVED),
            read_text,
        )
        for question in load_suite(FOLDER / f"{name}.jsonl")
    ]


def _table(scores: dict[str, Score]) -> Table:
    table = Table("", *scores, title="规划问答助手 · 问题集评测")
    for kind, label in _KINDS.items():
        row = [_cell(found.right_by_kind[kind]) for found in scores.values()]
        table.add_row(f"答对：{label}", *row)
    table.add_section()
    for label, field in (
        ("指标数字逐字准确", "figures_exact"),
        ("检索 R@1", "recall_at_1"),
        ("检索 R@5", "recall_at_5"),
        ("引文与原文逐字一致", "quotes_literal"),
        ("无答案而拒答", "refused"),
        ("有答案却拒答", "false_refusals"),
    ):
        table.add_row(label, *(_cell(getattr(found, field)) for found in scores.values()))
    return table


def _cell(share: Share) -> str:
    return f"{share.count}/{share.total}  {share.value:.3f}"


def _print_failures(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        if not verdict.right or verdict.figures_exact is False or verdict.rank == 0:
            gold = verdict.question
            typer.echo(
                f"\n{gold.id} {gold.question}\n  应有：{'、'.join(gold.must_contain) or '拒答'}"
            )
            typer.echo(
                f"  回答（{verdict.answer.status}，检索名次 {verdict.rank}）：{verdict.answer.text}"
            )


def _measure_speed(options: _Options) -> None:
    figures = measure_speed()
    if options.as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    table = Table("项目", "实测", "要求", title="规划问答助手 · 速度")
    for row in figures["rows"]:
        table.add_row(row["name"], row["measured"], row["wanted"])
    Console(width=100).print(table)


def _measure_load(options: _Options) -> None:
    try:
        figures = measure_load(documents=options.documents, tell=_tell)
    except LocustMissing as error:
        _stop(str(error))
    if options.as_json:
        typer.echo(json.dumps({"suite": "load", **figures}, ensure_ascii=False))
        return
    table = Table("项目", "实测", "要求", title="规划问答助手 · 负载")
    users = f"{figures['users']} 位用户同时提问 {figures['seconds']} 秒"
    table.add_row(users, f"{figures['requests']} 问，{figures['requests_per_second']} 问/s", "")
    table.add_row("出错", str(figures["failures"]), "0")
    table.add_row("p50", f"{figures['p50_ms']} ms", "")
    table.add_row("p95", f"{figures['p95_ms']} ms", "≤ 3000 ms")
    memory = "、".join(map(str, figures["memory_mb"]))
    table.add_row(f"内存，{figures['questions']} 问", f"{memory} MB", "不再增长")
    Console(width=120).print(table)


def _measure_scale(options: _Options) -> None:
    sizes = [size for size in _SIZES if size <= options.chunks] or [options.chunks]
    rows: list[dict[str, Any]] = []
    with TemporaryDirectory() as workspace:
        for one in measure_scale(sizes, options.documents or DOCUMENTS, Path(workspace)):
            _tell(f"{one.chunks} 个文本块：已测")
            rows.append(one.as_json())
    if options.as_json:
        typer.echo(json.dumps({"suite": "scale", "sizes": rows}, ensure_ascii=False))
        return
    columns = (
        "文本块",
        "文件",
        "收录（不含向量化）",
        "检索 p50",
        "检索 p95",
        "回答 p50",
        "回答 p95",
    )
    table = Table(*columns, "内存", title="规划问答助手 · 规模")
    for row in rows:
        table.add_row(
            str(row["chunks"]),
            str(row["documents"]),
            f"{row['ingest_seconds']:.0f} s",
            *(f"{row[name]:.0f} ms" for name in LATENCIES),
            f"{row['memory_mb']:.0f} MB",
        )
    Console(width=120).print(table)


_SUITES: dict[str, Callable[[_Options], None]] = {
    "dialogues": _hold_dialogues,
    "lists": _judge_lists,
    "calculations": _judge_sums,
    "matching": _match_profiles,
    "comparison": _judge_comparisons,
    "monitoring": _judge_monitoring,
    "faults": _plant_faults,
    "corpus": _judge_corpus,
    "speed": _measure_speed,
    "load": _measure_load,
    "scale": _measure_scale,
}
