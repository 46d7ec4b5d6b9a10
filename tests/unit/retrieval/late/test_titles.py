"""The tokens of titles as bytes:

1. What is packed is decoded within half a step of each number; beyond the steps there are, the last one holds.
2. A title is the norm and 33 bytes a token: the lower halves of 32 of them hold the first half of the numbers, the
   upper halves the other; the last is the salience.
3. Weights are what the salience is the logarithm of, to a thirty-second, between e^-8 and e^8; the norm is that of the
   mean of what is decoded, under these weights.
4. Titles come one after another, each with the count of its tokens; one without is no bytes, anywhere among them.
5. Products are those of the numbers that are decoded with any vectors; none of either give none.
6. A block of no whole number of tokens is refused, whatever blocks are together, and the rebuild named.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.errors import GenerationError
from retrieval.late.titles import WIDTH, Scale, TitleTokens
from retrieval.types import FloatArray
from tests.token_encoder import filled, steps_of

PLAIN = Scale(filled(0, WIDTH), filled(1, WIDTH))
LEARNED = Scale(np.linspace(-0.3, 0.3, WIDTH, dtype=np.float32), np.linspace(0.02, 0.06, WIDTH, dtype=np.float32))
EYE = np.eye(WIDTH, dtype=np.float32)

numbers = st.floats(-1, 1, width=32)
titles = st.integers(0, 3).flatmap(lambda count: arrays(np.float32, (count, WIDTH), elements=numbers))


def packed(vectors: FloatArray, scale: Scale = LEARNED) -> bytes:
    return scale.pack(vectors, filled(0, len(vectors)))


@given(titles)
def test_round_trip(vectors: FloatArray) -> None:  # 1
    block = packed(vectors)
    found = TitleTokens.decode([block]).products(EYE, LEARNED)
    assert found.shape == vectors.shape
    assert found.dtype == np.float32
    low, high = (LEARNED.middle + sign * 7.5 * LEARNED.step for sign in (-1, 1))
    assert (abs(found - np.clip(vectors, low, high)) <= 0.5 * LEARNED.step + 1e-5).all()
    assert {float(number) % 1 for number in steps_of(block).flat} <= {0.5}
    assert packed(found) == block


def test_beyond_the_steps() -> None:  # 1
    far = np.resize(np.array([-100, -7.51, 7.51, 1e9], np.float32), (2, WIDTH))
    assert (steps_of(packed(far, PLAIN)) == np.sign(far) * 7.5).all()


def test_bytes() -> None:  # 2
    codes = np.arange(WIDTH) % 16
    codes[32] = 9
    block = PLAIN.pack(np.stack([codes - 7.5, codes[::-1] - 7.5]).astype(np.float32), np.array([0.25, -1], np.float32))
    assert len(block) == 2 + 2 * 33
    assert (block[2:5], block[16:20]) == (b"\x90\x11\x22", b"\xee\xff\x00\x11")
    assert (block[34], block[35], block[-1]) == (4, 0xFF, 256 - 16)
    only = np.full((1, WIDTH), -7.5, np.float32)
    only[0, 34] = 7.5
    assert packed(only, PLAIN)[2:] == bytes([0, 0, 0xF0]) + bytes(30)


@given(titles, st.lists(st.floats(-9, 9), min_size=3, max_size=3))
def test_weights_and_norm(vectors: FloatArray, said: list[float]) -> None:  # 3
    salience = np.array(said[: len(vectors)], np.float32)
    found = TitleTokens.decode([LEARNED.pack(vectors, salience)])
    assert abs(np.log(found.weights) - np.clip(salience, -8, 127 / 16)).max(initial=0) <= 1 / 32 + 1e-5
    if len(vectors):
        mean = found.weights @ found.products(EYE, LEARNED) / found.weights.sum()
        assert float(found.norms[0]) == pytest.approx(math.sqrt(sum(float(x) ** 2 for x in mean)), rel=2e-3)


@given(st.lists(titles, max_size=4))
def test_one_after_another(each: list[FloatArray]) -> None:  # 4
    found = TitleTokens.decode([packed(vectors) for vectors in each])
    assert found.counts.tolist() == [len(vectors) for vectors in each]
    assert (len(found.codes), len(found.weights)) == (found.counts.sum(), found.counts.sum())
    assert len(found.norms) == sum(len(vectors) > 0 for vectors in each)
    starts, norms = np.cumsum([0, *found.counts]), iter(found.norms.tolist())
    for vectors, start, end in zip(each, starts, starts[1:], strict=False):
        alone = TitleTokens.decode([packed(vectors)])
        assert found.codes[start:end].tolist() == alone.codes.tolist()
        assert found.weights[start:end].tolist() == alone.weights.tolist()
        if len(vectors):
            assert next(norms) == alone.norms[0]
    assert packed(filled(0, 0, WIDTH)) == b""


@pytest.mark.parametrize("vectors", [0, 1, 5])
@pytest.mark.parametrize("count", [0, 1, 9])
def test_products(count: int, vectors: int) -> None:  # 5
    rng = np.random.default_rng(count)
    codes, asked = rng.integers(0, 16, (count, WIDTH)), rng.normal(size=(vectors, WIDTH)).astype(np.float32)
    title = (codes - 7.5) * LEARNED.step + LEARNED.middle
    found = TitleTokens.decode([packed(title.astype(np.float32))]).products(asked, LEARNED)
    assert found.shape == (count, vectors)
    assert found.dtype == np.float32
    for token in range(count):
        for place in range(vectors):
            by_hand = sum(x * y for x, y in zip(title[token].tolist(), asked[place].tolist(), strict=True))
            assert found[token, place] == pytest.approx(by_hand, abs=1e-4)


@pytest.mark.parametrize("size", [1, 2, 33, 34, 36, 67, 69])
def test_damaged(size: int) -> None:  # 6
    good = packed(filled(0.1, 1, WIDTH))
    for blocks in ([good, bytes(size), b""], [bytes(size), bytes(70 - size)]):
        with pytest.raises(GenerationError, match="damaged") as refused:
            TitleTokens.decode(blocks)
        assert "rebuild" in str(refused.value.hint)


@pytest.mark.parametrize("norm", [0.0, -1.0, np.nan, np.inf])
def test_a_norm_that_is_none(norm: float) -> None:  # 6
    good = packed(filled(0.1, 1, WIDTH))
    with pytest.raises(GenerationError, match="damaged"):
        TitleTokens.decode([good, np.array(norm, "<f2").tobytes() + good[2:]])
