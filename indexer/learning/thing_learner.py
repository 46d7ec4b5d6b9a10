"""Learns what titles of each noun have in common (`retrieval.ranking.things`): one pass, bounded memory, no labels.

A title says several nouns and sells one. Each noun of a title counts by how surely it names things, as queries show:
most of those with 贴膜 end in it, few of those with 手机 do. With v the vectors of titles t from their middle:

    w(t, n) = h(n) / sum over the nouns of t of h,   h(n) = (queries that end in n + 1) / (queries that have n + 2)
    direction(n) = sum over t of w(t, n) · v(t), of unit length

A character is the sum of the nouns that end in it, for things that nobody knows: 婴儿枕 is some 枕.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.learning.word_learner import MIN_TITLES
from retrieval.analysis.normalize import HAN
from retrieval.protocols import Encoder
from retrieval.ranking.forward import word_hash
from retrieval.ranking.things import MAX_CHARS, Things
from retrieval.types import FloatArray, IntArray

TITLES = 40_000
"""At least so many titles are read of a larger catalogue, evenly spread: 61 MB for less than twice as many."""
NOUNS = 10_000
ASKED = 64
"""So many frequent nouns, read as queries, give the middle of all queries."""
_HAN_WORD = re.compile(rf"[{HAN}]{{1,{MAX_CHARS}}}\Z")


class ThingLearner:
    """Reads the words and vectors of titles, gives `Things`. The same titles in the same order give the same things."""

    def __init__(self, *, titles: int = TITLES, nouns: int = NOUNS) -> None:
        self._titles, self._nouns = titles, nouns
        self._kept: list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.float16]]] = []
        self._seen, self._stride = 0, 1

    def add(self, titles: Iterable[Sequence[str]], vectors: FloatArray) -> None:
        """Words of the next titles, in order, and their unit vectors (n, dim); every stride-th is kept."""
        for words, vector in zip(titles, vectors, strict=True):
            if self._seen % self._stride == 0:
                self._kept.append((_hashes(words), vector.astype(np.float16)))
                if len(self._kept) >= 2 * self._titles:
                    self._kept = self._kept[::2]
                    self._stride *= 2
            self._seen += 1

    def finish(self, nouns: Iterable[str], headness: Callable[[str], float], encoder: Encoder) -> Things | None:
        """What was learned, None of no titles.

        Args:
            nouns: product nouns, the most frequent first.
            headness: of a noun, how surely it names a thing, greater than 0.
        """
        if not self._kept:
            return None
        vectors = np.stack([vector for _, vector in self._kept])
        middle = vectors.mean(axis=0, dtype=np.float32)
        known = {word_hash(noun): noun for noun in nouns if _HAN_WORD.match(noun)}
        names, titles, places = self._occurrences(np.array(sorted(known), np.uint32))
        frequent = [known[int(name)] for name in names[np.argsort(-np.bincount(places, minlength=len(names)))][:ASKED]]
        queries = encoder.encode_queries(frequent).mean(axis=0) if frequent else middle
        sums = _sums(vectors, middle, titles, places, np.array([headness(known[int(name)]) for name in names]))
        keys, directions = _with_characters([known[int(name)] for name in names], sums)
        return Things(middle, np.asarray(queries, np.float32), keys, directions)

    def _occurrences(self, known: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint32], IntArray, IntArray]:
        """The most frequent of the `known`, ascending; and which title has which of them."""
        hashes = np.concatenate([words for words, _ in self._kept])
        titles = np.repeat(np.arange(len(self._kept)), [len(words) for words, _ in self._kept])
        is_noun = np.isin(hashes, known)
        names, places, counts = np.unique(hashes[is_noun], return_inverse=True, return_counts=True)
        frequent = np.flatnonzero(counts >= MIN_TITLES)
        kept = np.sort(frequent[np.argsort(-counts[frequent], kind="stable")[: self._nouns]])
        index = np.full(len(names), -1, np.int64)
        index[kept] = np.arange(len(kept))
        stays = index[places] >= 0
        return names[kept], titles[is_noun][stays], index[places][stays]


def _hashes(words: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Hashes of the words and of neighbours that the segmenter had cut (键盘 膜), each once."""
    joined = (left + right for left, right in pairwise(words))
    said = {word_hash(word) for each in (words, joined) for word in each if _HAN_WORD.match(word)}
    return np.array(sorted(said), np.uint32)


def _sums(
    vectors: npt.NDArray[np.float16], middle: FloatArray, titles: IntArray, places: IntArray,
    headness: npt.NDArray[np.float64],
) -> FloatArray:  # fmt: skip
    """Of each noun the weighted sum of its titles, shape (nouns, dim)."""
    from scipy.sparse import csr_matrix

    weights = headness[places] if len(places) else np.empty(0)
    weights = weights / np.bincount(titles, weights, minlength=len(vectors))[titles]
    centred = vectors.astype(np.float32) - middle
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    centred /= np.maximum(norms, 1e-6)
    shape = (len(headness), len(vectors))
    return np.asarray(csr_matrix((weights.astype(np.float32), (places, titles)), shape) @ centred, np.float32)


def _with_characters(names: Sequence[str], sums: FloatArray) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float16]]:
    """Hashes, ascending, and unit directions of the nouns and of their last characters."""
    grouped: dict[str, FloatArray] = {}
    for name, total in zip(names, sums, strict=True):
        grouped[name[-1]] = grouped.get(name[-1], np.float32(0)) + total
    by_hash = {word_hash(name): total for name, total in (*grouped.items(), *zip(names, sums, strict=True))}
    keys = sorted(by_hash)
    table = np.stack([by_hash[key] for key in keys]) if keys else np.empty((0, sums.shape[1]), np.float32)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-6)
    return np.array(keys, np.uint32), table.astype(np.float16)
