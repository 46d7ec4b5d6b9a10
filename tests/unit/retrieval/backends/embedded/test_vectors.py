"""The vector index above and below `FLAT_ROWS`, compared with a plain numpy scan of random clustered vectors.

1. Above 10,000 rows it is IVF, and recall@100 against the exact scan reaches the target; the manifest says the truth.
2. Filtered search finds at least 95 % of the exact answer where half, a tenth and a hundredth of the rows pass, in the
   index itself as well as with the exact scan of few rows, and never a row that does not pass.
3. Scores are the exact cosines, so they do not depend on the index.
4. The next generation takes the centroids of the last one over, if it is about as large; else it trains its own.
5. Up to 10,000 rows the index is flat and the search exact; the boundary is at 10,000.
6. What is wrong with a vector is found and its row named, in whatever piece of the file it lies.
7. The exact scan that recall is measured against sees every vector; recall is measured on the queries that are given,
   which are harder than what is stored.
8. Only a generation of the same encoder gives its centroids.
9. Vectors are read as exactly the numbers that were stored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from retrieval.backends.embedded import vectors as module
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.embedded.rowset import RowSet
from retrieval.backends.embedded.vectors import FLAT_ROWS, TARGET_RECALL, VectorsReader, VectorsWriter
from retrieval.types import Document, FloatArray, IndexedDocument

ROWS, DIM, DEPTH = 12_000, 32, 100


def clustered(rows: int, seed: int) -> FloatArray:
    """Unit vectors around 300 centres, as titles cluster around kinds of goods."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(300, DIM))
    vectors = centres[rng.integers(0, 300, rows)] + 0.7 * rng.normal(size=(rows, DIM))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def write(
    folder: Path, vectors: FloatArray, previous: Path | None = None, probes: FloatArray | None = None
) -> dict[str, Any]:
    writer = VectorsWriter(folder, DIM)
    for start in range(0, len(vectors), 5_000):
        writer.add(vectors[start : start + 5_000])
    return writer.finish(clustered(200, seed=9) if probes is None else probes, previous, 1)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("large") / "vectors"
    return folder, write(folder, clustered(ROWS, seed=1))


QUERIES = clustered(50, seed=2)


def recall(reader: VectorsReader, mask: np.ndarray | None) -> float:
    """Mean share of the exact `DEPTH` nearest that the search finds; asserts order, filter and scores on the way."""
    stored = clustered(ROWS, seed=1).astype(np.float16).astype(np.float32)
    candidates = np.arange(ROWS) if mask is None else np.flatnonzero(mask)
    shares = []
    for query in QUERIES:
        exact = candidates[np.argsort(-(stored[candidates] @ query), kind="stable")[:DEPTH]]
        rows, scores = reader.search(query, DEPTH, None if mask is None else RowSet.of(mask))
        assert len(rows) == len(exact)
        assert set(rows.tolist()) <= set(candidates.tolist())
        assert scores == pytest.approx(stored[rows] @ query, abs=1e-5)
        assert (np.diff(scores) <= 0).all()
        shares.append(len(np.intersect1d(rows, exact)) / len(exact))
    return float(np.mean(shares))


def test_recall_of_the_inverted_file(large: tuple[Path, dict[str, Any]]) -> None:  # 1, 3
    folder, description = large
    assert (description["kind"], description["nlist"]) == ("ivf_sq8", round(4 * ROWS**0.5))
    assert description["recall@100"] >= TARGET_RECALL
    assert description["nprobe"] < description["nlist"]
    reader = VectorsReader(folder, description)
    assert reader.size == ROWS
    # The manifest measured another sample of queries; two means of that many agree to about a hundredth.
    assert recall(reader, None) >= description["recall@100"] - 0.01


