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
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from assistant.models.cache import MODEL_FILE
from eval.reranker.batches import Batch, Labeller, epoch, made_ahead
from eval.reranker.groups import Group, mostly_new, read_groups
from eval.reranker.measure import measure
from eval.reranker.optimize import HEADS_FASTER, learn, optimizer_for, schedule_for
from eval.reranker.restore import restored
from eval.reranker.student import Student, load, save, untrained

SEED = 20261125
_RECENT = 50
_MEASURED_GROUPS = 60
_CHECKPOINT = "checkpoint.pt"
# Of the question sets this one alone is about policies, and it is the smallest.
_REPEATED = "ncpqa"


def main(
    data: Annotated[Path, typer.Argument(help="eval.reranker.data 写出的文件夹")],
    folder: Annotated[Path, typer.Argument(help="模型、检查点与日志的文件夹；已有则接着训练")],
    start: Annotated[
        Path | None,
        typer.Option(help="从 eval.reranker.pretrain 写出的模型开始，或接着训练已导出的模型"),
    ] = None,
    new: Annotated[
        list[str] | None,
        typer.Option(help="接着训练时新增的来源（数据文件名中的第一段）；其余来源只抽一部分"),
    ] = None,
    layers: Annotated[int, typer.Option(help="没有 --start 时：保留 e5 的前几层")] = 12,
    steps: Annotated[int, typer.Option(help="总步数；接着训练时应与上次相同")] = 3240,
    groups: Annotated[int, typer.Option(help="每步的问题数")] = 32,
    rate: Annotated[float, typer.Option(help="最高学习率")] = 3e-4,
    heads: Annotated[
        float, typer.Option(help="输出层的学习率是其余各层的几倍；接着训练时宜小")
    ] = HEADS_FASTER,
    span: Annotated[float, typer.Option(help="起止位置的损失的权重")] = 0.5,
    repeated: Annotated[int, typer.Option(help="ncpqa 的问题每轮各用几次")] = 4,
    dropout: Annotated[float, typer.Option(help="随机失活的比例；处理器上为 0 时快三分之一")] = 0.1,
    seed: Annotated[int, typer.Option(help="随机种子")] = SEED,
    threads: Annotated[int, typer.Option(help="线程数")] = 2,
    every: Annotated[int, typer.Option(help="每隔几步存检查点")] = 50,
    measured: Annotated[int, typer.Option(help="每隔几步在不参与训练的部分上衡量")] = 500,
) -> None:
    """训练重排模型。"""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    training = list(_training(data, repeated))
    if new:
        try:
            training = mostly_new(training, new, seed=seed)
        except ValueError as error:
            raise typer.BadParameter(f"{data} 中没有这些来源的题：{'、'.join(new)}") from error
    fit = {path.name.split(".")[0]: list(read_groups(path)) for path in data.glob("*.fit.jsonl")}
    student, tokenizer, optimizer, done = _begin(
        folder, start=start, layers=layers, rate=rate, faster=heads
    )
    for module in student.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = dropout
    schedule = schedule_for(optimizer, steps, done=done)
    label = Labeller(tokenizer)
    batches = islice(_batches(training, label, size=groups, seed=seed), done, steps)
    started, pairs, recent = time.monotonic(), 0, deque[Tensor](maxlen=_RECENT)
    for step, batch in enumerate(made_ahead(batches), done + 1):
        recent.append(_step(student, optimizer, schedule, batch, span))
        pairs += len(batch.answers)
        if step % every == 0 or step == steps:
            record: dict[str, object] = {
                "step": step,
                "losses": [round(loss, 4) for loss in torch.stack(list(recent)).mean(0).tolist()],
                "pairs_a_second": round(pairs / (time.monotonic() - started), 2),
            }
            if step % measured == 0 or step == steps:
                record["fit"] = {
                    source: asdict(
                        measure(student, label, part[:: math.ceil(len(part) / _MEASURED_GROUPS)])
                    )
                    for source, part in sorted(fit.items())
                }
            _keep(folder, student, tokenizer, optimizer, step, record)


def _training(data: Path, repeated: int) -> Iterator[Group]:
    for path in sorted(data.glob("*.train.jsonl")):
        for group in read_groups(path):
            yield from [group] * (repeated if group.source == _REPEATED else 1)


def _begin(
    folder: Path, *, start: Path | None, layers: int, rate: float, faster: float
) -> tuple[Student, Tokenizer, torch.optim.Optimizer, int]:
    """Return what training goes on with: what the folder holds, `start`, or a student untrained."""
    checkpoint = folder / _CHECKPOINT
    begun = folder if checkpoint.is_file() else start
    if begun is None:
        student, tokenizer = untrained(layers)
    elif (begun / MODEL_FILE).is_file():
        student, tokenizer = restored(begun)
    else:
        student, tokenizer = load(begun)
    student.to("cuda" if torch.cuda.is_available() else "cpu")
    heads = [*student.heads.parameters(), student.bias]
    optimizer = optimizer_for(student.bert, heads, rate=rate, faster=faster)
    done = 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True, map_location=student.device)
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    return student, tokenizer, optimizer, done


def _batches(groups: Sequence[Group], label: Labeller, *, size: int, seed: int) -> Iterator[Batch]:
    for number in count():
        yield from epoch(groups, label, seed=seed, number=number, size=size)


def _step(
    student: Student,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    batch: Batch,
    span_weight: float,
) -> Tensor:
    student.train()
    batch = batch.to(student.device)
    with torch.autocast(student.device.type, torch.bfloat16):
        relevance, start, end = student(batch.ids, batch.mask, batch.kinds)
    losses = torch.stack(losses_of(relevance.float(), start.float(), end.float(), batch))
    told, listed, spans = losses
    loss = told + listed + span_weight * spans
    learn(loss, student, optimizer, schedule)
    return losses.detach()


def losses_of(
    relevance: Tensor, start: Tensor, end: Tensor, batch: Batch
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the three losses of a batch."""
    told = functional.binary_cross_entropy_with_logits(relevance, batch.answers)
    spans = [
        functional.cross_entropy(
            scores.masked_fill(~batch.told, -math.inf), where, ignore_index=-1, reduction="sum"
        )
        for scores, where in ((start, batch.start), (end, batch.end))
    ]
    known = (batch.start >= 0).sum().clamp(min=1)
    return told, _listed(relevance, batch), torch.stack(spans).mean() / known


def _listed(relevance: Tensor, batch: Batch) -> Tensor:
    """Return the cross-entropy of which passage of a question answers, where one does."""
    is_pair = batch.groups >= 0
    pairs = batch.groups.clamp(min=0)
    scores = functional.log_softmax(relevance[pairs].masked_fill(~is_pair, -math.inf), dim=-1)
    right = (batch.answers[pairs] > 0) & is_pair
    ranks = right.any(dim=-1) & (right.sum(dim=-1) < is_pair.sum(dim=-1))
    lost = -scores.masked_fill(~right, 0.0).sum(dim=-1)
    return (lost * ranks).sum() / ranks.sum().clamp(min=1)


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
