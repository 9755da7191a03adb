"""Samples → the logistic model and the threshold below which an answer is refused."""

from collections.abc import Sequence
from dataclasses import asdict, fields

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.answer.confidence import Evidence, Model
from eval.refusal.samples import Sample
from eval.refusal.score import score

FEATURES = tuple(field.name for field in fields(Evidence))
_THRESHOLDS = tuple(number / 100 for number in range(5, 100))


def fit(
    samples: Sequence[Sample],
    features: Sequence[str] = FEATURES,
    *,
    most_withheld: float = 1.0,
) -> Model:
    """Fit these features on the samples that are not held out, every source weighing alike.

    `most_withheld` is as for `best_threshold`.
    """
    seen = [sample for sample in samples if not sample.is_held_out]
    judged = [sample for sample in seen if sample.evidence is not None]
    sources = [sample.source for sample in judged]
    weights = [len(judged) / sources.count(source) for source in sources]
    regression = LogisticRegression(max_iter=1000).fit(
        np.array([_values(sample, features) for sample in judged]),
        [sample.is_answerable for sample in judged],
        sample_weight=weights,
    )
    model = Model(
        {
            name: round(float(weight), 4)
            for name, weight in zip(features, regression.coef_[0], strict=True)
        },
        round(float(regression.intercept_[0]), 4),
        0.0,
    )
    return Model(model.weights, model.intercept, best_threshold(model, seen, most_withheld))


def best_threshold(model: Model, samples: Sequence[Sample], most_withheld: float = 1.0) -> float:
    """Return the threshold that errs least, every source weighing alike.

    Of those only that withhold at most this share of the answers found to any source's questions
    that have one, if there are such. Where nothing was found no threshold decides.
    """
    by_source = [
        [sample for sample in samples if sample.source == source]
        for source in sorted({sample.source for sample in samples})
    ]
    found = [[sample for sample in group if sample.evidence is not None] for group in by_source]

    def errors(threshold: float) -> float:
        return sum(score(model, group, threshold).error_rate for group in by_source)

    def withholds_few(threshold: float) -> bool:
        falsely = (score(model, group, threshold).false_refusals for group in found)
        return max(falsely, default=0.0) <= most_withheld

    return min([one for one in _THRESHOLDS if withholds_few(one)] or _THRESHOLDS, key=errors)


def _values(sample: Sample, features: Sequence[str]) -> list[float]:
    assert sample.evidence is not None
    return [asdict(sample.evidence)[name] for name in features]
