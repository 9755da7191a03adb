"""`python -m eval.reranker.data FOLDER`: writes one file for each source and split.

Splits go by document (`eval.splits`); no passage of a document that is measured on is trained on.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from assistant.library import Library
from assistant.settings import Settings
from eval.bench.load import BENCHES, load_bench
from eval.bench.store import cache_root, open_store
from eval.reranker import headings, leads
from eval.reranker.augment import augmented
from eval.reranker.groups import Group, read_groups, write_groups
from eval.reranker.headings import PLANS, heading_groups, is_trained_on
from eval.reranker.laws import law_texts
from eval.reranker.leads import lead_groups
from eval.reranker.mine import mine, plans_searched
from eval.reranker.written import QUESTIONS, plans_by_file, written_groups
from eval.splits import Split, split_of

SUITES = ("ncpqa", "cail2019", "cmrc2018_trial", "drcd_dev_simplified")
# Texts that were written for the training with the questions to them: official ones of all kinds,
# and court records.
SYNTHETIC = ("synthetic", "court")
SPLITS: tuple[Split, ...] = ("train", "fit", "dev")
SEED = 20261125
# A text a line.
_TEXTS = "texts.jsonl"
_PART = 2000


def main(
    folder: Annotated[Path, typer.Argument(help="写入训练数据的文件夹")],
    benches: Annotated[Path, typer.Option(help="公开题集所在的文件夹")] = BENCHES,
    plans: Annotated[Path | None, typer.Option(help="收录了规划文件的资料目录")] = None,
    laws: Annotated[
        Path | None, typer.Option(help="法律条文库（见 eval/reranker/laws.py）")
    ] = None,
) -> None:
    """准备重排模型的训练数据。"""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(reranker="off")
    if plans is not None:
        _write(heading_groups(plans, seed=SEED), folder, headings.SOURCE, "train")
        _write(lead_groups(plans, seed=SEED), folder, leads.SOURCE, "train")
        _write_plans(Library(settings.model_copy(update={"data_dir": plans})), folder)
    texts = [] if plans is None else [part for one in _texts_of(plans) for part in _parts(one)]
    if laws is not None:
        texts.extend(part for one in law_texts(laws) for part in _parts(one))
    for suite in (*SUITES, *SYNTHETIC):
        bench = load_bench(QUESTIONS if suite in SYNTHETIC else benches, suite)
        texts.extend(
            f"{one.title}\n{one.text}"
            for one in bench.documents
            if split_of(suite, one.id) == "train"
        )
        store = open_store(bench, settings, _say, cache_root())
        for split in SPLITS:
            _write(mine(bench, store, split, _say), folder, suite, split)
            searched = plans_searched(bench, store, split)
            written = written_groups(suite, split, store.library, store.plan_ids, searched)
            _write(written, folder, f"written-{suite}", split)
    texts.extend(_questions_with_passages(folder))
    lines = [json.dumps(text, ensure_ascii=False) for text in texts]
    (folder / _TEXTS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_texts(folder: Path) -> list[str]:
    """Read the texts that a model may learn from without questions."""
    return [json.loads(line) for line in (folder / _TEXTS).read_text("utf-8").splitlines()]


def _texts_of(plans: Path) -> Iterator[str]:
    catalog = Library(Settings(data_dir=plans)).catalog
    for entry in catalog.entries():
        if is_trained_on(entry):
            yield catalog.plan(entry.id).text


def _parts(text: str) -> Iterator[str]:
    return (text[at : at + _PART] for at in range(0, len(text), _PART))


def _questions_with_passages(folder: Path) -> Iterator[str]:
    """Yield each question with a passage that answers: its hidden words stand in the other."""
    for path in sorted(folder.glob("*.train.jsonl")):
        for group in read_groups(path):
            if group.right:
                yield f"{group.question}\n{group.right[0].text}"


def _write_plans(library: Library, folder: Path) -> None:
    plan_ids = plans_by_file(library)
    for split in SPLITS:
        searched = [plan for file, plan in plan_ids.items() if split_of(PLANS, file) == split]
        written = written_groups(PLANS, split, library, plan_ids, searched)
        _write(written, folder, f"written-{PLANS}", split)


def _write(groups: Iterable[Group], folder: Path, source: str, split: Split) -> None:
    if split == "train":
        groups = (augmented(group, seed=SEED) for group in groups)
    count = write_groups(groups, folder / f"{source}.{split}.jsonl")
    if not count:
        (folder / f"{source}.{split}.jsonl").unlink()
        return
    _say(f"{source}（{split}）：{count} 组")


def _say(step: str) -> None:
    typer.echo(step, err=True)


if __name__ == "__main__":
    typer.run(main)
