"""`python -m eval.reranker.pretrain DATA FOLDER`: teaches the untrained student official texts.

It guesses hidden words of the texts that it will be trained on (masked language modelling, Devlin
et al. 2019, https://arxiv.org/abs/1810.04805; on the texts of the task itself, Gururangan et al.
2020, https://arxiv.org/abs/2004.10964). e5 was made to compare whole texts, and has to learn anew
to look at single words. `eval.reranker.train --start FOLDER` goes on from there.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from assistant.models.pairs import BEGIN, END, TOLD
from eval.reranker.data import read_texts
from eval.reranker.optimize import learn, optimizer_for, schedule_for
from eval.reranker.student import Student, save, untrained
from eval.reranker.train import SEED

_TOKENS = 256
_HIDDEN = 0.25
# Texts are joined at another place in every epoch.
_SHIFT = 40
_TOLD_EVERY = 50


class Guesser(nn.Module):
    """The student with a head that guesses hidden tokens; only the student is kept."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.bert = student.bert
        self.words = student.bert.embeddings.word_embeddings.weight
        count, size = self.words.shape
        self.hidden = nn.Parameter(self.words.mean(0).clone())
        self.head = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.LayerNorm(size))
        self.bias = nn.Parameter(torch.zeros(count))

    def forward(self, ids: Tensor, is_hidden: Tensor) -> Tensor:
        """Return the scores of all tokens at each hidden place."""
        told = torch.where(is_hidden[..., None], self.hidden, self.words[ids])
        found = self.bert(
            inputs_embeds=told,
            attention_mask=torch.ones_like(ids),
            token_type_ids=torch.full_like(ids, TOLD),
        ).last_hidden_state
        return functional.linear(self.head(found[is_hidden]), self.words, self.bias)


def main(
    data: Annotated[Path, typer.Argument(help="eval.reranker.data 写出的文件夹")],
    folder: Annotated[Path, typer.Argument(help="写入模型的文件夹")],
    layers: Annotated[int, typer.Option(help="保留 e5 的前几层")] = 12,
    steps: Annotated[int, typer.Option(help="总步数")] = 2830,
    size: Annotated[int, typer.Option(help="每步的段数")] = 96,
    rate: Annotated[float, typer.Option(help="最高学习率")] = 4e-4,
) -> None:
    """让模型先读一遍公文。"""
    torch.manual_seed(SEED)
    student, tokenizer = untrained(layers)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    guesser = Guesser(student).to(device).train()
    head = [guesser.hidden, guesser.bias, *guesser.head.parameters()]
    optimizer = optimizer_for(student.bert, head, rate=rate)
    schedule = schedule_for(optimizer, steps)
    drawn = batches(read_texts(data), tokenizer, size)
    for step, ids in zip(range(1, steps + 1), drawn, strict=False):
        loss = _step(guesser, ids.to(device))
        learn(loss, student.bert, optimizer, schedule)
        if step % _TOLD_EVERY == 0:
            typer.echo(f"{step}/{steps}：{loss.item():.3f}", err=True)
    save(student.cpu(), tokenizer, folder)


def _step(guesser: Guesser, ids: Tensor) -> Tensor:
    is_hidden = (torch.rand(ids.shape, device=ids.device) < _HIDDEN) & (ids > END)
    with torch.autocast(ids.device.type, torch.bfloat16):
        scores = guesser(ids, is_hidden)
    return functional.cross_entropy(scores.float(), ids[is_hidden])


def batches(texts: Sequence[str], tokenizer: Tokenizer, size: int) -> Iterator[Tensor]:
    """Yield rows of tokens without end, `size` at a time, in another order in every epoch."""
    chance = random.Random(SEED)
    encoded = [one.ids for one in tokenizer.encode_batch(texts, add_special_tokens=False)]
    while True:
        chance.shuffle(encoded)
        joined = [token for ids in encoded for token in (*ids[chance.randrange(_SHIFT) :], END)]
        width = _TOKENS - 2
        starts = list(range(0, len(joined) - width + 1, width))
        chance.shuffle(starts)
        rows = [[BEGIN, *joined[start : start + width], END] for start in starts]
        # A small set is gone through at least once a batch.
        for at in range(0, max(1, len(rows) - size + 1), size):
            yield torch.tensor(rows[at : at + size])


if __name__ == "__main__":
    typer.run(main)
