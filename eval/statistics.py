"""How sure a mean or a difference is: percentile bootstrap, paired randomisation test, Holm's correction.

The one door to ``scipy.stats``. Every function takes its seed, so the same input gives the same numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import stats

from eval.types import Interval

Values: TypeAlias = npt.NDArray[np.float64]
"""Shape (n queries, m measures), float64."""

CONFIDENCE = 0.95
DIGITS = 6

_BATCH_VALUES = 4_000_000  # resampled float64 values held at a time: 32 MB


def bootstrap_means(values: Values, *, seed: int, resamples: int) -> list[Interval]:
    """The mean of every column with its 95 % percentile bootstrap interval (Efron & Tibshirani 1993, ch. 13).

    Queries are drawn with replacement ``resamples`` times; the interval runs from the 2.5th to the 97.5th percentile
    of the resampled means. One row cannot be resampled: its bounds are None. ``values`` has shape (n ≥ 1, m).
    """
    means = values.mean(axis=0)
    if len(values) == 1:
        return [Interval(_round(mean), None, None) for mean in means]
    bounds = stats.bootstrap(
        (values.T,),
        np.mean,
        axis=1,
        n_resamples=resamples,
        batch=_batch(values),
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    rows = zip(means, bounds.low, bounds.high, strict=True)
    return [Interval(_round(mean), _round(low), _round(high)) for mean, low, high in rows]


def bootstrap_statistic(
    columns: Sequence[Values], statistic: Callable[..., Values] | Callable[..., float], *, seed: int, resamples: int
) -> Interval:
    """A statistic of whole columns, of shape (n ≥ 1,) each, with the same interval: rows are drawn, as queries above.

    ``statistic(*columns, axis)`` reduces that axis; without a parameter ``axis`` it is called once for each resample.
    """
    at_once = "axis" in inspect.signature(statistic).parameters
    value = float(statistic(*columns, axis=0) if at_once else statistic(*columns))
    if len(columns[0]) == 1:
        return Interval(_round(value), None, None)
    bounds = stats.bootstrap(
        tuple(columns),
        statistic,
        paired=True,
        vectorized=at_once,
        n_resamples=resamples,
        batch=_batch(columns[0]),
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(_round(value), _round(bounds.low), _round(bounds.high))


def ratio(parts: Values, wholes: Values, axis: int = 0) -> Values:
    """Σ parts / Σ wholes along an axis: a share of things of which each row has some; 0 where there are none."""
    total = wholes.sum(axis=axis)
    share: Values = np.divide(parts.sum(axis=axis), total, out=np.zeros_like(total), where=total > 0)
    return share


def randomisation_p_values(differences: Values, *, seed: int, permutations: int) -> list[float]:
    """Two-sided p of every column: how often chance alone gives a mean difference as large as the one seen.

    Paired randomisation test (Smucker, Allan & Carterette 2007): if the runs were equal, each query's difference d
    could as well have been −d. With T = |mean(d)| over random signs, p = (1 + #{T ≥ T seen}) / (1 + permutations).
    When all 2^n sign patterns number at most ``permutations`` (n ≤ 13 for 10,000) they are enumerated and
    p = #{T ≥ T seen} / 2^n is exact. ``differences`` has shape (n ≥ 1, m).
    """
    if len(differences) == 1:
        return [1.0] * differences.shape[1]
    result = stats.permutation_test(
        (differences.T,),
        _absolute_mean,
        permutation_type="samples",
        alternative="greater",
        n_resamples=permutations,
        batch=_batch(differences),
        axis=1,
        rng=np.random.default_rng(seed),
    )
    return [_round(p) for p in result.pvalue]


def holm(p_values: Sequence[float]) -> list[float]:
    """p values corrected for asking several questions at once (Holm 1979), in the order given.

    With p sorted upwards, p'_i = min(1, max_{j ≤ i} (m − j + 1) · p_j): p' ≤ 0.05 keeps the chance of even one
    false finding among the m at 5 %.
    """
    corrected = [0.0] * len(p_values)
    running = 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        running = max(running, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = _round(running)
    return corrected


def _absolute_mean(values: Values, axis: int) -> Values:
    means: Values = np.abs(values.mean(axis=axis))
    return means


def _batch(values: Values) -> int:
    return max(1, _BATCH_VALUES // values.size)


def _round(value: float) -> float:
    return round(float(value), DIGITS)
