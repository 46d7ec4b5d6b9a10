"""An encoder that keeps tokens and needs no files: the hashing encoder, with a token of each character."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from retrieval.encoders.hashing import HashingEncoder, HashingOptions
from retrieval.late.encoder import EncodedTitles
from retrieval.late.query import NUMBERS, Head, QueryTokens, QueryVectors
from retrieval.late.titles import WIDTH, Scale, TitleTokens
from retrieval.types import FloatArray


def filled(value: float, *shape: int) -> FloatArray:
    """An array of this number alone."""
    return np.full(shape, value, np.float32)


def adding(**weights: float) -> Head:
    """A head that adds numbers of f with these weights, `n0=…` the first."""
    direct = np.array([weights.get(f"n{place}", 0) for place in range(NUMBERS)], np.float32)
    return Head(
        filled(0, NUMBERS), filled(1, NUMBERS), direct, filled(0, NUMBERS, 1), filled(0, 1), filled(0, 1), 0.0
    )  # fmt: skip


SCALE = Scale(filled(0, WIDTH), filled(1 / 60, WIDTH))
"""Its ends are ± 1/8: 64 such numbers are a unit vector."""


def tokens_of(text: str) -> bytes:
    """Of a title, as they are stored: what it is depends on its characters alone."""
    return SCALE.pack(_vectors(text), filled(0, len(text)))


def steps_of(*blocks: bytes) -> FloatArray:
    """Shape (tokens, WIDTH): the numbers of the tokens of these titles, in steps around the middle."""
    return TitleTokens.decode(blocks).products(
        np.eye(WIDTH, dtype=np.float32), Scale(filled(0, WIDTH), filled(1, WIDTH))
    )


class TokenHashing(HashingEncoder):
    """See `retrieval.late.encoder.TokenEncoder`; `asked` are the titles that it was asked for."""

    def __init__(self, dim: int = 16) -> None:
        super().__init__(HashingOptions(dim=dim))
        self.fingerprint += "-tokens"
        self.asked: list[str] = []

    def encode_titles(self, texts: Sequence[str]) -> EncodedTitles:
        self.asked += texts
        return EncodedTitles(self.encode_documents(texts), [tokens_of(text) for text in texts])

    def read_queries(self, texts: Sequence[str]) -> list[QueryVectors]:
        return list(map(QueryVectors, self.encode_queries(texts), map(_query, texts)))


def _vectors(text: str) -> FloatArray:
    digests = b"".join(blake2b(each.encode(), digest_size=WIDTH // 8).digest() for each in text)
    bits = np.unpackbits(np.frombuffer(digests, np.uint8)).reshape(len(text), WIDTH)
    return np.array(bits / 4 - 1 / 8, np.float32)


def _query(text: str) -> QueryTokens:
    """Each of its characters finds itself in a title at 1."""
    return QueryTokens(_vectors(text), filled(1 / max(len(text), 1), len(text)), SCALE, adding(n0=1))
