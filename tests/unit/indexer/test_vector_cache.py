"""Vectors of texts that were encoded before.

1. Only new texts are encoded, each once, also after the cache was closed and opened again; the answer is the encoder's
   in half precision, in the order asked for.
2. Whatever a kill or a power failure leaves of either file (cut at any byte, a page of zeros or of noise), the cache
   opens, keeps what is whole, encodes the rest again and answers as if nothing had happened.
3. A full disk is an OSError, and what was stored before it stays.
4. An encoder that fails stores nothing; another encoder has another cache.
"""

from __future__ import annotations

import random
import resource
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.vector_cache import VectorCache
from retrieval.encoders import open_encoder
from retrieval.protocols import Encoder
from retrieval.types import FloatArray

TEXTS = [f"{color}色{noun}{number}" for color in "红蓝白黑" for noun in ("连衣裙", "保温杯") for number in range(5)]
KEY_BYTES, ROW_BYTES = 16, 16 * 2


class Counting:
    """The hashing encoder, remembering what it was asked."""

    def __init__(self, dim: int = 16) -> None:
        self._encoder: Encoder = open_encoder("hashing", options={"dim": dim}, cache_dir=Path(), threads=1)
        self.name, self.dim, self.fingerprint = "counting", dim, f"counting/{dim}"
        self.asked: list[str] = []
        self.fail = False

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        if self.fail:
            raise RuntimeError("no memory left")
        self.asked += texts
        return self._encoder.encode_documents(texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._encoder.encode_queries(texts)


def expected(texts: Sequence[str], dim: int = 16) -> FloatArray:
    return Counting(dim).encode_documents(texts).astype(np.float16).astype(np.float32)


def files(folder: Path) -> tuple[Path, Path]:
    (keys,) = folder.rglob("keys.bin")
    return keys, keys.with_name("vectors.f16")


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:  # 1
    encoder = Counting()
    with VectorCache(tmp_path, encoder) as cache:
        asked = [*TEXTS[:10], *TEXTS[:3], TEXTS[0]]
        assert np.array_equal(cache.encode(asked).vectors, expected(asked))
        assert (cache.encoded, cache.reused, encoder.asked) == (10, 4, TEXTS[:10])
        assert cache.encode([]).vectors.shape == (0, 16)
        assert cache.encode(TEXTS[:2]).vectors.dtype == np.float32
    with VectorCache(tmp_path, encoder) as cache:
        backwards = TEXTS[:20][::-1]
        assert np.array_equal(cache.encode(backwards).vectors, expected(backwards))
        assert (cache.encoded, cache.reused) == (10, 10)
        assert encoder.asked == TEXTS[:10] + TEXTS[10:20][::-1]


@pytest.mark.parametrize("torn", ["keys", "vectors", "both"])
def test_torn_files(tmp_path: Path, torn: str) -> None:  # 2
    rng = random.Random(torn)
    for turn in range(40):
        folder, whole = tmp_path / str(turn), len(TEXTS)
        fill(folder)
        keys, vectors = files(folder)
        for path, name, row in ((keys, "keys", KEY_BYTES), (vectors, "vectors", ROW_BYTES)):
            if torn in (name, "both"):
                size = rng.randrange(len(TEXTS) * row + 1)
                path.write_bytes(path.read_bytes()[:size])
                whole = min(whole, size // row)
        assert reopened(folder) == whole
        assert (keys.stat().st_size, vectors.stat().st_size) == (len(TEXTS) * KEY_BYTES, len(TEXTS) * ROW_BYTES)
        assert reopened(folder) == len(TEXTS)


@pytest.mark.parametrize("left", [bytes(7 * ROW_BYTES), b"\xff" * 7 * ROW_BYTES, b"\x7b" * 7 * ROW_BYTES])
@pytest.mark.parametrize("start", [0, 13, len(TEXTS) - 7])
def test_a_page_of_nonsense(tmp_path: Path, left: bytes, start: int) -> None:  # 2
    fill(tmp_path)
    _, vectors = files(tmp_path)
    stored = vectors.read_bytes()
    vectors.write_bytes(stored[: start * ROW_BYTES] + left + stored[(start + 7) * ROW_BYTES :])
    assert reopened(tmp_path) == len(TEXTS) - 7
    assert reopened(tmp_path) == len(TEXTS)


def fill(folder: Path) -> None:
    with VectorCache(folder, Counting()) as cache:
        cache.encode(TEXTS)


def reopened(folder: Path) -> int:
    """How many vectors a cache reuses; asserts that it gives the right ones, in two batches."""
    with VectorCache(folder, encoder := Counting()) as cache:
        for batch in (TEXTS[:25], TEXTS[25:], TEXTS):
            assert np.array_equal(cache.encode(batch).vectors, expected(batch))
        assert cache.encoded == len(encoder.asked)
        return cache.reused - len(TEXTS)


@pytest.mark.parametrize("bytes_left", [0, 1, ROW_BYTES + 5, 10 * ROW_BYTES])
def test_a_full_disk(tmp_path: Path, bytes_left: int) -> None:  # 3
    with VectorCache(tmp_path, Counting()) as cache:
        cache.encode(TEXTS[:20])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.raises(OSError, match="File too large"):  # noqa: SIM117, PT012  the limit must be lifted inside
        with VectorCache(tmp_path, Counting()) as cache:
            resource.setrlimit(resource.RLIMIT_FSIZE, (20 * ROW_BYTES + bytes_left, hard))
            try:
                cache.encode(TEXTS)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with VectorCache(tmp_path, Counting()) as cache:
        assert np.array_equal(cache.encode(TEXTS).vectors, expected(TEXTS))
        assert (cache.reused, cache.encoded) == (20, 20)


def test_a_failing_encoder_stores_nothing(tmp_path: Path) -> None:  # 4
    encoder = Counting()
    with VectorCache(tmp_path, encoder) as cache:
        cache.encode(TEXTS[:5])
        encoder.fail = True
        with pytest.raises(RuntimeError, match="no memory left"):
            cache.encode(TEXTS)
        encoder.fail = False
        assert np.array_equal(cache.encode(TEXTS).vectors, expected(TEXTS))
        assert (cache.reused, cache.encoded) == (5, len(TEXTS))


def test_another_encoder_has_another_cache(tmp_path: Path) -> None:  # 4
    for dim in (16, 32, 16):
        with VectorCache(tmp_path, Counting(dim)) as cache:
            assert np.array_equal(cache.encode(TEXTS).vectors, expected(TEXTS, dim))
    assert cache.encoded == 0
    assert len(list(tmp_path.rglob("keys.bin"))) == 2