@pytest.mark.parametrize("share", [0.5, 0.1, 0.01])
@pytest.mark.parametrize("exact_rows", [None, 1])
def test_recall_under_a_filter(
    large: tuple[Path, dict[str, Any]], share: float, exact_rows: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:  # 2, 3
    if exact_rows is not None:
        monkeypatch.setattr(module, "EXACT_ROWS", exact_rows)
    reader = VectorsReader(*large)
    scattered = np.random.default_rng(3).random(ROWS) < share
    found = recall(reader, scattered)
    assert found >= 0.95
    if exact_rows is None and scattered.sum() <= module.EXACT_ROWS:
        assert found == 1.0
    # A filter that leaves only what is far from most queries, as a category does.
    together = clustered(ROWS, seed=1) @ QUERIES[0]
    assert recall(reader, together >= np.quantile(together, 1 - share)) >= 0.95


def test_centroids_are_taken_over(large: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:  # 4
    folder, description = large
    write(tmp_path / "next", clustered(ROWS + 500, seed=5), previous=folder)
    write(tmp_path / "own", clustered(ROWS + 500, seed=5))
    assert np.array_equal(centroids(tmp_path / "next"), centroids(folder))
    assert not np.array_equal(centroids(tmp_path / "own")[:100], centroids(folder)[:100])
    reader = VectorsReader(tmp_path / "next", {**description, "nprobe": description["nlist"]})
    assert reader.size == ROWS + 500


def test_centroids_of_another_size_are_not(
    large: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # 4
    monkeypatch.setattr(module, "FLAT_ROWS", 1_000)
    description = write(tmp_path / "small", clustered(4_000, seed=6), previous=large[0])
    assert description["nlist"] == round(4 * 4_000**0.5)
    monkeypatch.undo()
    flat, ivf = tmp_path / "flat", tmp_path / "after-flat"
    assert write(flat, clustered(100, seed=6))["kind"] == "flat_sq8"
    assert write(ivf, clustered(FLAT_ROWS + 1, seed=6), previous=flat)["nlist"] == round(4 * (FLAT_ROWS + 1) ** 0.5)


def test_a_small_index_is_flat_and_exact(tmp_path: Path) -> None:  # 3, 5
    vectors = clustered(FLAT_ROWS, seed=1)
    description = write(tmp_path / "flat", vectors)
    assert description == {"dim": DIM, "kind": "flat_sq8"}
    reader = VectorsReader(tmp_path / "flat", description)
    stored = vectors.astype(np.float16).astype(np.float32)
    even = np.arange(FLAT_ROWS) % 2 == 0
    for query in QUERIES[:10]:
        exact = np.argsort(-(stored @ query), kind="stable")
        assert set(reader.search(query, 20, None)[0].tolist()) == set(exact[:20].tolist())
        assert reader.search(query, 20, RowSet.of(even))[0].tolist() == [row for row in exact if row % 2 == 0][:20]
    assert reader.search(QUERIES[0], 20, RowSet.of(np.zeros(FLAT_ROWS, np.bool_)))[0].tolist() == []


def test_what_is_wrong_with_a_vector(tmp_path: Path) -> None:  # 6
    for place, (bad, said) in enumerate(((np.nan, "nan"), (np.inf, "inf"), (0.0, "0.0000"), (2.0, "2.0000"))):
        vectors = clustered(30, seed=1)
        vectors[17] = 0
        vectors[17, 0] = bad
        folder = tmp_path / str(place)
        reader = VectorsReader(folder, write(folder, vectors))
        assert reader.check() == [f"vector of row 17 has length {said}, not 1"]
    assert VectorsReader(tmp_path / "good", write(tmp_path / "good", clustered(30, seed=1))).check() == []


def test_a_wrong_vector_in_the_last_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 6
    monkeypatch.setattr(module, "_CHUNK", 8)
    vectors = clustered(30, seed=1)
    vectors[9] *= 2
    vectors[29] *= 3
    reader = VectorsReader(tmp_path / "x", write(tmp_path / "x", vectors))
    assert [said.split(" has ")[0] for said in reader.check()] == ["vector of row 9", "vector of row 29"]


@pytest.mark.parametrize("piece", [110, 300, 999, 1_000, 5_000])
def test_the_exact_scan_sees_every_vector(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:  # 7
    monkeypatch.setattr(module, "_CHUNK", piece)
    stored = clustered(1_000, seed=4).astype(np.float16)
    expected = np.sort(QUERIES @ stored.astype(np.float32).T, axis=1)[:, -DEPTH]
    assert module._exact(stored, QUERIES) == pytest.approx(expected, abs=1e-5)


def test_recall_is_measured_on_the_queries(tmp_path: Path) -> None:  # 7
    vectors = clustered(ROWS, seed=1)
    scattered = np.random.default_rng(8).normal(size=(100, DIM))
    hard = np.asarray(scattered / np.linalg.norm(scattered, axis=1, keepdims=True), np.float32)
    told = write(tmp_path / "hard", vectors, probes=hard)
    easy = write(tmp_path / "easy", vectors, probes=vectors[::120])
    assert told["nprobe"] > easy["nprobe"]
    stored = vectors.astype(np.float16).astype(np.float32)
    index = faiss.read_index(str(tmp_path / "hard" / "index.faiss"))
    _, found = index.search(hard, DEPTH, params=faiss.SearchParametersIVF(nprobe=told["nprobe"]))
    exact = np.argsort(-(hard @ stored.T), axis=1)[:, :DEPTH]
    shares = [len(np.intersect1d(one, other)) / DEPTH for one, other in zip(found, exact, strict=True)]
    assert told["recall@100"] == pytest.approx(float(np.mean(shares)), abs=2e-3)


@pytest.mark.parametrize(("encoder", "same"), [("e1", True), ("e2", False)])
def test_centroids_of_another_encoder(
    tmp_path: Path, encoder: str, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:  # 8
    monkeypatch.setattr(module, "FLAT_ROWS", 100)
    backend, folders = EmbeddedBackend(tmp_path), []
    for name, seed in (("e1", 1), (encoder, 2)):
        with backend.create(analyzer="a", encoder=name, dim=DIM) as writer:
            documents = [IndexedDocument(Document(str(n), {}, {}, {}, "", b"{}"), {}) for n in range(400)]
            writer.collection("product").add(documents, clustered(400, seed=seed))
            generation = writer.finish({}, None).generation
        backend.publish(generation)
        folders.append(tmp_path / "generations" / generation / "product" / "vectors")
    first, second = map(centroids, folders)
    assert np.array_equal(first, second) == same


def centroids(folder: Path) -> FloatArray:
    index = faiss.read_index(str(folder / "index.faiss"))
    found: FloatArray = faiss.downcast_index(index.quantizer).reconstruct_n(0, index.nlist)
    return found


def test_stored_numbers() -> None:  # 9
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    finite = halves[np.isfinite(halves)]
    assert module._widened(finite).tobytes() == finite.astype(np.float32).tobytes()
