"""Tokens of titles that were encoded before, by an encoder that keeps them.

1. Each title is encoded once, also after the cache was closed and opened again; vectors and tokens are the encoder's,
   in the order asked for, and a title without tokens has none.
2. Whatever a kill or a power failure leaves of any of the four files (cut at any byte, zeros or noise anywhere), the
   cache opens, encodes again what is lost, and answers as if nothing had happened, then and when it is opened again.
3. A full disk is an OSError, whether vectors or tokens meet it, and what was stored before it stays.
4. A folder without tokens, as of before there were any, is filled anew by an encoder that keeps some; another goes on
   with what is there.
"""

from __future__ import annotations

import random
import resource
from pathlib import Path

import numpy as np
import pytest

from indexer.vector_cache import VectorCache
from retrieval.encoders.hashing import HashingEncoder, HashingOptions
from tests.token_encoder import TokenHashing, tokens_of

TEXTS = [
    *(f"{color}色{noun}{'大' * number}" for color in "红蓝白黑" for noun in ("裙", "杯") for number in range(3)),
    "",
]
FILES = ("keys.bin", "vectors.f16", "tokens.bin", "tokens.at")
TOKENS = [tokens_of(text) for text in TEXTS]


def check(cache: VectorCache, places: list[int]) -> None:
    """Of the texts at these places the cache gives what the encoder does."""
    found = cache.encode([TEXTS[place] for place in places])
    vectors = TokenHashing().encode_documents([TEXTS[place] for place in places])
    assert found.vectors.tolist() == vectors.astype(np.float16).astype(np.float32).tolist()
    assert [*found.tokens] == [TOKENS[place] for place in places]


def fill(folder: Path, count: int = len(TEXTS)) -> None:
    with VectorCache(folder, TokenHashing()) as cache:
        check(cache, [*range(count)])


def reopened(folder: Path) -> int:
    """How many texts a cache knows; asserts that it gives what is right of them, in several batches."""
    with VectorCache(folder, encoder := TokenHashing()) as cache:
        for batch in ([*range(9)], [*range(9, len(TEXTS))], [*range(len(TEXTS))][::-1]):
            check(cache, batch)
        assert len(set(encoder.asked)) == len(encoder.asked) == cache.encoded
        return len(TEXTS) - cache.encoded


def test_encoded_once(tmp_path: Path) -> None:  # 1
    for places, encoded in (([3, 1, 3, 24], 3), ([24, 1, 5, 3, 0], 2), ([*range(25)], 20), ([24, 0], 0)):
        with VectorCache(tmp_path, encoder := TokenHashing()) as cache:
            check(cache, places)
            assert (cache.encoded, len(encoder.asked)) == (encoded, encoded)
    assert TOKENS[24] == b""


@pytest.mark.parametrize("name", FILES)
def test_cut(tmp_path: Path, name: str) -> None:  # 2
    rng = random.Random(name)
    for turn in range(25):
        fill(tmp_path / str(turn))
        (path,) = (tmp_path / str(turn)).rglob(name)
        whole = path.read_bytes()
        size = rng.randrange(len(whole)) if turn else 0
        path.write_bytes(whole[:size])
        known = reopened(tmp_path / str(turn))
        assert known < len(TEXTS)
        if name == "tokens.bin":
            assert known == sum(np.cumsum([len(tokens) for tokens in TOKENS]) <= size)
        else:
            assert known == size * len(TEXTS) // len(whole)
        assert reopened(tmp_path / str(turn)) == len(TEXTS)


@pytest.mark.parametrize("filling", [b"\x00", b"\xff", b"\x7b"])
@pytest.mark.parametrize("name", FILES)
def test_a_page_of_nonsense(tmp_path: Path, name: str, filling: bytes) -> None:  # 2
    for start in (0, 50, 170, 300):
        folder = tmp_path / str(start)
        fill(folder)
        (path,) = folder.rglob(name)
        whole = path.read_bytes()
        path.write_bytes(whole[:start] + filling * 100 + whole[start + 100 :])
        assert reopened(folder) < len(TEXTS)
        assert reopened(folder) == len(TEXTS)


@pytest.mark.parametrize("name", FILES[1:3])
def test_a_full_disk(tmp_path: Path, name: str) -> None:  # 3
    """No file may grow larger than this one is, and it is the first to be larger."""
    fill(tmp_path, 12)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    (path,) = tmp_path.rglob(name)
    with VectorCache(tmp_path, TokenHashing()) as cache:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 3, hard))
        try:
            with pytest.raises(OSError, match="File too large"):
                check(cache, [*range(len(TEXTS))])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert reopened(tmp_path) == 12
    assert reopened(tmp_path) == len(TEXTS)


def test_from_before_there_were_tokens(tmp_path: Path) -> None:  # 4
    fill(tmp_path)
    for name in FILES[2:]:
        (path,) = tmp_path.rglob(name)
        path.unlink()
    assert reopened(tmp_path) == 0
    assert reopened(tmp_path) == len(TEXTS)


def test_from_before_without_tokens(tmp_path: Path) -> None:  # 4
    with VectorCache(tmp_path, HashingEncoder(HashingOptions(dim=16))) as cache:
        known = cache.encode(TEXTS)
    for name in ("tokens.bin", "tokens.at"):
        next(tmp_path.rglob(name)).unlink()
    for _ in range(2):
        with VectorCache(tmp_path, HashingEncoder(HashingOptions(dim=16))) as cache:
            found = cache.encode(TEXTS)
        assert (cache.encoded, set(found.tokens)) == (0, {b""})
        assert found.vectors.tolist() == known.vectors.tolist()
