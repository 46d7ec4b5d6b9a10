"""Learns a word space from forward rows as they are written: one pass, bounded memory, no labels and no model.

Words of titles that share their neighbours mean much the same, since sellers heap synonyms. With n_ij the titles that
have words i and j, each title counting 1 / its number of words, and n_i = sum over j of n_ij:

    PMI_ij = ln (n_ij / (n_i · q_j)),  q_j = n_j^0.75 / sum over k of n_k^0.75
    vectors = rows of U·S^0.5 of the truncated singular value decomposition of max (PMI, 0), scaled to unit norm

Source: Levy, Goldberg, Dagan 2015, “Improving Distributional Similarity with Lessons Learned from Word Embeddings”,
doi:10.1162/tacl_a_00134 (context distribution smoothing 0.75, eigenvalue weighting 0.5); the decomposition is the
randomised one of Halko, Martinsson, Tropp 2011, doi:10.1137/090771806. 71,643 titles take about 4 s on two cores.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from retrieval.ranking.forward import ForwardRows, HashArray
from retrieval.ranking.word_space import STEPS, WordSpace
from retrieval.types import FloatArray, IntArray

TITLES = 100_000
"""At least so many titles are read of a larger catalogue, evenly spread."""
WORDS = 40_000
MIN_TITLES = 3
DIMENSIONS = 64
if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_EXTRA, _PASSES = 16, 2
_SMOOTHING = 0.75
_RANK = 1e-9
"""Of the largest square of a singular value; less is nothing but rounding."""
_BLOCK = 2_000
_THREADS = min(4, os.cpu_count() or 1)


class WordLearner:
    """Reads forward rows, gives a `WordSpace`. The same rows in the same order give the same space."""

    def __init__(self, *, titles: int = TITLES, words: int = WORDS, dimensions: int = DIMENSIONS) -> None:
        self._titles, self._words, self._dimensions = titles, words, dimensions
        self._kept: list[bytes] = []
        self._seen, self._stride = 0, 1

    def add(self, rows: Iterable[bytes]) -> None:
        """Forward rows of the next documents; every stride-th is kept, so that memory is bounded."""
        for row in rows:
            if self._seen % self._stride == 0:
                self._kept.append(row)
                if len(self._kept) >= 2 * self._titles:
                    self._kept = self._kept[::2]
                    self._stride *= 2
            self._seen += 1

    def finish(self, *, seed: int = 0) -> WordSpace:
        """The space of what was read; the learner may go on afterwards."""
        rows = ForwardRows.decode(self._kept)
        if not rows.texts.size:
            return WordSpace.empty()
        words, titles, counts = _vocabulary(rows, self._words)
        vectors = _decompose(_positive_pmi(words, titles, (rows.texts.size, len(counts[0]))), self._dimensions, seed)
        characters = Counter(chain.from_iterable(map(set, rows.texts.titles)))
        points = np.array(sorted(map(ord, characters)), np.uint32)
        return WordSpace(
            documents=rows.texts.size,
            words=counts[0],
            counts=counts[1],
            vectors=np.rint(vectors * STEPS).astype(np.int8),
            characters=points,
            character_counts=np.array([characters[chr(point)] for point in points], np.uint32),
        )


def _vocabulary(rows: ForwardRows, most: int) -> tuple[IntArray, IntArray, tuple[HashArray, HashArray]]:
    """Which known word (index) stands in which title, and the known words (ascending) with their counts."""
    hashes, places, counts = np.unique(rows.words, return_inverse=True, return_counts=True)
    frequent = np.flatnonzero(counts >= MIN_TITLES)
    kept = np.sort(frequent[np.argsort(-counts[frequent], kind="stable")[:most]])
    index = np.full(len(hashes), -1, np.int64)
    index[kept] = np.arange(len(kept))
    titles = np.repeat(np.arange(rows.texts.size), np.diff(rows.starts))
    known = index[places] >= 0
    return index[places][known], titles[known], (hashes[kept], counts[kept].astype(np.uint32))


def _positive_pmi(words: IntArray, titles: IntArray, shape: tuple[int, int]) -> csr_matrix:
    """Shape (m, m). Block by block, since most pairs share one title by chance and are dropped at once."""
    from scipy.sparse import csr_matrix, diags, vstack

    has = csr_matrix((np.ones(len(words), np.float32), (titles, words)), shape)
    sizes = np.maximum(has.getnnz(axis=1), 1).astype(np.float32)
    total = np.asarray(has.T @ ((sizes - 1) / sizes), np.float64) + 1e-12
    smoothed = total**_SMOOTHING
    share = smoothed / smoothed.sum() if len(smoothed) else smoothed
    weighted, by_word = (diags(1 / sizes) @ has).tocsr(), has.T.tocsr()

    def block(first: int) -> csr_matrix:
        together = (by_word[first : first + _BLOCK] @ weighted).tocoo()
        row, column = together.row.astype(np.int64) + first, together.col
        pmi = np.log(together.data / (total[row] * share[column])).astype(np.float32)
        good = (pmi > 0) & (row != column)
        return csr_matrix((pmi[good], (together.row[good], column[good])), together.shape)

    with ThreadPoolExecutor(_THREADS) as pool:
        blocks = list(pool.map(block, range(0, shape[1], _BLOCK)))
    return vstack(blocks).tocsr() if blocks else csr_matrix((0, 0), dtype=np.float32)


def _decompose(matrix: csr_matrix, dimensions: int, seed: int) -> FloatArray:
    """Unit rows of U·S^0.5, shape (m, dimensions); a word without neighbours has a row of zeros."""
    size = matrix.shape[0]
    wide = min(dimensions + _EXTRA, size)
    if not size or not matrix.nnz:
        return np.zeros((size, dimensions), np.float32)
    basis: npt.NDArray[np.float32] = np.random.default_rng(seed).standard_normal((size, wide)).astype(np.float32)
    turned = matrix.T.tocsr()
    image = _product(matrix, basis)
    for _ in range(_PASSES):
        image = _product(matrix, _product(turned, _orthonormal(image)))
    range_basis = _orthonormal(image)
    squares, left = _spectrum(_product(turned, range_basis))
    vectors = np.zeros((size, dimensions), np.float32)
    kept = min(dimensions, wide)
    vectors[:, :kept] = (range_basis @ left)[:, :kept] * squares[:kept] ** 0.25
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: FloatArray = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 1e-6)
    return unit


def _product(matrix: csr_matrix, dense: FloatArray) -> FloatArray:
    """`matrix` @ `dense`, blocks of rows at a time, since the library works on one core and lets others work."""
    with ThreadPoolExecutor(_THREADS) as pool:
        starts = range(0, matrix.shape[0], _BLOCK)
        return np.concatenate(list(pool.map(lambda first: matrix[first : first + _BLOCK] @ dense, starts)))


def _orthonormal(tall: FloatArray) -> FloatArray:
    """An orthonormal basis of the columns of `tall`, shape (m, n) with m » n; a column too many is zero.

    By the n × n products of its columns, twice because the first time leaves what rounding leaves: a tenth of the time
    of a QR decomposition.
    """
    for _ in range(2):
        squares, turns = _spectrum(tall)
        sound = squares > squares[0] * _RANK
        scale = np.divide(1.0, np.sqrt(squares), out=np.zeros_like(squares), where=sound)
        tall = tall @ (turns * scale).astype(np.float32)
    return tall


def _spectrum(tall: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Squares of the singular values of `tall`, descending, and its right singular vectors as columns."""
    exact = tall.astype(np.float64)
    squares, turns = np.linalg.eigh(exact.T @ exact)
    return np.maximum(squares[::-1], 0.0), turns[:, ::-1].astype(np.float32)
