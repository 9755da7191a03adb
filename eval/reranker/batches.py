"""Groups → batches of pairs, the same ones for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import torch
from tokenizers import Tokenizer
from torch import Tensor

from assistant.models.pairs import PAD, Pair, encode_pair
from corpus.model import Span
from eval.reranker.groups import Candidate, Group

MAX_TOKENS = 288
WRONG = 2
_POOL = 64
# Wrong passages are hardest first; of so many one is drawn.
_HARDEST = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair, whether its passage answers, and the answer's first and last token, if known."""

    pair: Pair
    answers: bool
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded pairs; `groups` numbers the question of each, a span of -1 is unknown."""

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
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def label(tokenizer: Tokenizer, question: str, passage: Candidate) -> Labelled:
    """Encode a passage with its label."""
    pair = encode_pair(tokenizer, question, passage.text, max_tokens=MAX_TOKENS)
    span = None
    if passage.start is not None and passage.end is not None:
        span = pair.tokens_of(Span(passage.start, passage.end))
    return Labelled(pair, passage.answers, span)


def epoch(
    groups: Sequence[Group], tokenizer: Tokenizer, *, seed: int, number: int, size: int
) -> Iterator[Batch]:
    """Yield every group once, `size` groups a batch, those of like length together."""
    chance = random.Random(f"{seed}/{number}")
    order = list(groups)
    chance.shuffle(order)
    for at in range(0, len(order), _POOL * size):
        pool = [
            [label(tokenizer, group.question, passage) for passage in drawn(group, chance)]
            for group in order[at : at + _POOL * size]
        ]
        pool.sort(key=lambda group: max(len(one.pair.ids) for one in group))
        batches = [pool[i : i + size] for i in range(0, len(pool), size)]
        chance.shuffle(batches)
        yield from map(collate, batches)


def drawn(group: Group, chance: random.Random) -> list[Candidate]:
    """Return one right passage, if there is any, and a few of the hardest wrong ones."""
    own = [one for one in group.wrong if one.same_document][:_HARDEST]
    others = [one for one in group.wrong if not one.same_document][:_HARDEST]
    wrong = [chance.choice(kind) for kind in (own, others) if kind]
    left = [one for one in (*own, *others) if one not in wrong]
    if len(wrong) < WRONG and left:
        wrong.append(chance.choice(left))
    return [*([chance.choice(group.right)] if group.right else []), *wrong]


def collate(groups: Sequence[Sequence[Labelled]]) -> Batch:
    """Pad groups into one batch."""
    flat = [(number, one) for number, group in enumerate(groups) for one in group]
    length = max(len(one.pair.ids) for _, one in flat)
    ids, kinds, mask, told = (torch.zeros(len(flat), length, dtype=torch.long) for _ in range(4))
    for row, (_, one) in enumerate(flat):
        size, first = len(one.pair.ids), one.pair.first
        ids[row] = PAD
        ids[row, :size] = torch.tensor(one.pair.ids)
        kinds[row, :size] = torch.tensor(one.pair.kinds)
        mask[row, :size] = 1
        told[row, first : first + len(one.pair.offsets)] = 1
    starts, ends = zip(*(one.span or (-1, -1) for _, one in flat), strict=True)
    return Batch(
        ids=ids,
        mask=mask,
        kinds=kinds,
        told=told.bool(),
        answers=torch.tensor([float(one.answers) for _, one in flat]),
        groups=torch.tensor([number for number, _ in flat]),
        start=torch.tensor(starts),
        end=torch.tensor(ends),
    )
