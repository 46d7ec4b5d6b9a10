"""The seam of late interaction: an encoder that keeps the tokens of titles and queries beside their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from retrieval.late.query import QueryVectors
from retrieval.protocols import Encoder
from retrieval.types import FloatArray


class EncodedTitles(NamedTuple):
    """n titles as an encoder gives them.

    Attributes:
        vectors: float32 (n, dim), unit norm.
        tokens: for each what `retrieval.late.titles` reads, b"" where the encoder keeps none.
    """

    vectors: FloatArray
    tokens: Sequence[bytes]


@runtime_checkable
class TokenEncoder(Encoder, Protocol):
    """An encoder whose texts are read with their tokens, too; the vectors are those of `Encoder`."""

    def encode_titles(self, texts: Sequence[str]) -> EncodedTitles:
        """Titles, in the order given."""

    def read_queries(self, texts: Sequence[str]) -> list[QueryVectors]:
        """Queries, in the order given."""


def encode_titles(encoder: Encoder, texts: Sequence[str]) -> EncodedTitles:
    """Titles by any encoder."""
    if isinstance(encoder, TokenEncoder):
        return encoder.encode_titles(texts)
    return EncodedTitles(encoder.encode_documents(texts), [b""] * len(texts))


def read_queries(encoder: Encoder, texts: Sequence[str]) -> list[QueryVectors]:
    """Queries by any encoder."""
    if isinstance(encoder, TokenEncoder):
        return encoder.read_queries(texts)
    return [QueryVectors(vector) for vector in encoder.encode_queries(texts)]
