"""What the tokens of a query find in titles:

1. z is the formula of `retrieval.late.query`, worked out here token by token: weighed mean, soft and hard minimum of
   what each token of the query finds, both cosines, and the weighed mean of what each of the title finds, standardised,
   in a head of two layers of any width.
2. A title without tokens gets `UNREAD`, and no other is moved by it; a query without tokens gives 0 to all; no titles,
   none.
3. A title gets the same alone and among others.
4. A title that says what is asked for is nearer than one that says the opposite, in each of the numbers.
5. Tokens as far apart as they can be, and farther, give numbers.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from retrieval.late.query import NUMBERS, UNREAD, Head, QueryTokens
from retrieval.late.titles import WIDTH, Scale, TitleTokens
from retrieval.types import FloatArray
from tests.token_encoder import adding, filled

COUNTS = (3, 1, 7, 60)
EYE = np.eye(WIDTH, dtype=np.float32)


def learned(hidden: int = 5) -> tuple[Scale, Head]:
    """What an encoder knows: random, the same every time."""
    rng = np.random.default_rng(hidden)

    def some(*shape: int) -> FloatArray:
        return rng.normal(size=shape).astype(np.float32)

    scale = Scale(some(WIDTH) * 0.1, abs(some(WIDTH)) * 0.02 + 0.02)
    head = Head(
        some(NUMBERS), abs(some(NUMBERS)) + 0.1, some(NUMBERS), some(NUMBERS, hidden), some(hidden), some(hidden), 0.7
    )
    return scale, head


def asked(count: int, hidden: int = 5, size: float = 1.0) -> QueryTokens:
    """A query: vectors of this size, and weights that sum to 1."""
    rng = np.random.default_rng(count)
    vectors, weights = rng.normal(size=(count, WIDTH)), rng.random(count) + 0.1
    vectors *= size / np.linalg.norm(vectors, axis=1, keepdims=True)
    return QueryTokens(vectors.astype(np.float32), (weights / weights.sum()).astype(np.float32), *learned(hidden))


def offered(*counts: int, hidden: int = 5) -> list[bytes]:
    rng = np.random.default_rng(len(counts))
    scale, _ = learned(hidden)
    return [
        scale.pack(
            (rng.uniform(-7.5, 7.5, (count, WIDTH)) * scale.step + scale.middle).astype(np.float32),
            rng.normal(size=count).astype(np.float32),
        )
        for count in counts
    ]


def product(one: list[float], other: list[float]) -> float:
    return sum(x * y for x, y in zip(one, other, strict=True))


def mean(vectors: list[list[float]], weights: list[float]) -> list[float]:
    return [product(list(column), weights) / sum(weights) for column in zip(*vectors, strict=True)]


def by_hand(query: QueryTokens, block: bytes, cosine: float) -> float:
    """z of one title, of floats."""
    decoded = TitleTokens.decode([block])
    t, v = decoded.products(EYE, query.scale).tolist(), decoded.weights.tolist()
    q, w = query.vectors.tolist(), query.weights.tolist()
    near = [max(product(one, other) for other in t) for one in q]
    back = [max(product(one, other) for one in q) for other in t]
    least, total_q, total_t = min(near), mean(q, w), mean(t, v)
    soft = least - math.log(sum(math.exp(-20 * (each - least)) for each in near)) / 20
    whole = product(total_q, total_t) / math.hypot(*total_q) / math.hypot(*total_t)
    numbers = (product(w, near), soft, least, cosine, whole, product(v, back) / sum(v))
    head = query.head
    f = [(x - m) / s for x, m, s in zip(numbers, head.middle.tolist(), head.spread.tolist(), strict=True)]
    z = product(head.direct.tolist(), f) + head.bias
    for inner, bias, outer in zip(head.inner.T.tolist(), head.inner_bias.tolist(), head.outer.tolist(), strict=True):
        z += outer * math.tanh(product(inner, f) + bias)
    return z


@pytest.mark.parametrize("hidden", [1, 5, 16])
@pytest.mark.parametrize("count", [1, 2, 9])
def test_the_formula(count: int, hidden: int) -> None:  # 1
    query, blocks = asked(count, hidden), offered(*COUNTS, hidden=hidden)
    cosines = np.linspace(0.9, -0.2, len(blocks)).astype(np.float32)
    found = query.read(TitleTokens.decode(blocks), cosines)
    expected = [by_hand(query, block, cosine) for block, cosine in zip(blocks, cosines.tolist(), strict=True)]
    assert found.dtype == np.float32
    assert found.shape == (len(blocks),)
    assert found.tolist() == pytest.approx(expected, abs=1e-2)  # the norm is of half precision
    assert np.ptp(expected) > 0.1


def test_titles_without_tokens() -> None:  # 2
    query, (first, second) = asked(3), offered(4, 2)
    cosines = np.array([0.8, 0.1, 0.3, 0.5, 0.9], np.float32)
    found = query.read(TitleTokens.decode([b"", first, b"", second, b""]), cosines)
    assert found[[0, 2, 4]].tolist() == [UNREAD] * 3
    whole = query.read(TitleTokens.decode([first, second]), cosines[[1, 3]])
    assert found[[1, 3]].tolist() == whole.tolist()
    assert query.read(TitleTokens.decode([b"", b""]), cosines[:2]).tolist() == [UNREAD] * 2
    assert query.read(TitleTokens.decode([]), cosines[:0]).shape == (0,)


def test_a_query_without_tokens() -> None:  # 2
    nothing = QueryTokens(filled(0, 0, WIDTH), filled(0, 0), *learned())
    assert nothing.read(TitleTokens.decode(offered(3, 1)), filled(1, 2)).tolist() == [0, 0]


def test_alone_and_among_others() -> None:  # 3
    query, blocks = asked(4), offered(*COUNTS)
    cosines = np.linspace(0, 1, len(blocks)).astype(np.float32)
    together = query.read(TitleTokens.decode(blocks), cosines)
    for place, block in enumerate(blocks):
        alone = query.read(TitleTokens.decode([block]), cosines[place : place + 1])
        assert float(alone[0]) == pytest.approx(float(together[place]), abs=1e-4)


@pytest.mark.parametrize("number", [0, 1, 2, 4, 5])
def test_what_is_asked_for_is_nearer(number: int) -> None:  # 4
    scale = Scale(filled(0, WIDTH), filled(1 / 15, WIDTH))
    vectors = asked(1).vectors
    right, wrong = (scale.pack(sign * vectors, filled(0, 1)) for sign in (1, -1))
    query = QueryTokens(vectors, filled(1, 1), scale, adding(**{f"n{number}": 1}))
    found = query.read(TitleTokens.decode([right, wrong]), filled(0, 2))
    assert found.tolist() == pytest.approx([1, -1], abs=0.1)


@pytest.mark.parametrize("size", [-30.0, 30.0])
def test_far_away(size: float) -> None:  # 5
    query, blocks = asked(3, size=size), offered(2, 5)
    found = query.read(TitleTokens.decode(blocks), filled(0, 2))
    assert found.tolist() == pytest.approx([by_hand(query, block, 0) for block in blocks], rel=1e-3)
