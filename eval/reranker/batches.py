"""Groups → batches of pairs, the same ones for the same seed."""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from assistant.models.pairs import PAD, Pair, encode_pair
from corpus.model import Span
from eval.reranker.groups import Candidate, Group

WRONG = 3
_POOL = 64
# Wrong passages are hardest first; of so many some are drawn.
_HARDEST = 6
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair, whether its passage answers, and the answer's first and last token, if known.

    `ids` and `kinds` are the pair's once more, as arrays: batches are made of them fast.
    """

    pair: Pair
    answers: bool
    span: tuple[int, int] | None
    ids: NDArray[np.int64]
    kinds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded pairs; a span of -1 is unknown.

    `groups` has a row for each question with the numbers of its pairs, -1 where it has fewer.
    """

    ids: Tensor
    mask: Tensor
    kinds: Tensor
    told: Tensor
    answers: Tensor
    groups: Tensor
    start: Tensor
    end: Tensor

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device."""
        moved = (getattr(self, field.name).to(device, non_blocking=True) for field in fields(self))
        return Batch(*moved)


class Labeller:
    """Encodes passages with their labels, each once, however often it is drawn."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Encode with this tokenizer."""
        self._tokenizer = tokenizer
        self._known: dict[tuple[str, str], Labelled] = {}

    def __call__(self, question: str, passage: Candidate) -> Labelled:
        """Return a passage as a question meets it."""
        key = question, passage.text
        if key not in self._known:
            self._known[key] = self._label(question, passage)
        return self._known[key]

    def _label(self, question: str, passage: Candidate) -> Labelled:
        pair = encode_pair(self._tokenizer, question, passage.text)
        span = None
        if passage.start is not None and passage.end is not None:
            span = pair.tokens_of(Span(passage.start, passage.end))
        ids, kinds = (np.array(row, np.int64) for row in (pair.ids, pair.kinds))
        return Labelled(pair, passage.answers, span, ids, kinds)


def epoch(
    groups: Sequence[Group], label: Labeller, *, seed: int, number: int, size: int
) -> Iterator[Batch]:
    """Yield every group once, `size` groups a batch, those of like length together."""
    chance = random.Random(f"{seed}/{number}")
    order = list(groups)
    chance.shuffle(order)
    for at in range(0, len(order), _POOL * size):
        pool = [
            [label(group.question, passage) for passage in drawn(group, chance)]
            for group in order[at : at + _POOL * size]
        ]
        pool.sort(key=lambda group: max(len(one.pair.ids) for one in group))
        batches = [pool[i : i + size] for i in range(0, len(pool), size)]
        chance.shuffle(batches)
        yield from map(collate, batches)


def made_ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Yield the batches, the next ones made while one is learnt from."""
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, batches, None) for _ in range(_AHEAD))
        while (batch := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(next, batches, None))
            yield batch


def drawn(group: Group, chance: random.Random) -> list[Candidate]:
    """Return one right passage, if there is any, and a few of the hardest wrong ones.

    Of these one is of the document that answers and one of another, if there are such.
    """
    own = [one for one in group.wrong if one.same_document][:_HARDEST]
    others = [one for one in group.wrong if not one.same_document][:_HARDEST]
    for kind in (own, others):
        chance.shuffle(kind)
    first = [kind.pop() for kind in (own, others) if kind]
    left = [*own, *others]
    chance.shuffle(left)
    right = [chance.choice(group.right)] if group.right else []
    return [*right, *islice([*first, *left], WRONG)]


def collate(groups: Sequence[Sequence[Labelled]]) -> Batch:
    """Pad groups into one batch."""
    flat = [one for group in groups for one in group]
    length = max(len(one.pair.ids) for one in flat)
    ids = np.full((len(flat), length), PAD, np.int64)
    kinds, mask, told = (np.zeros((len(flat), length), np.int64) for _ in range(3))
    for row, one in enumerate(flat):
        size, first = len(one.ids), one.pair.first
        ids[row, :size] = one.ids
        kinds[row, :size] = one.kinds
        mask[row, :size] = 1
        told[row, first : first + len(one.pair.offsets)] = 1
    starts, ends = zip(*(one.span or (-1, -1) for one in flat), strict=True)
    return Batch(
        ids=torch.from_numpy(ids),
        mask=torch.from_numpy(mask),
        kinds=torch.from_numpy(kinds),
        told=torch.from_numpy(told).bool(),
        answers=torch.tensor([float(one.answers) for one in flat]),
        groups=_numbered(groups),
        start=torch.tensor(starts),
        end=torch.tensor(ends),
    )


def _numbered(groups: Sequence[Sequence[Labelled]]) -> Tensor:
    table = torch.full((len(groups), max(map(len, groups))), -1)
    row = 0
    for number, group in enumerate(groups):
        table[number, : len(group)] = torch.arange(row, row + len(group))
        row += len(group)
    return table
