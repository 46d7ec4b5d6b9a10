"""Cuts many texts into batches and runs them on all the cores given.

Batches hold texts of exactly one length, so there is no padding; a batch is closed when it reaches a budget of units
(tokens), because past some hundred tokens a larger batch only pushes the activations out of the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from retrieval.types import FloatArray, IntArray


def equal_length_batches(lengths: Sequence[int], *, budget: int) -> list[IntArray]:
    """Indices 0…n-1 in batches of one length each, at most `budget` units a batch (always at least one text).

    The longest come first, so that the last batches are short and the threads finish together.
    """
    if not lengths:
        return []
    sizes = np.asarray(lengths, np.int64)
    order = np.argsort(-sizes, kind="stable")
    starts = np.flatnonzero(np.diff(sizes[order], prepend=-1))
    batches: list[IntArray] = []
    for group in np.split(order, starts[1:]):
        step = max(1, budget // max(1, int(sizes[group[0]])))
        batches.extend(group[first : first + step] for first in range(0, len(group), step))
    return batches


def run_batches(
    batches: Sequence[IntArray], encode: Callable[[IntArray], FloatArray], *, count: int, dim: int, threads: int
) -> FloatArray:
    """Vectors of all batches in the order of the indices, shape (count, dim).

    `encode` maps the indices of one batch to its vectors and is called from `threads` threads; it pays where it
    releases the interpreter lock, as onnxruntime and numpy do.
    """
    vectors = np.zeros((count, dim), np.float32)
    if threads == 1 or len(batches) < 2:
        for batch in batches:
            vectors[batch] = encode(batch)
        return vectors
    with ThreadPoolExecutor(threads, thread_name_prefix="encode") as pool:
        for batch, encoded in zip(batches, pool.map(encode, batches), strict=True):
            vectors[batch] = encoded
    return vectors


def windows(count: int, size: int) -> Iterator[slice]:
    """Consecutive slices of at most `size`, so that memory does not grow with the number of texts."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))


def unit_rows(vectors: FloatArray) -> FloatArray:
    """Rows divided by their norm; a row that has none, as of a text without a known token, becomes the first unit."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    lost = ~(np.isfinite(norms) & (norms > 0))[:, 0]
    units: FloatArray = np.divide(vectors, norms, out=np.zeros_like(vectors), where=~lost[:, None])
    units[lost, 0] = 1
    return units
