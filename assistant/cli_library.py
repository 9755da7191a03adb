"""Options that most commands share, the data folder they open and the JSON they print."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.library import Library
from assistant.settings import Settings

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="资料目录（默认：用户数据目录，或 PLAN_DATA_DIR）"),
]
PlanName = Annotated[str | None, typer.Option("--plan", help="只查这一份：编号或标题中的字")]
AsJson = Annotated[bool, typer.Option("--json", help="输出一个 JSON 文档")]

_err = Console(stderr=True)


@contextmanager
def open_library(data_dir: Path | None, *, set_up: bool = True) -> Iterator[Library]:
    """Open the data folder, with progress on stderr; a new one gets the bundled plan."""
    settings = Settings() if data_dir is None else Settings(data_dir=data_dir)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        console=_err,
        transient=True,
        disable=not _err.is_terminal,
    ) as progress:
        library = Library(settings, progress=_progress_on(progress))
        if set_up:
            library.set_up()
        # From here on the command speaks for itself; a running bar would mix into its output.
        progress.stop()
        yield library


def _progress_on(progress: Progress) -> Callable[[str, float], None]:
    task = progress.add_task("", total=1.0, visible=False)

    def show(step: str, fraction: float) -> None:
        progress.update(task, description=step, completed=fraction, visible=fraction < 1.0)

    return show


def print_json(document: dict[str, Any]) -> None:
    """Print the one document that `--json` asks for."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
