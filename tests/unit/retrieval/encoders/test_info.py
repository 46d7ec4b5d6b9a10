"""What the command line says about an encoder.

1. `describe` gives name, width, fingerprint and size, of the encoder behind a cache too.
2. `build` opens the encoder and tells when it is ready; for e5 it tells every step and leaves a folder of that size.
3. `bench` gives positive times, p50 at most p99, and refuses to time nothing; a cache in front does not flatter it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.encoders.caching import QueryCache
from retrieval.encoders.hashing import HashingEncoder, HashingOptions
from retrieval.encoders.info import bench, build, describe
from retrieval.errors import InputError
from retrieval.types import FloatArray


class CountingEncoder(HashingEncoder):
    """Feature hashing that counts calls."""

    def __init__(self) -> None:
        super().__init__(HashingOptions(dim=32))
        self.queries = 0

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        self.queries += len(texts)
        return super().encode_queries(texts)


def test_describe() -> None:
    encoder = HashingEncoder(HashingOptions(dim=32))
    expected = {"name": "hashing", "dim": 32, "fingerprint": encoder.fingerprint, "size_on_disk": 0}
    assert describe(encoder) == expected
    assert describe(QueryCache(encoder, size=4)) == expected


def test_build_of_an_encoder_without_files(tmp_path: Path) -> None:
    told: list[str] = []
    encoder = build("hashing", options={"dim": 32}, cache_dir=tmp_path, threads=1, progress=told.append)
    assert told == [f"hashing is ready: 32 numbers a text, fingerprint {encoder.fingerprint}"]


def test_build_of_e5(tmp_path: Path) -> None:
    told: list[str] = []
    encoder = build("e5", options={"max_tokens": 32}, cache_dir=tmp_path, threads=1, progress=told.append)
    assert told[0] == "reading the weights"
    assert told[-1].startswith("e5 is ready: 384 numbers a text")
    (folder,) = tmp_path.iterdir()
    assert describe(encoder)["size_on_disk"] == sum(path.stat().st_size for path in folder.iterdir())


def test_bench() -> None:
    encoder = CountingEncoder()
    measured = bench(QueryCache(encoder, size=100), ["红色连衣裙", "大米"], ["裙"], seconds=0.02)
    assert measured.pop("name") == "hashing"
    assert set(measured) == {"query_ms_p50", "query_ms_p99", "titles_per_second", "titles_per_cpu_second"}
    assert all(isinstance(value, float) and value > 0 for value in measured.values())
    fast, slow = measured["query_ms_p50"], measured["query_ms_p99"]
    assert isinstance(fast, float)
    assert isinstance(slow, float)
    assert fast <= slow
    assert encoder.queries > 2


@pytest.mark.parametrize(("texts", "queries"), [([], ["裙"]), (["裙"], [])])
def test_nothing_to_time(texts: list[str], queries: list[str]) -> None:
    with pytest.raises(InputError):
        bench(CountingEncoder(), texts, queries, seconds=0.01)
