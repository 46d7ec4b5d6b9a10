"""Concentration of scores:

1. It is 0 for equal scores, near 1 for one that stands out, and in [0, 1] for any.
2. Adding the same to all scores changes nothing, nor does what is after the first `HITS`.
3. Less than two scores have none.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.concentration import HITS, concentration

scores = st.lists(st.integers(-500, 500), min_size=2, max_size=40)


def of(values: list[int]) -> float | None:
    return concentration(np.array(sorted(values, reverse=True), np.float32))


def test_ends() -> None:
    assert of([3] * 7) == pytest.approx(0, abs=1e-9)
    assert of([50] + [0] * 19) == pytest.approx(1, abs=1e-6)
    assert of([]) is None
    assert of([4]) is None


def test_what_is_after_the_first_says_nothing() -> None:
    assert of([1] * HITS + [0] * HITS) == pytest.approx(0, abs=1e-9)


@given(scores, st.integers(-100, 100))
def test_range_and_shift(values: list[int], shift: int) -> None:
    found = of(values)
    assert found is not None
    assert 0 <= found <= 1
    assert of([value + shift for value in values]) == pytest.approx(found)
    assert of(sorted(values, reverse=True)[:HITS]) == found
