"""The command line: thin commands over the library. Results go to stdout, all else to stderr.

Exit codes: 0 answered or properly refused, 1 failed (one line says why), 2 wrong usage.
"""

import csv
import json
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from assistant.library import Library
from assistant.models.errors import ModelError
from assistant.settings import Settings
from corpus.errors import CorpusError, UnreadableFile

app = typer.Typer(
    name="plan-assistant",
    help="规划问答助手：对政府规划提问，回答逐句注明出处。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_out = Console(soft_wrap=False)
_err = Console(stderr=True)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="资料目录（默认：用户数据目录，或 PLAN_DATA_DIR）")
]
PlanName = Annotated[str | None, typer.Option("--plan", help="只查这一份：编号或标题中的字")]
AsJson = Annotated[bool, typer.Option("--json", help="输出一个 JSON 文档")]
