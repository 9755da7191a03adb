"""Results → the figures of each system, how sure they are, and where two systems differ."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from eval.bench.answers import Answered
from eval.bench.load import Bench
from eval.bench.retrieval import DEPTHS, Retrieved
from eval.bench.run import BenchRun, Result, all_questions
from eval.bootstrap import Values, f1, interval, mean_interval, paired_p_value, precision, recall

Value: TypeAlias = float | None


def _within(depth: int) -> Callable[[Retrieved], Value]:
    return lambda one: float(one.is_within(depth))


_RETRIEVAL: dict[str, Callable[[Retrieved], Value]] = {
    **{f"R@{depth}": _within(depth) for depth in DEPTHS},
    "MRR": lambda one: one.reciprocal_rank,
    "nDCG@10": lambda one: one.ndcg,
}
_ANSWERS: dict[str, Callable[[Answered], Value]] = {
    "answer_f1": lambda one: one.f1,
    "answer_em": lambda one: one.is_exact,
    "numeric_exactness": lambda one: one.figures,
    "citation_precision": lambda one: one.citation_precision,
    "citation_recall": lambda one: one.citation_recall,
    "cites_gold": lambda one: one.cites_gold,
}
_REFUSALS: dict[str, Callable[[Values, Values], Values]] = {
    "refusal_precision": precision,
    "refusal_recall": recall,
    "refusal_f1": f1,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean or share with its 95 % interval, over `count` questions."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class SystemFigures:
    """All figures of a system; `p_values` compare it with the first system, metric by metric."""

    name: str
    passages: int
    metrics: dict[str, Figure]
    search_ms: float
    answer_ms: float
    p_values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A bench with what every system did and the figures that it makes; the project's own first."""

    run: BenchRun
    systems: tuple[SystemFigures, ...]


def judge_run(run: BenchRun) -> Judged:
    """Work out the figures; every other system is held against the first."""
    first = _values(run.results[0])
    return Judged(run, tuple(_system(run.bench, result, first) for result in run.results))


def _system(bench: Bench, result: Result, first: dict[str, list[Value]]) -> SystemFigures:
    values = _values(result)
    metrics: dict[str, Figure] = {}
    for name, found in values.items():
        known = [value for value in found if value is not None]
        if known:
            metrics[name] = Figure(float(np.mean(known)), *mean_interval(known), count=len(known))
    if any(one.is_refused for one in result.answered):
        metrics |= _refusals(bench, result)
    p_values: dict[str, float] = {}
    for name in values if values != first else ():
        mine, theirs = _pairs(first[name], values[name])
        if mine:
            p_values[name] = paired_p_value(mine, theirs)
    return SystemFigures(
        result.system,
        result.passages,
        metrics,
        _median_ms([one.seconds for one in result.retrieved]),
        _median_ms([one.seconds for one in result.answered]),
        p_values,
    )


def _values(result: Result) -> dict[str, list[Value]]:
    retrieval = {name: [read(one) for one in result.retrieved] for name, read in _RETRIEVAL.items()}
    answers = {name: [read(one) for one in result.answered] for name, read in _ANSWERS.items()}
    return {**retrieval, **answers}


def _pairs(mine: Sequence[Value], theirs: Sequence[Value]) -> tuple[list[float], list[float]]:
    """Return the values of the questions for which both systems have one."""
    both = [
        (left, right)
        for left, right in zip(mine, theirs, strict=True)
        if left is not None and right is not None
    ]
    return [left for left, _ in both], [right for _, right in both]


def _refusals(bench: Bench, result: Result) -> dict[str, Figure]:
    refused = [float(one.is_refused) for one in result.answered]
    wanted = [float(not question.is_answerable) for question in all_questions(bench)]
    if not any(wanted):
        return {}
    return {
        name: Figure(
            float(statistic(np.array(refused), np.array(wanted))),
            *interval(statistic, refused, wanted),
            count=len(refused),
        )
        for name, statistic in _REFUSALS.items()
    }


def _median_ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1000 if seconds else math.nan
