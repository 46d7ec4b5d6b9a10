"""Batches of equal length and how they are run.

1. Every index is in exactly one batch; a batch holds one length; it keeps to the budget or is a single text; the
   longest come first; equal lengths keep their order.
2. `run_batches` puts each vector at its index, whatever the number of threads, and passes errors on.
3. `windows` cuts 0…n into consecutive slices of at most the size.
4. `unit_rows` divides rows by their norm and turns rows without one into the first unit vector.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encoders.batching import equal_length_batches, run_batches, unit_rows, windows
from retrieval.types import FloatArray, IntArray


def test_batches_by_eye() -> None:
    batches = equal_length_batches([2, 5, 2, 5, 2, 2], budget=6)
    assert [batch.tolist() for batch in batches] == [[1], [3], [0, 2, 4], [5]]


@given(lengths=st.lists(st.integers(min_value=0, max_value=12), max_size=60), budget=st.integers(1, 40))
def test_batches_are_a_partition(lengths: list[int], budget: int) -> None:
    batches = equal_length_batches(lengths, budget=budget)
    assert sorted(index for batch in batches for index in batch.tolist()) == list(range(len(lengths)))
    sizes = [{lengths[index] for index in batch} for batch in batches]
    assert all(len(size) == 1 for size in sizes)
    assert [max(size) for size in sizes] == sorted((max(size) for size in sizes), reverse=True)
    assert all(len(batch) * lengths[batch[0]] <= budget or len(batch) == 1 for batch in batches)


@pytest.mark.parametrize("threads", [1, 3])
def test_vectors_return_to_their_index(threads: int) -> None:
    def encode(batch: IntArray) -> FloatArray:
        return np.stack([batch, -batch], axis=1).astype(np.float32)

    batches = equal_length_batches([3, 1, 2, 3, 1, 2, 3], budget=3)
    vectors = run_batches(batches, encode, count=7, dim=2, threads=threads)
    assert vectors.tolist() == [[index, -index] for index in range(7)]


def test_nothing_to_run() -> None:
    assert equal_length_batches([], budget=8) == []
    assert run_batches([], lambda batch: np.zeros((0, 4), np.float32), count=0, dim=4, threads=2).shape == (0, 4)


def test_errors_are_passed_on() -> None:
    def encode(batch: IntArray) -> FloatArray:
        raise ValueError("no memory")

    with pytest.raises(ValueError, match="no memory"):
        run_batches(equal_length_batches([1, 2], budget=2), encode, count=2, dim=1, threads=2)


def test_windows() -> None:
    assert [(window.start, window.stop) for window in windows(7, 3)] == [(0, 3), (3, 6), (6, 7)]
    assert list(windows(0, 3)) == []


def test_unit_rows() -> None:
    rows = np.array([[3, 4], [0, 0], [np.nan, 1], [-2, 0]], np.float32)
    np.testing.assert_allclose(unit_rows(rows), np.array([[0.6, 0.8], [1, 0], [1, 0], [-1, 0]]), atol=1e-6)
    assert unit_rows(np.zeros((0, 3), np.float32)).shape == (0, 3)
