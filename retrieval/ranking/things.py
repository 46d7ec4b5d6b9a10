"""What a title sells, as a direction: titles whose thing is a 枕头 lie near each other, whatever else they say.

Learned from the vectors of the catalogue's own titles (`indexer.learning.thing_learner`). All vectors of an encoder
share a large common part (the cosines of e5 lie between 0.75 and 0.95); taken from the middle of the titles, and those
of queries from the middle of the queries, they tell far more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from retrieval.errors import GenerationError
from retrieval.late.query import QueryVectors
from retrieval.late.titles import TitleTokens
from retrieval.ranking.forward import word_hash
from retrieval.types import Buffer, FloatArray

MAGIC, VERSION = b"XHTH", 1
MAX_CHARS = 6
"""The longest noun."""
_HEAD = np.dtype([("magic", "S4"), ("version", "<u4"), ("dimensions", "<u4"), ("nouns", "<u4")])


@dataclass(frozen=True, slots=True)
class Things:
    """Nouns and last characters of nouns, each with the direction of the titles that sell it.

    Attributes:
        titles, queries: float32 (dim,), the middle of the vectors of titles and of queries.
        nouns: uint32 (m,), ascending hashes.
        directions: float16 (m, dim), unit, from the middle of the titles.
    """

    titles: FloatArray
    queries: FloatArray
    nouns: npt.NDArray[np.uint32]
    directions: npt.NDArray[np.float16]

    @classmethod
    def unlearned(cls, sample: FloatArray) -> Things:
        """Those of a generation that learned none: the middle of `sample` (n, dim) stands for titles and queries."""
        dimensions = sample.shape[1]
        middle = sample.mean(axis=0) if len(sample) else np.zeros(dimensions, np.float32)
        return cls(middle, middle, np.empty(0, np.uint32), np.empty((0, dimensions), np.float16))

    def direction(self, name: str) -> FloatArray | None:
        """Of the longest end of `name` that is known, shape (dim,)."""
        for length in range(min(MAX_CHARS, len(name)), 0, -1):
            wanted = np.uint32(word_hash(name[-length:]))  # of the type of the nouns, or all of them are converted
            place = int(self.nouns.searchsorted(wanted))
            if place < len(self.nouns) and self.nouns[place] == wanted:
                found: FloatArray = self.directions[place].astype(np.float32)
                return found
        return None

    def to_bytes(self) -> bytes:
        """Its stored form: the same things give the same bytes."""
        head = np.array((MAGIC, VERSION, len(self.titles), len(self.nouns)), _HEAD)
        middles = np.concatenate([self.titles, self.queries]).astype("<f4")
        return b"".join(part.tobytes() for part in (head, middles, self.nouns.astype("<u4"), self.directions))

    @classmethod
    def from_bytes(cls, stored: Buffer) -> Things:
        """Reads what `to_bytes` gave; the arrays are views of `stored`, and cannot be written to.

        Raises:
            GenerationError: these are no such bytes, or they are of another version.
        """
        if len(stored) < _HEAD.itemsize or bytes(stored[: len(MAGIC)]) != MAGIC:
            raise _damaged()
        head = np.frombuffer(stored, _HEAD, 1)[0]
        dimensions, nouns = int(head["dimensions"]), int(head["nouns"])
        sizes = (8 * dimensions, 4 * nouns, 2 * nouns * dimensions)
        if head["version"] != VERSION or len(stored) != _HEAD.itemsize + sum(sizes):
            raise _damaged()
        middles = np.frombuffer(stored, "<f4", 2 * dimensions, _HEAD.itemsize)
        names = np.frombuffer(stored, "<u4", nouns, _HEAD.itemsize + sizes[0])
        directions = np.frombuffer(stored, "<f2", nouns * dimensions, _HEAD.itemsize + sizes[0] + sizes[1])
        return cls(middles[:dimensions], middles[dimensions:], names, directions.reshape(nouns, dimensions))


class Meaning:
    """A query and n documents as vectors, read against what was learned of things."""

    def __init__(self, things: Things, query: QueryVectors, documents: FloatArray) -> None:
        """`documents` (n, dim) have unit norm."""
        self._things, self._query, self._tokens, self._vectors = things, query.vector, query.tokens, documents
        self._read: FloatArray | None = None

    def cosines(self) -> FloatArray:
        """Of the query and the documents, each from its middle; shape (n,)."""
        return self._from_middle(_unit(self._query - self._things.queries))

    def read(self, titles: Sequence[bytes]) -> FloatArray | None:
        """How well the tokens of the titles, those of the documents, answer those of the query, shape (n,); None where
        the query has none. Read once, whatever spelling is looked at.

        Raises:
            GenerationError: the tokens of a title are damaged.
        """
        if self._tokens is not None and self._read is None:
            cosines = np.asarray(self._vectors @ self._query, np.float32)
            self._read = self._tokens.read(TitleTokens.decode(titles), cosines)
        return self._read

    def likeness(self, name: str) -> FloatArray | None:
        """Cosines of the documents with the direction of the thing that is named; None for an unknown one."""
        direction = self._things.direction(name)
        return None if direction is None else self._from_middle(direction)

    def _from_middle(self, direction: FloatArray) -> FloatArray:
        """(v - m) · u / |v - m| of a unit vector u, without making any v - m."""
        return np.asarray((self._vectors @ direction - self._things.titles @ direction) / self._lengths, np.float32)

    @cached_property
    def _lengths(self) -> FloatArray:
        """|v - m| by |v - m|² = 1 - 2 v · m + m · m, with v of unit norm."""
        middle = self._things.titles
        return np.asarray(np.sqrt(np.maximum(1 - 2 * (self._vectors @ middle) + middle @ middle, 1e-6)), np.float32)


def _unit(vectors: FloatArray) -> FloatArray:
    """Scaled to unit norm along the last axis; a vector of zeros stays one."""
    norms = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))[..., None]
    unit: FloatArray = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 1e-6)
    return unit


def _damaged() -> GenerationError:
    return GenerationError("what was learned of things cannot be read", hint="rebuild (xunhuo rebuild)")
