"""Vectors by row: the exact ones in half precision on disk, and a faiss index over them to find the nearest.

Up to `FLAT_ROWS` the index is a flat SQ8 scan. Above, it is IVF with about 4·√N lists and SQ8 codes; `nprobe` is chosen
when the index is built, as the smallest whose recall@100 against the exact scan reaches `TARGET_RECALL` on real query
vectors, and stands in the manifest. Scores are always recomputed from the exact vectors, so they do not depend on the
index. Where a filter leaves few rows they are scanned exactly; where it leaves more, it is given to faiss as a bitmap
and `nprobe` rises as the filter narrows.

Sources: Jégou, Douze, Schmid 2011, doi:10.1109/TPAMI.2010.57 (IVF); the faiss wiki, "Guidelines to choose an index".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.backends.embedded.rowset import RowSet
from retrieval.types import FloatArray, IntArray

FLAT_ROWS = 10_000
EXACT_ROWS = 5_000
"""Rows that an exact scan reads in about the time of an IVF search."""
TARGET_RECALL = 0.95
"""Enough for a hybrid: at 0.65 already, nDCG@10 and R@100 of 492 real queries are those of an exact scan, because the
words find most of what the vectors miss; the rest is for queries that share no word with what they mean."""
RECALL_AT = 100
_ROUNDING = 1e-5
_CHUNK = 65_536
_TRAIN_PER_LIST = 64
_TRAIN_ITERATIONS = 8
_SEED = 20_260_101
_OVERFETCH = 1.2
"""SQ8 distances are approximate: a few more are fetched and rescored, so that the best `depth` are among them."""

_WIDE_BITS, _WIDER = np.int32(-0x70002000), np.float32(2.0**112)

_HalfArray = npt.NDArray[np.float16]


class VectorsWriter:
    """Appends unit vectors, shape (n, dim) float32, in order of row."""

    def __init__(self, folder: Path, dim: int) -> None:
        folder.mkdir(parents=True)
        self._folder, self._dim, self._rows = folder, dim, 0
        self._file = (folder / "vectors.f16").open("wb")

    def add(self, vectors: FloatArray) -> None:
        self._file.write(np.ascontiguousarray(vectors, np.float16).tobytes())
        self._rows += len(vectors)

    def close(self) -> None:
        self._file.close()

    def finish(self, probes: FloatArray | None, previous: Path | None, threads: int) -> dict[str, Any]:
        """Builds the index; `previous` is a folder whose centroids may be used again. Returns its description."""
        self._file.close()
        faiss.omp_set_num_threads(threads)
        vectors = _open(self._folder, self._dim)
        index = _flat(vectors) if self._rows <= FLAT_ROWS else _inverted_file(vectors, _centroids(previous, self._rows))
        for _, chunk in _chunks(vectors):
            index.add(chunk)
        description: dict[str, Any] = {"dim": self._dim, "kind": "flat_sq8" if self._rows <= FLAT_ROWS else "ivf_sq8"}
        if self._rows > FLAT_ROWS:
            sample = probes if probes is not None and len(probes) else vectors[:: max(1, self._rows // 200)][:200]
            nprobe, recall = _tune(index, vectors, np.asarray(sample, np.float32))
            description |= {"nlist": int(index.nlist), "nprobe": nprobe, f"recall@{RECALL_AT}": round(recall, 4)}
        try:
            faiss.write_index(index, str(self._folder / "index.faiss"))
        except RuntimeError as why:
            raise OSError(f"the vector index cannot be written: {why}") from None
        return description


class VectorsReader:
    """Thread-safe; one thread a search, since a server has its parallelism in its requests."""

    def __init__(self, folder: Path, description: dict[str, Any]) -> None:
        self._vectors = _open(folder, int(description["dim"]))
        self._index = _mapped(folder / "index.faiss")
        self._nprobe = int(description.get("nprobe", 0))
        self._unfiltered = self._parameters(None)

    @property
    def size(self) -> int:
        return len(self._vectors)

    def check(self) -> list[str]:
        """What is wrong with the vectors: values that are not finite, lengths away from 1."""
        problems = []
        for start, chunk in _chunks(self._vectors):
            norms = np.linalg.norm(chunk, axis=1)
            bad = np.flatnonzero(~(np.abs(norms - 1) < 5e-3))  # NaN is not within either
            if len(bad):
                problems.append(f"vector of row {start + int(bad[0])} has length {norms[bad[0]]:.4f}, not 1")
        return problems

    def vectors(self, rows: IntArray) -> FloatArray:
        """The exact vectors of `rows`, shape (len(rows), dim)."""
        return _widened(self._vectors[rows])

    def scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        """Cosines of `rows` with the unit `vector`."""
        return np.asarray(self.vectors(rows) @ vector, np.float32)

    def search(self, vector: FloatArray, depth: int, among: RowSet | None) -> tuple[IntArray, FloatArray]:
        """The nearest rows of `among` (None: of all), best first, with their cosines; at most `depth`."""
        few = among is not None and among.count <= EXACT_ROWS
        rows = among.rows() if among is not None and few else self._nearest(vector, depth, among)
        scores = self.scores(vector, rows)
        best = np.argsort(-scores, kind="stable")[:depth]
        return rows[best], scores[best]

    def _nearest(self, vector: FloatArray, depth: int, among: RowSet | None) -> IntArray:
        wanted = min(self.size, math.ceil(depth * _OVERFETCH))
        faiss.omp_set_num_threads(1)  # holds for this thread only; more would spin and wait for each other
        parameters = self._unfiltered if among is None else self._parameters(among)
        _, rows = self._index.search(vector[None, :], wanted, params=parameters)
        return np.sort(rows[0][rows[0] >= 0])

    def _parameters(self, among: RowSet | None) -> faiss.SearchParameters:
        selector = None if among is None else faiss.IDSelectorBitmap(among.bits)
        if self._nprobe == 0:
            return faiss.SearchParameters(sel=selector)
        share = 1.0 if among is None else among.count / among.bound
        nprobe = min(int(self._index.nlist), math.ceil(self._nprobe / share))
        return faiss.SearchParametersIVF(sel=selector, nprobe=nprobe)


def _open(folder: Path, dim: int) -> _HalfArray:
    path = folder / "vectors.f16"
    if path.stat().st_size == 0:
        return np.empty((0, dim), np.float16)
    return np.asarray(np.memmap(path, np.float16, "r")).reshape(-1, dim)


def _widened(halves: _HalfArray) -> FloatArray:
    """The same finite numbers, as `astype` gives them in four times as long.

    Sign, exponent and fraction are moved to where float32 has them; its exponent is biased by 112 more.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _WIDE_BITS
    wide = bits.view(np.float32)
    wide *= _WIDER
    return wide


