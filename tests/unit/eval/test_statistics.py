"""Intervals, the randomisation test and Holm's correction.

1. A bootstrap interval holds the mean, and for a share of 1/2 its half width is about 1.96 · 0.5 / √n.
   Its bounds are percentiles of the resampled means themselves, not mirrored at the mean.
2. It shrinks with √n, is a point for equal values, and has no bounds for one value. It is made of as many resamples as
   asked for: of two means a and b its bounds lie at 2.5 % and 97.5 % of the way from a to b.
3. The randomisation test equals the enumeration of all sign patterns when there are few (any differences).
4. With many queries it comes close to the exact p, and is never 0.
5. When only chance is at work p is uniform.
6. No difference, or a single query, gives p = 1.
7. Holm's correction: by hand, in the order given, never below p, never above 1.
8. The same seed gives the same numbers.
9. The interval of a mean is that of `bootstrap_means`, however the statistic is called; that of a share of things draws
   the rows that hold them, and nothing to share is 0.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from eval.statistics import Values, bootstrap_means, bootstrap_statistic, holm, randomisation_p_values, ratio
from eval.types import Interval


def column(*values: float) -> Values:
    return np.array(values, dtype=np.float64)[:, None]


def width(values: Values) -> float:
    (interval,) = bootstrap_means(values, seed=1, resamples=2000)
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low <= interval.mean <= interval.high
    return interval.high - interval.low


@pytest.mark.parametrize("n", [20, 100, 1000])
def test_width_of_a_share(n: int) -> None:  # 1
    assert width(column(*[0.0, 1.0] * (n // 2))) / 2 == pytest.approx(1.96 * 0.5 / n**0.5, rel=0.1)


def test_bounds_are_percentiles_of_the_means() -> None:  # 1
    # Nine queries at 0 and one at 1: the mean of n draws is Binomial(n, 0.1) / n, which is skewed and never below 0.
    n = 10
    (interval,) = bootstrap_means(column(*[0.0] * (n - 1), 1.0), seed=1, resamples=4000)
    expected = stats.binom(n, 1 / n).ppf([0.025, 0.975]) / n
    assert [interval.low, interval.high] == pytest.approx(expected)
    assert interval.low == 0.0  # mirrored at the mean it would be 2 · 0.1 − 0.3


def test_width_by_n() -> None:  # 2
    few, many = (column(*[0.0, 0.3, 1.0] * times) for times in (10, 1000))
    assert width(few) / width(many) == pytest.approx(10, rel=0.15)
    assert width(column(0.5, 0.5, 0.5)) == 0
    (single,) = bootstrap_means(column(0.25), seed=1, resamples=2000)
    assert (single.mean, single.low, single.high) == (0.25, None, None)


def test_as_many_resamples_as_asked_for() -> None:  # 2
    (interval,) = bootstrap_means(column(*[0.0, 1.0] * 5), seed=1, resamples=2)
    assert interval.low is not None
    assert interval.high is not None
    step = (interval.high - interval.low) / 0.95
    for tenths in (10 * (interval.low - 0.025 * step), 10 * (interval.high + 0.025 * step)):
        assert tenths == pytest.approx(round(tenths), abs=1e-3)
    assert step > 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-8, 8).map(lambda eighths: eighths / 8), min_size=2, max_size=9))
def test_exact_for_few(differences: list[float]) -> None:  # 3
    seen = abs(sum(differences))
    totals = [abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in signs_of(differences)]
    expected = sum(total >= seen for total in totals) / len(totals)
    (p,) = randomisation_p_values(column(*differences), seed=0, permutations=10_000)
    assert p == pytest.approx(expected, abs=1e-6)


def signs_of(differences: list[float]) -> list[tuple[int, ...]]:
    return list(product((-1, 1), repeat=len(differences)))


def test_thirteen_are_exact_and_fourteen_close() -> None:  # 3, 4
    assert randomisation_p_values(column(*[0.1] * 13), seed=0, permutations=10_000) == [
        pytest.approx(2 / 2**13, abs=1e-6)
    ]
    (sampled,) = randomisation_p_values(column(*[1.0] * 10, *[-1.0] * 6), seed=0, permutations=10_000)
    exact = stats.binomtest(10, 16).pvalue  # a sign test: all differences have one size
    assert sampled == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 10_000) ** 0.5)
    (smallest,) = randomisation_p_values(column(*[1.0] * 60), seed=0, permutations=999)
    assert smallest == pytest.approx(1 / 1000)


def test_uniform_under_chance() -> None:  # 5
    noise = np.random.default_rng(7).normal(size=(30, 400))
    p_values = randomisation_p_values(noise, seed=3, permutations=999)
    assert stats.kstest(p_values, "uniform").pvalue > 0.01
    assert np.mean(np.array(p_values) <= 0.05) == pytest.approx(0.05, abs=0.03)


def test_no_difference() -> None:  # 6
    assert randomisation_p_values(np.zeros((40, 2)), seed=0, permutations=999) == [1.0, 1.0]
    assert randomisation_p_values(column(0.7), seed=0, permutations=999) == [1.0]


def test_holm_by_hand() -> None:  # 7
    # sorted: 0.01·4 = 0.04, 0.02·3 = 0.06, 0.03·2 = 0.06, 0.5·1
    assert holm([0.5, 0.01, 0.03, 0.02]) == pytest.approx([0.5, 0.04, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_bounds(p_values: list[float]) -> None:  # 7
    for p, corrected in zip(p_values, holm(p_values), strict=True):
        assert p - 1e-6 <= corrected <= 1


def test_any_statistic() -> None:  # 9
    values = np.random.default_rng(5).random(30)
    (mean,) = bootstrap_means(values[:, None], seed=2, resamples=300)
    ones = np.ones(30)
    assert bootstrap_statistic((values, ones), ratio, seed=2, resamples=300) == mean
    assert bootstrap_statistic((values,), lambda drawn: float(drawn.mean()), seed=2, resamples=300) == mean
    parts, wholes = np.array([9.0, 0.0]), np.array([10.0, 1.0])
    share = bootstrap_statistic((parts, wholes), ratio, seed=0, resamples=300)
    assert [share.mean, share.low, share.high] == pytest.approx([9 / 11, 0, 0.9], abs=1e-6)
    assert bootstrap_statistic((parts[:1], wholes[:1]), ratio, seed=0, resamples=300) == Interval(0.9, None, None)
    assert list(ratio(np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[3.0, 1.0], [0.0, 0.0]]), axis=1)) == [0.25, 0]


def test_seeds() -> None:  # 8
    values = np.random.default_rng(0).normal(size=(50, 3))
    assert bootstrap_means(values, seed=4, resamples=500) == bootstrap_means(values, seed=4, resamples=500)
    first, again, other = (randomisation_p_values(values, seed=seed, permutations=500) for seed in (4, 4, 5))
    assert first == again != other
