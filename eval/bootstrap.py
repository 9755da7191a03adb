"""How sure a figure is: bootstrap intervals, and whether two systems really differ.

Efron & Tibshirani 1993, An Introduction to the Bootstrap: the percentile interval over questions
drawn with replacement. Paired differences are tested by exchanging the two systems' values question
by question (Fisher's randomisation test; Smucker et al. 2007, doi:10.1145/1321440.1321528).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap, permutation_test

Values = NDArray[np.float64]

_RESAMPLES = 2000
_SEED = 0
# So many resamples at a time: all at once they take gigabytes for thousands of questions.
_BATCH = 200


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean."""
    return interval(lambda drawn: drawn.mean(axis=-1), values)


def interval(statistic: Callable[..., Values], *samples: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of a statistic of one or several values a question.

    `statistic` takes an array for each of the samples and reduces its last axis.
    """
    if len(samples[0]) < 2:
        nan = float("nan")
        return nan, nan
    found = bootstrap(
        tuple(np.asarray(sample, dtype=float) for sample in samples),
        lambda *drawn, axis: statistic(*drawn),
        paired=True,
        vectorized=True,
        n_resamples=_RESAMPLES,
        batch=_BATCH,
        method="percentile",
        rng=_SEED,
    ).confidence_interval
    return float(found.low), float(found.high)


def paired_p_value(mine: Sequence[float], theirs: Sequence[float]) -> float:
    """Return how likely so great a difference of the means would be if the systems were alike."""
    differences = np.asarray(mine, dtype=float) - np.asarray(theirs, dtype=float)
    if not differences.any():
        return 1.0
    found = permutation_test(
        (differences,),
        lambda drawn, axis: drawn.mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        batch=_BATCH,
        rng=_SEED,
    )
    return float(found.pvalue)


def precision(found: Values, wanted: Values) -> Values:
    """Return the share of what was found (0 or 1 on the last axis) that was wanted, 0 of none."""
    return _ratio((found * wanted).sum(-1), found.sum(-1))


def recall(found: Values, wanted: Values) -> Values:
    """Return the share of what was wanted that was found, 0 of none."""
    return _ratio((found * wanted).sum(-1), wanted.sum(-1))


def f1(found: Values, wanted: Values) -> Values:
    """Return the harmonic mean of precision and recall, 0 where nothing was found or wanted."""
    return _ratio(2 * (found * wanted).sum(-1), found.sum(-1) + wanted.sum(-1))


def _ratio(part: Values, whole: Values) -> Values:
    result: Values = np.divide(part, whole, out=np.zeros(np.shape(part)), where=whole > 0)
    return result
