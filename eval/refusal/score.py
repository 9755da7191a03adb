"""How well does a model tell what to refuse?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer.confidence import Model
from eval.bootstrap import f1, interval
from eval.refusal.samples import Sample


@dataclass(frozen=True, slots=True)
class Refusals:
    """What was refused; `right` counts the refused that have no answer."""

    refused: int
    right: int
    unanswerable: int
    questions: int

    @property
    def precision(self) -> float:
        """Return the share of refusals that were right, 1 of none."""
        return self.right / self.refused if self.refused else 1.0

    @property
    def recall(self) -> float:
        """Return the share of unanswerable questions that were refused, 1 of none."""
        return self.right / self.unanswerable if self.unanswerable else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        both = self.refused + self.unanswerable
        return 2 * self.right / both if both else 1.0

    @property
    def false_refusals(self) -> float:
        """Return the share of answerable questions that were refused."""
        answerable = self.questions - self.unanswerable
        return (self.refused - self.right) / answerable if answerable else 0.0

    @property
    def error_rate(self) -> float:
        """Return the share of questions that were wrongly refused or wrongly answered."""
        wrong = self.refused + self.unanswerable - 2 * self.right
        return wrong / self.questions if self.questions else 0.0


def score(model: Model, samples: Sequence[Sample], threshold: float) -> Refusals:
    """Count what the model refuses at a threshold."""
    return count(samples, refusals(model, samples, threshold))


def refusals(model: Model, samples: Sequence[Sample], threshold: float) -> list[bool]:
    """Tell for each sample whether it is refused; without a sentence it always is."""
    at = replace(model, threshold=threshold)
    return [
        sample.evidence is None or at.confidence(sample.evidence) < at.threshold
        for sample in samples
    ]


def count(samples: Sequence[Sample], refused: Sequence[bool]) -> Refusals:
    """Count refusals, however they were come by."""
    pairs = list(zip(samples, refused, strict=True))
    return Refusals(
        refused=sum(refused),
        right=sum(refusal and not sample.is_answerable for sample, refusal in pairs),
        unanswerable=sum(not sample.is_answerable for sample in samples),
        questions=len(samples),
    )


def f1_interval(samples: Sequence[Sample], refused: Sequence[bool]) -> tuple[float, float]:
    """Return the 95 % interval of F1 over resampled questions."""
    return interval(f1, refused, [not sample.is_answerable for sample in samples])
