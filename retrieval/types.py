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

TEXT_FIELDS = ("title", "brand", "category", "attributes", "description")
"""The searched fields of a document, the most telling first."""

KEYWORD_FIELDS = ("category", "brand", "shop", "labels", "services", "attributes")
"""Exact values that can be filtered; a category counts for each of its ancestors (``a``, ``a/b``, ``a/b/c``)."""

FACETS = ("category", "brand", "price", "labels", "services", "shop", "attributes")
"""What can be counted over a result list."""

CHANNELS = ("lexical", "semantic")
"""Recall channels."""

NUMBER_FIELDS = ("price", "sales_30d", "created_at", "stock")
"""int64 columns: price in fen (1/100 yuan), sales in pieces, created_at in epoch seconds, stock in pieces."""

MISSING = np.iinfo(np.int64).min
"""A number that the input did not give; it matches no range and sorts last."""


class Sort(StrEnum):
    """Orders of a result list. All but relevance order the documents that match every word, where there are any."""

    RELEVANCE = "relevance"
    SALES = "sales"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Document:
    """What the indexes need of a record.

    Attributes:
        id: unique inside a generation.
        text: searched field → text, out of `TEXT_FIELDS`.
        keywords: filtered field → exact values, out of `KEYWORD_FIELDS`.
        numbers: column → value, out of `NUMBER_FIELDS`; an absent one is missing.
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


@dataclass(frozen=True, slots=True)
class Filters:
    """What every answer must satisfy. Values of one field are alternatives, fields are combined with *and*.

    Attributes:
        keywords: field of `KEYWORD_FIELDS` → accepted values; for attributes ``name=value``, alternatives per name.
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
        channel: ``lexical`` or ``semantic``.
        complete: False when more rows matched than were asked for.
    """

    channel: str
    rows: IntArray
    scores: FloatArray
    complete: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and in how many documents of the result list it stands."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an original text; the pieces of a field, joined, are that text."""

    text: str
    match: bool


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a caller asks.

    Attributes:
        query: as typed.
        filters: what every hit must satisfy.
        sort: order of the list.
        size: hits on a page, ≥ 0.
        cursor: continue a frozen list; the other fields are then ignored except `size` and `explain`.
        facets: fields to count.
        explain: give every part of a score.
        channels: recall channels to use.
        understand: False searches the words alone, as if nothing was understood.
        ignore: ids of constraints that are not meant, and ``correction`` to keep the spelling.
        timeout_ms: budget; what is not ready by then is left out and the answer says `degraded`. None: no limit.
    """

    query: str
    filters: Filters = Filters()
    sort: Sort = Sort.RELEVANCE
    size: int = 20
    cursor: str | None = None
    facets: tuple[str, ...] = ()
    explain: bool = False
    channels: tuple[str, ...] = ("lexical", "semantic")
    timeout_ms: float | None = None
    understand: bool = True
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """Every part of a hit's score; ``score`` is the sum of the contributions of channels and features.

    Attributes:
        channels: channel → {rank (1 = best, None: not recalled by it), value (raw), contribution}.
        fields: searched field → its share of the BM25 score.
        features: feature of the ranking stage → its contribution.
        formula: how the parts make the score, in words.
    """

    score: float
    channels: Mapping[str, Mapping[str, float | int | None]]
    fields: Mapping[str, float]
    formula: str
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One document of a page.

    Attributes:
        rank: 1-based place in the whole list.
        source: the record as it came (JSON object).
        relevance: probability that it answers the query; None where nobody looked closely.
        highlights: field → fragments.
    """

    id: str
    kind: str
    rank: int
    score: float
    source: Mapping[str, Any]
    highlights: Mapping[str, tuple[Fragment, ...]]
    explain: ScoreParts | None = None
    relevance: float | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many documents the list has; `relation` is ``eq``, or ``gte`` when it was cut at the recall depth."""

    value: int
    relation: str


@dataclass(frozen=True, slots=True)
class QueryView:
    """What was understood of a query: as typed, normal form, terms, and which relaxation step answered.

    Attributes:
        match: ``all`` words, ``most`` words, ``any`` word, ``nearest`` (by meaning, inside the filters) or ``none``.
        truncated: the query was longer than the bound and was cut.
    """

    text: str
    normalized: str
    tokens: tuple[str, ...]
    match: str
    truncated: bool


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """One page of an answer. `facets` are counted on the very list that is paged.

    Attributes:
        filters, sort: those in force: what the caller chose, and what the words of the query asked for.
        understood: how the query was read, a `retrieval.understanding.plan.Understood`; None where that is off.
    """

    query: QueryView
    filters: Filters
    sort: Sort
    hits: tuple[Hit, ...]
    total: Total
    facets: Mapping[str, tuple[FacetValue, ...]]
    next_cursor: str | None
    generation: str
    degraded: tuple[str, ...]
    took_ms: float
    understood: Any = None