def _mapped(path: Path) -> faiss.Index:
    """The index with its lists mapped, so that workers share their pages: as fast as a copy of one's own."""
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
    if isinstance(index, faiss.IndexIVF):
        # Else every search would start 32 threads to read pages that are there.
        faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0
    return index


def _chunks(vectors: _HalfArray) -> Iterator[tuple[int, FloatArray]]:
    for start in range(0, len(vectors), _CHUNK):
        yield start, np.asarray(vectors[start : start + _CHUNK], np.float32)


def _flat(vectors: _HalfArray) -> faiss.Index:
    index = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    # The quantiser learns value ranges, so it must have seen something even when there is nothing to index.
    index.train(np.asarray(vectors, np.float32) if len(vectors) else np.eye(2, vectors.shape[1], dtype=np.float32))
    return index


def _inverted_file(vectors: _HalfArray, centroids: FloatArray | None) -> faiss.Index:
    rows, dim = vectors.shape
    nlist = len(centroids) if centroids is not None else round(4 * math.sqrt(rows))
    quantizer = faiss.IndexFlatIP(dim)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dim, nlist, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    if centroids is not None:
        quantizer.add(centroids)
    index.cp.niter, index.cp.seed = _TRAIN_ITERATIONS, _SEED
    index.cp.spherical = True  # unit vectors: without it the longest centroids would draw all the rows
    index.cp.max_points_per_centroid = _TRAIN_PER_LIST
    picked = np.sort(np.random.default_rng(_SEED).permutation(rows)[: nlist * _TRAIN_PER_LIST])
    index.train(np.asarray(vectors[picked], np.float32))
    return index


def _centroids(previous: Path | None, rows: int) -> FloatArray | None:
    """Centroids of the last generation, if it has about as many lists as `rows` ask for."""
    if previous is None or not (previous / "index.faiss").is_file():
        return None
    index = faiss.read_index(str(previous / "index.faiss"), faiss.IO_FLAG_MMAP)
    if not isinstance(index, faiss.IndexIVF) or not 0.7 <= index.nlist / (4 * math.sqrt(rows)) <= 1.4:
        return None
    centroids: FloatArray = faiss.downcast_index(index.quantizer).reconstruct_n(0, index.nlist)
    return centroids


def _tune(index: faiss.Index, vectors: _HalfArray, sample: FloatArray) -> tuple[int, float]:
    """The smallest nprobe (in steps of a quarter) that reaches the target on `sample`, and its recall.

    A row counts as found when it is as near as the last of the exact scan: of many copies any will do.
    """
    least = _exact(vectors, sample)
    nprobe, recall = 8, 0.0
    while recall < TARGET_RECALL and nprobe < index.nlist:
        nprobe = min(math.ceil(nprobe * 1.25), index.nlist)
        _, found = index.search(sample, RECALL_AT, params=faiss.SearchParametersIVF(nprobe=nprobe))
        near = [
            float((np.asarray(vectors[rows[rows >= 0]], np.float32) @ query >= score - _ROUNDING).sum()) / RECALL_AT
            for query, rows, score in zip(sample, found, least, strict=True)
        ]
        recall = float(np.mean(near))
    return nprobe, recall


def _exact(vectors: _HalfArray, sample: FloatArray) -> FloatArray:
    """The `RECALL_AT`-th highest cosine of each of `sample`, shape (n,), read chunk by chunk."""
    heap = faiss.ResultHeap(len(sample), RECALL_AT, keep_max=True)
    for start, chunk in _chunks(vectors):
        scores, rows = faiss.knn(sample, chunk, RECALL_AT, metric=faiss.METRIC_INNER_PRODUCT)
        heap.add_result(scores, rows + start)
    heap.finalize()
    return np.asarray(heap.D[:, -1], np.float32)
