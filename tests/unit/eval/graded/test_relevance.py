"""AUC and calibration of the relevance.

1. AUC is the share of pairs of an answer and another hit in which the answer has more, equal ones counting half.
2. A query drawn twice counts twice, as if its hits were there twice; of one sort alone a draw has 0.5, and a run none.
3. Hits without judgment or relevance are left out.
4. An interval resamples queries: where all hits are in one query, or all queries are alike, it has no width.
5. Calibration: five equal parts from low to high, each with the mean that was said and the share that is true.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from eval.graded.relevance import auc_by_draw, auc_of, calibration, every, hits_of
from eval.types import Interval
from tests.unit.eval.graded.pages import page


def by_hand(hits: list[tuple[float, bool]]) -> float:
    good, others = ([value for value, label in hits if label is sort] for sort in (True, False))
    return sum((a > b) + (a == b) / 2 for a, b in product(good, others)) / (len(good) * len(others))


def test_auc() -> None:  # 1, 2
    pages = [page("301", relevance=(0.9, 0.5, 0.5)), page("21", relevance=(0.5, 0.2)), page("00", relevance=(0.7, 0.1))]
    first = [(0.9, True), (0.5, False), (0.5, False)]
    second, third = [(0.5, True), (0.2, False)], [(0.7, False), (0.1, False)]
    auc = auc_by_draw(hits_of(pages, answer=2))
    assert auc(every(3)) == pytest.approx(by_hand(first + second + third))
    assert auc(every(3)) == pytest.approx((5 + 1 / 2 * 2 + 2) / 10)  # 0.9 beats five; 0.5 two, and is level with two
    assert auc(np.array([0.0, 1.0, 1.0])) == pytest.approx(by_hand(first + second + second))
    assert auc(np.array([2.0, 2.0])) == 0.5


def test_none_without_both_sorts() -> None:  # 2, 3
    for line, relevance in (("33", (0.9, 0.1)), ("10", (0.9, 0.1)), ("?3", (0.1, 0.9)), ("30", (0.9, None)), ("", ())):
        assert auc_of(hits_of([page(line, relevance=relevance)], 2), seed=0, resamples=10) is None


def test_interval() -> None:  # 4
    alike = [page("30", relevance=(0.4, 0.6)), page("30", relevance=(0.4, 0.6))]
    found = auc_of(hits_of(alike, 2), seed=0, resamples=100)
    assert found is not None
    assert (found.n, found.value) == (4, Interval(0.0, 0.0, 0.0))
    [single] = [auc_of(hits_of(alike[:1], 2), seed=0, resamples=100)]
    assert single is not None
    assert single.value == Interval(0.0, None, None)
    apart = [page("30", relevance=(0.4, 0.6)), page("30", relevance=(0.9, 0.6))]
    value = auc_of(hits_of(apart, 2), seed=0, resamples=500)
    assert value is not None
    assert value.value == Interval(0.5, 0.0, 1.0)


def test_calibration() -> None:  # 5
    said = [tenth / 10 for tenth in range(10)]
    grades = "0000122133"
    pages = [page(grades[::2], relevance=said[::2]), page(grades[1::2], relevance=said[1::2]), page("?", relevance=[1])]
    bins = calibration(hits_of(pages, answer=2), seed=0, resamples=50)
    assert [(one.low, one.high, one.mean) for one in bins] == [
        (0.0, 0.1, 0.05), (0.2, 0.3, 0.25), (0.4, 0.5, 0.45), (0.6, 0.7, 0.65), (0.8, 0.9, 0.85)
    ]  # fmt: skip
    assert [(one.answers.n, one.answers.value.mean) for one in bins] == [(2, 0), (2, 0), (2, 0.5), (2, 0.5), (2, 1)]
    assert (bins[2].answers.value.low, bins[2].answers.value.high) == (0, 1)
    few = calibration(hits_of([page("20", relevance=(0.3, 0.6))], answer=2), seed=0, resamples=50)
    assert [(one.mean, one.answers.value.mean) for one in few] == [(0.3, 1), (0.6, 0)]
    for line, relevance in (("20", ()), ("23", (0.3, 0.6))):
        assert calibration(hits_of([page(line, relevance=relevance)], answer=2), seed=0, resamples=50) == ()
