"""The checks before publish, each made to fail by what it is there for.

1. counts: a feed of less than half of the last one, or of nothing, is not published; the share is a setting.
2. integrity: a byte that changes on the disk, or a file that goes missing, before the switch.
3. vectors: a vector that is not finite or not of unit length.
4. gold: products that their own titles do not find; a few are let through, products that share a title do not count.
5. Whatever fails: the old generation serves, the failed one is gone, the error names check, generation and remedy; and
   the next sound rebuild is published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.embedded.writer import EmbeddedWriter
from retrieval.errors import CheckFailed
from retrieval.generations import Manifest
from retrieval.types import FloatArray
from tests import world
from tests.unit.indexer.conftest import Bench

MALL = world.products(200)


@pytest.fixture
def served(bench: Bench) -> Bench:
    """A shop that already serves the mall."""
    bench.rebuild(bench.file("old.jsonl", MALL))
    return bench


def assert_refused(bench: Bench, message: str, rows: list[world.Row], **changes: Any) -> None:  # 5
    serving, before = bench.backend.current(), bench.finished()
    with pytest.raises(CheckFailed, match=message) as refused:
        bench.rebuild(bench.file("new.jsonl", rows), **changes)
    failed = str(refused.value.field)
    assert failed.startswith("g2")
    assert failed not in before
    assert "the old generation goes on serving" in str(refused.value.hint)
    assert (bench.backend.current(), bench.finished(), bench.leftovers()) == (serving, before, [])
    assert not (bench.folder / "generations" / failed).exists()
    if serving is not None:
        assert bench.backend.verify(serving) == []


def test_counts(served: Bench) -> None:  # 1
    assert_refused(served, r"check counts: 99 documents, the published generation g.* has 200; at least 50%", MALL[:99])
    assert_refused(served, "check counts: 100 documents", MALL[:100], min_count_ratio=0.6)
    assert served.rebuild(served.file("half.jsonl", MALL[:100])).documents == 100
    assert served.rebuild(served.file("few.jsonl", MALL[:1]), min_count_ratio=0.01).documents == 1
    off = [{**row, "status": "off"} for row in MALL]
    assert_refused(served, "check counts: the generation is empty", off, min_count_ratio=0.0)


def test_an_empty_first_generation(bench: Bench) -> None:  # 1
    assert_refused(bench, "the generation is empty: 1 are off the shelf or banned", [{**MALL[0], "status": "banned"}])
    why = "the generation is empty: 2 products were rejected .missing_field 2;"
    assert_refused(bench, why, [{"id": "a"}, {"id": "b"}])


class Rotting(EmbeddedBackend):
    """A disk that spoils what was just written."""

    def __init__(self, data_dir: Path, spoil: Callable[[Path], object]) -> None:
        super().__init__(data_dir)
        self._spoil = spoil

    def create(self, **built_with: Any) -> EmbeddedWriter:
        writer = super().create(**built_with)
        finish, spoil, generations = writer.finish, self._spoil, self._generations

        def finish_and_spoil(details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
            manifest = finish(details, probes)
            spoil(generations / manifest.generation)
            return manifest

        writer.finish = finish_and_spoil  # type: ignore[method-assign]
        return writer


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: flip(folder / "columns" / "stock.npy"), "columns/stock.npy has changed"),
        (lambda folder: flip(folder / "documents" / "documents.jsonl"), "documents/documents.jsonl has changed"),
        (lambda folder: (folder / "columns" / "stray").touch(), "columns/stray is not in the manifest"),
    ],
)
def test_integrity(served: Bench, spoil: Callable[[Path], object], message: str) -> None:  # 2
    sound, served.backend = served.backend, Rotting(served.folder, spoil)
    assert_refused(served, f"check integrity: {message}", MALL)
    served.backend = sound
    assert served.rebuild(served.folder / "new.jsonl").generation == sound.current()


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 0.9])
def test_vectors(served: Bench, value: float, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    def spoil(vectors: FloatArray) -> FloatArray:
        spoilt = vectors.copy()
        spoilt[2] = vectors[2] * value if np.isfinite(value) else value
        return spoilt

    monkeypatch.setattr(served.encoder, "spoil", spoil)
    new = [{**row, "title": f"新 {row['title']}"} for row in MALL]
    assert_refused(served, "check vectors: vector of row 2 has length", new)
    monkeypatch.undo()
    report = served.rebuild(served.folder / "new.jsonl")
    # The spoilt vectors were kept for the next time, but not taken for sound.
    assert report.generation == served.backend.current()
    assert 0 < report.encoded < report.reused


def test_gold(served: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    tokens, said = served.analyzer.tokens, list[str]()

    def forget(share: float) -> Callable[[str], list[str]]:
        """Loses the words of a share of the texts, evenly spread."""
        rng = np.random.default_rng(2)
        return lambda text: [] if rng.random() < share else tokens(text)

    for share in (1.0, 0.4):
        monkeypatch.setattr(served.analyzer, "tokens", forget(share))
        assert_refused(served, r"check gold: \d+ of 50 products are not found by their own titles, e\.g\. p", MALL)
    monkeypatch.setattr(served.analyzer, "tokens", forget(0.02))
    assert served.rebuild(served.folder / "new.jsonl").documents == len(MALL)
    assert said == []


def test_gold_is_fair(bench: Bench) -> None:  # 4
    same = [{"id": f"s{n}", "title": "纯棉毛巾"} for n in range(60)]
    unspeakable = [{"id": f"u{n}", "title": "！！！"} for n in range(30)]
    assert bench.rebuild(bench.file("same.jsonl", same)).documents == 60
    assert bench.rebuild(bench.file("marks.jsonl", unspeakable)).documents == 30
    long = [{"id": f"l{n}", "title": f"{n}号 " + "长标题" * 300} for n in range(30)]
    assert bench.rebuild(bench.file("long.jsonl", long)).documents == 30


def test_gold_can_be_left_out(served: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    monkeypatch.setattr(served.analyzer, "tokens", lambda text: [])
    assert served.rebuild(served.folder / "old.jsonl", gold_samples=0).documents == len(MALL)
