"""The nouns of retrieval: frozen values that pass between the steps.

Scores are data (channel, rank, value) and higher is always better. Arrays state shape, dtype and norm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
"""Vectors: shape (n, dim), float32, every row of unit Euclidean norm unless said otherwise; or (n,) scores."""

Buffer: TypeAlias = bytes | memoryview
"""Bytes as they are kept: of a mapped file, or in memory."""

IntArray: TypeAlias = npt.NDArray[np.int64]
"""Row numbers inside one generation, or int64 column values."""

Mask: TypeAlias = npt.NDArray[np.bool_]
"""Shape (rows of the generation,): True where a row passes a filter."""

CHANNELS = ("lexical", "semantic", "moments")
"""Recall channels: by words, by meaning, and by what is said in videos."""

MISSING = np.iinfo(np.int64).min
"""A number that the input did not give; it matches no range and sorts last."""


class Match(StrEnum):
    """Which step of recall answered."""

    ALL = "all"
    """All words of the query."""
    MOST = "most"
    ANY = "any"
    NEAREST = "nearest"
    """By meaning alone."""
    NONE = "none"


class Sort(StrEnum):
    """Orders of a result list. All but relevance order the documents that match every word, where there are any."""

    RELEVANCE = "relevance"
    SALES = "sales"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    NEWEST = "newest"


class FacetOrder(StrEnum):
    """Orders of the values of a facet."""

    COUNT = "count"
    """The most frequent first."""
    VALUE = "value"
    """As people order them: 8 before 110cm, S before XL."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the indexes need of a record.

    Attributes:
        id: unique inside a generation.
        text: searched field → text, out of those of its schema.
        keywords: filtered field → exact values, out of those of its schema.
        numbers: column → value, out of those of its schema; an absent one is missing.
        embedded_text: what the encoder reads.
        source: the record as JSON, given back as it came.
    """

    id: str
    text: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    embedded_text: str
    source: bytes


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document ready to be written.

    Attributes:
        tokens: searched field → its analysed tokens.
        forward: what ranking reads of it (`retrieval.ranking.forward`).
    """

    document: Document
    tokens: Mapping[str, list[str]]
    forward: bytes = b""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that an index would not take.

    Attributes:
        reason: why, in its words.
        source: the record as JSON.
        fields: searched fields in which it has text.
    """

    id: str
    reason: str
    source: bytes
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """What every answer must satisfy. Values of one field are alternatives, fields are combined with *and*.

    Equal where they ask the same, in whatever order; hashable.

    Attributes:
        keywords: field → accepted values; for attributes ``name=value``, alternatives per name.
        price: bounds in fen, inclusive; None is open. A document without a price passes no bound.
        in_stock: True keeps documents whose stock is above 0 (or not given).
        without: normalised words; a document that has one of them in any searched field does not pass.
        also: more (field, accepted values), each of which must hold, too: a second wish for the same field.
        having: groups of tokens; a document passes with at least one token of every group in its searched fields.
    """

    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price: tuple[int | None, int | None] = (None, None)
    in_stock: bool = False
    without: tuple[str, ...] = ()
    having: tuple[tuple[str, ...], ...] = ()
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Filters) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def empty(self) -> bool:
        words = self.keywords or self.without or self.having or self.also
        return not words and self.price == (None, None) and not self.in_stock

    @property
    def key(self) -> tuple[Any, ...]:
        """A hashable form: equal filters have equal keys."""
        words = tuple(sorted((name, tuple(sorted(set(values)))) for name, values in self.keywords.items()))
        groups = tuple(sorted(self.having)), tuple(sorted(self.also))
        return words, self.price, self.in_stock, tuple(sorted(self.without)), *groups


EVERYTHING = Filters()
"""Filters that every document passes."""


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """What the lexical index is asked.

    Attributes:
        weights: token → weight, what scores (BM25, summed over fields times the field weights).
        terms: one entry a term, each a tuple of alternatives, each a tuple of tokens that must all be there.
        need: how many of the terms a document must satisfy; 0 asks only that any token matches.
        fields: searched field → weight of its BM25 score.
    """

    weights: Mapping[str, float]
    fields: Mapping[str, float]
    terms: tuple[tuple[tuple[str, ...], ...], ...]
    need: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one channel recalled: rows (int64) and scores (float32), best first, equal scores in order of id.

    Attributes:
        channel: one of `CHANNELS`.
        complete: False when more rows matched than were asked for.
    """

    channel: str
    rows: IntArray
    scores: FloatArray
    complete: bool

    @classmethod
    def none(cls, channel: str) -> Candidates:
        """The answer of a channel that is not asked, or has nothing to say: there are no more."""
        return cls(channel, np.empty(0, np.int64), np.empty(0, np.float32), complete=True)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and in how many documents of the result list it stands."""

    value: str
    count: int
