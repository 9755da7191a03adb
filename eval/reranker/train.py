"""`python -m eval.reranker.train DATA FOLDER`: trains the student, resuming where it stopped.

A plain loop: sentence-transformers' `CrossEncoderTrainer` trains one score a pair, and this model
learns three things in one pass, of which the place of the answer is labels on tokens.

The loss is the sum of
- how well the relevance tells answering passages from others (binary cross-entropy: calibrated,
  so that it serves refusal),
- how well it ranks the passages of one question (softmax over them),
- how well start and end of the answer are found, where they are known.
"""

import json
import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import count, islice
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import torch
import typer
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from eval.reranker.batches import Batch, epoch
from eval.reranker.groups import Group, read_groups
from eval.reranker.measure import measure
from eval.reranker.student import Student, load, save, untrained

SEED = 20261125
_RECENT = 50
_DEV_GROUPS = 40
_WARM_UP = 0.05
_SPAN_WEIGHT = 0.5
_HEADS_FASTER = 5.0
_CHECKPOINT = "checkpoint.pt"
# Of the question sets this one alone is about policies, and it is the smallest.
_REPEATED = {"ncpqa": 4}


def main(
    data: Annotated[Path, typer.Argument(help="eval.reranker.data 写出的文件夹")],
    folder: Annotated[Path, typer.Argument(help="模型、检查点与日志的文件夹；已有则接着训练")],
    layers: Annotated[int, typer.Option(help="保留 e5 的前几层")] = 6,
    steps: Annotated[int, typer.Option(help="总步数；接着训练时应与上次相同")] = 3500,
    groups: Annotated[int, typer.Option(help="每步的问题数")] = 6,
    rate: Annotated[float, typer.Option(help="最高学习率")] = 2e-4,
    threads: Annotated[int, typer.Option(help="线程数")] = 2,
    every: Annotated[int, typer.Option(help="每隔几步存检查点")] = 50,
    measured: Annotated[int, typer.Option(help="每隔几步在开发部分上衡量")] = 500,
) -> None:
    """训练重排模型。"""
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    training = list(_training(data))
    dev = {path.name.split(".")[0]: list(read_groups(path)) for path in data.glob("*.dev.jsonl")}
    student, tokenizer, optimizer, done = _begin(folder, layers=layers, rate=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _factor(step + done, steps)
    )
    batches = islice(_batches(training, tokenizer, size=groups), done, steps)
    started, pairs, recent = time.monotonic(), 0, deque[list[float]](maxlen=_RECENT)
    for step, batch in enumerate(batches, done + 1):
        recent.append(_step(student, optimizer, schedule, batch))
        pairs += len(batch.answers)
        if step % every == 0 or step == steps:
            record: dict[str, object] = {
                "step": step,
                "losses": [round(fmean(losses), 4) for losses in zip(*recent, strict=True)],
                "pairs_a_second": round(pairs / (time.monotonic() - started), 2),
            }
            if step % measured == 0 or step == steps:
                record["dev"] = {
                    source: asdict(
                        measure(student, tokenizer, part[:: math.ceil(len(part) / _DEV_GROUPS)])
                    )
                    for source, part in sorted(dev.items())
                }
            _keep(folder, student, tokenizer, optimizer, step, record)


def _training(data: Path) -> Iterator[Group]:
    for path in sorted(data.glob("*.train.jsonl")):
        for group in read_groups(path):
            yield from [group] * _REPEATED.get(group.source, 1)


def _begin(
    folder: Path, *, layers: int, rate: float
) -> tuple[Student, Tokenizer, torch.optim.Optimizer, int]:
    """Return what training goes on with: what the folder holds, or a student untrained."""
    checkpoint = folder / _CHECKPOINT
    student, tokenizer = load(folder) if checkpoint.is_file() else untrained(layers)
    student.to("cuda" if torch.cuda.is_available() else "cpu")
    encoder = [weights for weights in student.bert.parameters() if weights.requires_grad]
    parts: list[dict[str, Any]] = [
        {"params": encoder},
        {"params": [*student.heads.parameters(), student.bias], "lr": _HEADS_FASTER * rate},
    ]
    optimizer = torch.optim.AdamW(parts, lr=rate, fused=True)
    done = 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True, map_location=student.device)
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    return student, tokenizer, optimizer, done


def _batches(groups: Sequence[Group], tokenizer: Tokenizer, *, size: int) -> Iterator[Batch]:
    for number in count():
        yield from epoch(groups, tokenizer, seed=SEED, number=number, size=size)


def _factor(step: int, steps: int) -> float:
    """Rise, then fall to nothing."""
    warm = max(1, round(_WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))


def _step(
    student: Student,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    batch: Batch,
) -> list[float]:
    student.train()
    batch = batch.to(student.device)
    with torch.autocast(student.device.type, torch.bfloat16):
        relevance, start, end = student(batch.ids, batch.mask, batch.kinds)
    told, listed, spans = losses_of(relevance.float(), start.float(), end.float(), batch)
    loss = told + listed + _SPAN_WEIGHT * spans
    optimizer.zero_grad()
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    return [part.item() for part in (told, listed, spans)]


def losses_of(
    relevance: Tensor, start: Tensor, end: Tensor, batch: Batch
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the three losses of a batch."""
    told = functional.binary_cross_entropy_with_logits(relevance, batch.answers)
    listed = []
    for number in range(int(batch.groups.max()) + 1):
        of_group = batch.groups == number
        right = batch.answers[of_group]
        if 0 < right.sum() < len(right):
            listed.append(-(functional.log_softmax(relevance[of_group], 0) * right).sum())
    known = batch.start >= 0
    spans = [
        functional.cross_entropy(
            scores[known].masked_fill(~batch.told[known], -math.inf), where[known]
        )
        for scores, where in ((start, batch.start), (end, batch.end))
        if known.any()
    ]
    none = relevance.sum() * 0
    return (
        told,
        torch.stack(listed).mean() if listed else none,
        torch.stack(spans).mean() if spans else none,
    )


def _keep(
    folder: Path,
    student: Student,
    tokenizer: Tokenizer,
    optimizer: torch.optim.Optimizer,
    step: int,
    record: dict[str, object],
) -> None:
    """Keep weights and optimizer; a stop while writing leaves the checkpoint before."""
    save(student, tokenizer, folder)
    state = {"optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, folder / f"{_CHECKPOINT}.new")
    (folder / f"{_CHECKPOINT}.new").replace(folder / _CHECKPOINT)
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    typer.run(main)
