"""Titles and queries by any encoder:

1. One that keeps tokens is asked for both at once; the vectors are those that it gives without them.
2. One that keeps none gives its vectors, b"" for each title and None for each query.
3. No texts give none; order is kept.
4. A cache of queries in front of either passes both on, and remembers a query with its tokens.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.encoders.caching import QueryCache
from retrieval.encoders.hashing import HashingEncoder, HashingOptions
from retrieval.late.encoder import TokenEncoder, encode_titles, read_queries
from retrieval.late.titles import TitleTokens
from retrieval.protocols import Encoder
from tests.token_encoder import TokenHashing, tokens_of

TEXTS = ("红色连衣裙", "保温杯 500ml", "鞋", "")
PLAIN, KEEPING = HashingEncoder(HashingOptions(dim=16)), TokenHashing()


def same_vectors(encoder: Encoder) -> None:
    titles = encode_titles(encoder, TEXTS)
    assert titles.vectors.tolist() == encoder.encode_documents(TEXTS).tolist()
    queries = [read.vector.tolist() for read in read_queries(encoder, TEXTS)]
    assert queries == encoder.encode_queries(TEXTS).tolist()


def test_one_that_keeps_tokens() -> None:  # 1, 3
    assert isinstance(KEEPING, TokenEncoder)
    same_vectors(KEEPING)
    assert [*encode_titles(KEEPING, TEXTS).tokens] == [tokens_of(text) for text in TEXTS]
    titles = TitleTokens.decode(encode_titles(KEEPING, TEXTS).tokens)
    for place, read in enumerate(read_queries(KEEPING, TEXTS[:3])):
        assert read.tokens is not None
        assert len(read.tokens.vectors) == len(TEXTS[place])
        said = read.tokens.read(titles, np.zeros(len(TEXTS), np.float32))
        assert said[place] == pytest.approx(1, abs=1e-5)
        assert said.argmax() == place


def test_one_that_keeps_none() -> None:  # 2, 3
    assert not isinstance(PLAIN, TokenEncoder)
    same_vectors(PLAIN)
    assert [*encode_titles(PLAIN, TEXTS).tokens] == [b""] * len(TEXTS)
    assert [read.tokens for read in read_queries(PLAIN, TEXTS)] == [None] * len(TEXTS)


@pytest.mark.parametrize("encoder", [PLAIN, KEEPING, QueryCache(PLAIN, 8), QueryCache(KEEPING, 8)])
def test_no_texts(encoder: Encoder) -> None:  # 3
    titles = encode_titles(encoder, [])
    assert (titles.vectors.shape, [*titles.tokens], read_queries(encoder, [])) == ((0, 16), [], [])


@pytest.mark.parametrize("encoder", [PLAIN, KEEPING])
@pytest.mark.parametrize("size", [0, 8])
def test_a_cache_in_front(encoder: HashingEncoder, size: int) -> None:  # 4
    cache = QueryCache(encoder, size)
    assert isinstance(cache, TokenEncoder)
    same_vectors(cache)
    assert [*encode_titles(cache, TEXTS).tokens] == [*encode_titles(encoder, TEXTS).tokens]
    first, again = read_queries(cache, TEXTS), read_queries(cache, TEXTS)
    for one, other, plain in zip(first, again, read_queries(encoder, TEXTS), strict=True):
        assert (one is other) == bool(size)
        assert one.vector.tolist() == plain.vector.tolist()
        assert (one.tokens is None) == (plain.tokens is None)
        if one.tokens and plain.tokens:
            assert one.tokens.vectors.tolist() == plain.tokens.vectors.tolist()
