"""What the command line shows of taking files in, and the options that set metadata right."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from assistant.corrections import BadCorrection, check_corrections
from corpus.archive import SourceFile
from corpus.catalog import Corrections
from corpus.ingest import Ingested
from corpus.shown import shown

Title = Annotated[str | None, typer.Option("--title", help="标题")]
Number = Annotated[str | None, typer.Option("--number", help="文号，如 国发〔2021〕12号")]
Issuer = Annotated[str | None, typer.Option("--issuer", help="发文机关")]
Region = Annotated[str | None, typer.Option("--region", help="地区，如 温州市瓯海区")]
LevelOption = Annotated[
    Literal["国家", "省", "市", "区县"] | None, typer.Option("--level", help="层级")
]
KindOption = Annotated[
    Literal["规划", "报告", "政策", "办法"] | None, typer.Option("--kind", help="种类")
]
Period = Annotated[str | None, typer.Option("--period", help="规划期，如 2021-2025 或 十四五")]
Date = Annotated[str | None, typer.Option("--date", help="成文日期，如 2021-03-12")]

_OUTCOMES = {
    "added": "已收录",
    "replaced": "已更新",
    "unchanged": "未变化",
    "duplicate": "内容相同，已跳过",
    "skipped": "已跳过",
    "failed": "未收录",
}
_COUNTS = ("页", "章节", "文本块", "指标", "措施", "项目")


def read_corrections(
    title: str | None,
    number: str | None,
    issuer: str | None,
    region: str | None,
    level: str | None,
    kind: str | None,
    period: str | None,
    date: str | None,
) -> Corrections:
    """Return the fields that were given, checked.

    Raises:
        typer.BadParameter: if a period or a date cannot be read.
    """
    fields = {
        "title": title,
        "number": number,
        "issuer": issuer,
        "region": region,
        "level": level,
        "kind": kind,
        "period": period,
        "date": date,
    }
    try:
        return check_corrections({name: text for name, text in fields.items() if text is not None})
    except BadCorrection as error:
        raise typer.BadParameter(str(error)) from error


@dataclass
class FileProgress:
    """A bar over all files, each weighing as much as its size."""

    bar: Progress
    _task: TaskID | None = None
    _done: dict[str, float] = field(default_factory=dict)

    def start(self, files: Sequence[SourceFile]) -> None:
        """Show the bar, now that the files are known."""
        total = sum(_weight(file) for file in files)
        self._task = self.bar.add_task("收录", total=total, files=f"0/{len(files)} 份")

    def advance(self, file: SourceFile, fraction: float) -> None:
        """Move the bar on by what more of the file is done."""
        if self._task is None:
            return
        before = self._done.get(file.source, 0.0)
        self._done[file.source] = fraction
        finished = sum(done >= 1 for done in self._done.values())
        self.bar.update(
            self._task,
            advance=(fraction - before) * _weight(file),
            description=f"收录 {escape(shown(file.name))[:30]}",
            files=f"{finished} 份完成",
        )


@contextmanager
def file_progress(console: Console) -> Iterator[FileProgress]:
    """Show progress and the time left on a terminal; nothing elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[files]}"),
        TimeElapsedColumn(),
        TextColumn("剩余"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        yield FileProgress(bar)


def ingestion_table(done: Sequence[Ingested]) -> Table:
    """Return what became of each file, by name."""
    table = Table("文件", "结果", "编号", *_COUNTS, "说明")
    for one in sorted(done, key=lambda one: one.source):
        counts = (
            one.pages,
            one.sections,
            one.chunks,
            one.indicators,
            one.measures,
            one.projects,
        )
        table.add_row(
            escape(shown(one.name)),
            _OUTCOMES[one.outcome],
            one.plan_id or "—",
            *(str(count) if count else "—" for count in counts),
            escape("；".join(one.warnings)) or "—",
        )
    return table


def ingestion_summary(done: Sequence[Ingested], seconds: float) -> str:
    """Return the run in one line."""
    counts = {
        outcome: sum(one.outcome == name for one in done) for name, outcome in _OUTCOMES.items()
    }
    said = "，".join(f"{outcome} {count} 份" for outcome, count in counts.items() if count)
    chunks = sum(one.chunks for one in done)
    rate = f"，文本块 {chunks} 个（每秒 {chunks / seconds:.0f} 个）" if chunks else ""
    return f"{said or '没有文件'}{rate}，用时 {seconds:.1f} 秒。"


def _weight(file: SourceFile) -> int:
    return max(1, file.path.stat().st_size)
