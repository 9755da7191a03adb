"""`python -m eval.reranker.data FOLDER`: writes one file for each source and split.

Splits go by document (`eval.splits`); no passage of a document that is measured on is trained on.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from assistant.settings import Settings
from eval.bench.load import BENCHES, load_bench
from eval.bench.store import cache_root, open_store
from eval.reranker import headings, leads
from eval.reranker.groups import Group, write_groups
from eval.reranker.headings import heading_groups
from eval.reranker.leads import lead_groups
from eval.reranker.mine import mine
from eval.splits import Split

SUITES = ("ncpqa", "cail2019", "cmrc2018_trial", "drcd_dev_simplified")
SPLITS: tuple[Split, ...] = ("train", "dev")
SEED = 20261125


def main(
    folder: Annotated[Path, typer.Argument(help="写入训练数据的文件夹")],
    benches: Annotated[Path, typer.Option(help="公开题集所在的文件夹")] = BENCHES,
    plans: Annotated[Path | None, typer.Option(help="收录了规划文件的资料目录")] = None,
) -> None:
    """准备重排模型的训练数据。"""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(reranker="off")
    if plans is not None:
        _write(heading_groups(plans, seed=SEED), folder, headings.SOURCE, "train")
        _write(lead_groups(plans, seed=SEED), folder, leads.SOURCE, "train")
    for suite in SUITES:
        bench = load_bench(benches, suite)
        store = open_store(bench, settings, _say, cache_root())
        for split in SPLITS:
            _write(mine(bench, store, split, _say), folder, suite, split)


def _write(groups: Iterable[Group], folder: Path, source: str, split: Split) -> None:
    count = write_groups(groups, folder / f"{source}.{split}.jsonl")
    _say(f"{source}（{split}）：{count} 组")


def _say(step: str) -> None:
    typer.echo(step, err=True)


if __name__ == "__main__":
    typer.run(main)
