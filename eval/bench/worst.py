"""The answers that went most wrong, to be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeAlias

from eval.bench.answers import Answered
from eval.bench.load import BenchQuestion
from eval.bench.run import BenchRun, all_questions

Fault: TypeAlias = Literal["没有检到", "误拒", "该拒未拒", "答得不像"]

_MOST = 10
_POOR = 0.2


@dataclass(frozen=True, slots=True)
class Case:
    """One answer and what is wrong with it; `rank` is None where nothing was to be found."""

    question: BenchQuestion
    fault: Fault
    answered: Answered
    rank: int | None


def worst_cases(run: BenchRun) -> list[Case]:
    """Return the first few of each fault of the project's own answers, in the bench's order."""
    own = run.results[0]
    ranks = [one.rank for one in own.retrieved]
    questions = all_questions(run.bench)
    padded = [*ranks, *[None] * (len(questions) - len(ranks))]
    cases = [
        Case(question, fault, answered, rank)
        for question, answered, rank in zip(questions, own.answered, padded, strict=True)
        for fault in _faults(question, answered, rank)
    ]
    faults: tuple[Fault, ...] = ("该拒未拒", "误拒", "没有检到", "答得不像")
    return [
        case
        for fault in faults
        for case in islice((case for case in cases if case.fault == fault), _MOST)
    ]


def _faults(question: BenchQuestion, answered: Answered, rank: int | None) -> Iterator[Fault]:
    """Yield the one fault that tells most about an answer, if it has any."""
    if not question.is_answerable:
        if not answered.is_refused:
            yield "该拒未拒"
    elif rank == 0:
        yield "没有检到"
    elif answered.is_refused:
        yield "误拒"
    elif answered.f1 is not None and answered.f1 < _POOR:
        yield "答得不像"
