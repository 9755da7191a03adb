"""What a student gets right on groups: ranking, refusing and reading."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from assistant.models.pairs import best_span
from corpus.model import Span
from eval.bench.answers import character_f1
from eval.reranker.batches import Labelled, Labeller, collate
from eval.reranker.groups import Group
from eval.reranker.student import Student

_PASSAGES = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1.

    `ranked`: a right passage came first; `told_apart`: of two questions, the one with an answer
    has the higher relevance; `read`: character F1 of the span in the right passage.
    """

    groups: int
    ranked: float
    told_apart: float
    read: float


@torch.inference_mode()
def measure(student: Student, label: Labeller, groups: Sequence[Group]) -> Figures:
    """Return the figures over these groups; a figure that nothing tells is not a number."""
    student.eval()
    ranked: list[float] = []
    read: list[float] = []
    tops: dict[bool, list[float]] = {True: [], False: []}
    for group in groups:
        passages = group.passages[:_PASSAGES]
        labelled = [label(group.question, passage) for passage in passages]
        batch = collate([labelled]).to(student.device)
        with torch.autocast(student.device.type, torch.bfloat16):
            found = student(batch.ids, batch.mask, batch.kinds)
        scores, start, end = (numbers.float().cpu().numpy() for numbers in found)
        tops[group.is_answerable].append(float(scores.max()))
        if group.is_answerable:
            ranked.append(float(passages[int(scores.argmax())].answers))
        if labelled[0].span is not None:
            read.append(_f1(labelled[0], start[0], end[0], passages[0].text))
    return Figures(len(groups), _mean(ranked), _told_apart(tops[True], tops[False]), _mean(read))


def _f1(one: Labelled, start: np.ndarray, end: np.ndarray, text: str) -> float:
    assert one.span is not None
    offsets, first = one.pair.offsets, one.pair.first
    told = slice(first, first + len(offsets))
    begin, last = best_span(start[told], end[told], offsets)
    found = Span(offsets[begin][0], offsets[last][1])
    gold = Span(offsets[one.span[0] - first][0], offsets[one.span[1] - first][1])
    return character_f1(found.of(text), gold.of(text))


def _told_apart(with_answer: Sequence[float], without: Sequence[float]) -> float:
    pairs = [(float(a > b) + float(a >= b)) / 2 for a in with_answer for b in without]
    return _mean(pairs)


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4) if values else float("nan")
