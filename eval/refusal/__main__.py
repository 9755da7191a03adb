"""`python -m eval.refusal`: fits when to refuse, prints the curve, writes the program's file."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.answer.confidence import MODEL_FILE, load_model
from assistant.library import Library
from assistant.settings import Settings
from eval.bench.load import BENCHES
from eval.refusal import report
from eval.refusal.fit import fit
from eval.refusal.library import ask
from eval.refusal.samples import collect

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    benches: Annotated[Path, typer.Option(help="题集 cail2019、ncpqa 所在的文件夹")] = BENCHES,
    refit: Annotated[
        bool, typer.Option(help="重新拟合并写回 refusal.json；否则只衡量现有的")
    ] = True,
    library: Annotated[
        Path | None,
        typer.Option(help="收录了问题所出文件的资料目录：只用 questions.jsonl 衡量，不拟合"),
    ] = None,
) -> None:
    """拟合拒答的依据与阈值。"""
    if library is not None:
        Console(width=100).print(report.library_table(ask(Library(Settings(data_dir=library)))))
        return
    # `refusal.json` is for answers without a reranker; what goes with one is in its own folder.
    settings = Settings(reranker="off")
    samples = collect(benches, settings, lambda step: typer.echo(step, err=True))
    model = fit(samples) if refit else load_model()
    for table in report.tables(model, samples):
        Console(width=150).print(table)
    if refit:
        record = report.as_json(model, samples, date.today())
        text = json.dumps(record, ensure_ascii=False, indent=1)
        MODEL_FILE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    app()
