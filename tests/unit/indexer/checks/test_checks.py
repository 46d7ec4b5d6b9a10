"""The checks before publish, each made to fail by what it is there for.

1. counts: a feed of less than 80 % of the served one, or of nothing, is not published; the share is a setting, and what
   counts is the served generation, not the newest. Shares are exact: 11 of 20 are 55 %.
2. integrity: a byte that changes on the disk, or a file that goes missing, before the switch.
3. vectors: a vector that is not finite or not of unit length.
4. gold: products that their own titles do not find; 5 of 50 are let through and 6 are not, wherever in the catalogue
   they stand; products that share a title do not count.
5. Whatever fails: the old generation serves, if there is one, the failed one is gone, the error names check, generation
   and remedy; and the next sound rebuild is published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.checks.context import Gates, reaches
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
    assert ("the old generation goes on serving" in str(refused.value.hint)) == (serving is not None)
    assert ("nothing is published yet" in str(refused.value.hint)) == (serving is None)
    assert (bench.backend.current(), bench.finished(), bench.leftovers()) == (serving, before, [])
    assert not (bench.folder / "generations" / failed).exists()
    if serving is not None:
        assert bench.backend.verify(serving) == []


def test_counts(served: Bench) -> None:  # 1
    assert_refused(
        served, r"check counts: 159 documents, the published .* has 200; at least 80%.*--allow-shrink", MALL[:159]
    )
    assert_refused(served, "check counts: 199 documents", MALL[:199], min_count_ratio=1.0)
    assert served.rebuild(served.file("less.jsonl", MALL[:160])).documents == 160
    assert served.rebuild(served.file("few.jsonl", MALL[:1]), min_count_ratio=0.0).documents == 1
    off = [{**row, "status": "off"} for row in MALL]
    assert_refused(served, "check counts: the generation is empty", off, min_count_ratio=0.0)


@pytest.mark.parametrize(
    ("share", "served_documents", "least"), [(0.55, 20, 11), (0.7, 10, 7), (0.9, 50, 45), (1, 3, 3)]
)
def test_shares_are_exact(share: float, served_documents: int, least: int) -> None:  # 1
    assert reaches(least, share, served_documents)
    assert not reaches(least - 1, share, served_documents)


def test_counts_against_what_is_served(served: Bench) -> None:  # 1
    """A smaller one was published after it and rolled back: that one is the newest, and says nothing."""
    large = served.backend.current()
    served.rebuild(served.file("few.jsonl", MALL[:50]), min_count_ratio=0.0)
    served.backend.publish(str(large))
    assert_refused(served, f"the published generation {large} has 200", MALL[:60])
    served.rebuild(served.file("few.jsonl", MALL[:50]), min_count_ratio=0.0)
    assert served.rebuild(served.file("again.jsonl", MALL[:50])).documents == 50


def test_an_empty_first_generation(bench: Bench) -> None:  # 1
    for rows, why in (
        ([{**MALL[0], "status": "banned"}], "the generation is empty: 1 are off the shelf or banned"),
        ([{"id": "a"}, {"id": "b"}], "the generation is empty: 2 products were rejected .missing_field 2;"),
    ):
        assert_refused(bench, why, rows)


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
        (lambda folder: flip(folder / "product" / "columns" / "stock.npy"), "product/columns/stock.npy has changed"),
        (
            lambda folder: flip(folder / "product" / "documents" / "documents.jsonl"),
            "product/documents/documents.jsonl has changed",
        ),
        (
            lambda folder: (folder / "product" / "columns" / "stray").touch(),
            "product/columns/stray is not in the manifest",
        ),
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


NAMED = [{"id": f"n{n}", "title": f"货品x{n}y"} for n in range(200)]
SAMPLED = [round(n * 199 / 49 - 0.499) for n in range(50)]
"""Rows 0, 4, 8, … 199: fifty, evenly spaced."""


def losing(bench: Bench, rows: Collection[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of these rows of `NAMED` get lost on their way into the index."""
    tokens, lost = bench.analyzer.tokens, {NAMED[row]["title"] for row in rows}
    monkeypatch.setattr(bench.analyzer, "tokens", lambda text: [] if text in lost else tokens(text))


FAIR = Gates(twins=1, unreadable=1, kept_ids=0, kept_titles=0, alike_vectors=1)


def test_gold(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    losing(bench, SAMPLED[3:9], monkeypatch)
    assert_refused(bench, "check gold: 6 of 50 products are not found by their own titles, e.g. n", NAMED)
    losing(bench, range(200), monkeypatch)
    assert_refused(bench, "check gold: 50 of 50", NAMED)
    assert_refused(bench, "check gold: 10 of 10", NAMED, gold_samples=10)
    monkeypatch.undo()
    losing(bench, SAMPLED[3:8], monkeypatch)
    assert bench.rebuild(bench.file("new.jsonl", NAMED)).documents == 200
    assert_refused(bench, "check gold: 5 of 50", NAMED, gold_share=0.91)


def test_gold_looks_everywhere(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    losing(bench, range(100, 200), monkeypatch)
    assert_refused(bench, "check gold: 25 of 50", NAMED)


@pytest.mark.parametrize("copies", [60, 150])
def test_gold_is_fair(bench: Bench, copies: int) -> None:  # 4
    """More than the hundred that are looked at may share a title; of those behind none is called lost."""
    same = [{"id": f"s{n}", "title": "纯棉毛巾"} for n in range(copies)]
    unspeakable = [{"id": f"u{n}", "title": "！！！"} for n in range(30)]
    assert bench.rebuild(bench.file("same.jsonl", same), gates=FAIR).documents == copies
    assert bench.rebuild(bench.file("marks.jsonl", unspeakable), min_count_ratio=0.0, gates=FAIR).documents == 30
    long = [{"id": f"l{n}", "title": f"{n}号 " + "长标题" * 300} for n in range(30)]
    assert bench.rebuild(bench.file("long.jsonl", long), gates=FAIR).documents == 30


def test_gold_can_be_left_out(served: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    monkeypatch.setattr(served.analyzer, "tokens", lambda text: [])
    assert served.rebuild(served.folder / "old.jsonl", gold_samples=0).documents == len(MALL)
