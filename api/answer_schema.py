"""The shape of the answers, for the OpenAPI description and for clients generated from it.

Nothing here runs when a request is answered; a test reads real answers with these models, so both stay the same.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import FilterBody, SortName


class Shape(BaseModel):
    """Base: every field is always there, nothing else is."""

    model_config = ConfigDict(extra="forbid")


class QueryAnswer(Shape):
    """What was understood of the query; `match` says which words the hits hold."""

    text: str
    normalized: str
    tokens: list[str]
    match: Literal["all", "most", "any", "nearest", "none"]
    truncated: bool


class FragmentAnswer(Shape):
    """A piece of a text; the pieces of a field, joined, are that text."""

    text: str
    match: bool


class ChannelScore(Shape):
    """What one recall channel gave; rank 1 is its best, null: it did not recall this hit.

    `value` is the raw score; how `centre` and `unit` make it a contribution is said by the formula.
    """

    rank: int | None
    value: float
    centre: float
    unit: float
    contribution: float


class ScoreAnswer(Shape):
    """Every part of a score."""

    score: float
    channels: dict[str, ChannelScore]
    fields: dict[str, float]
    formula: str


class HitAnswer(Shape):
    """One hit; prices are yuan, `fields` is the rest of the record as it came."""

    id: str
    kind: str = Field(examples=["product"])
    rank: int
    score: float | None
    title: str | None
    price: float | None
    list_price: float | None
    shop: dict[str, Any] | None
    brand: str | None
    category: list[str] | None
    sales_30d: int | None
    rating: float | None
    services: list[str]
    labels: list[str]
    images: list[str]
    highlights: dict[str, list[FragmentAnswer]]
    fields: dict[str, Any]
    explain: ScoreAnswer | None


class TotalAnswer(Shape):
    """How long the list is; `gte`: it was cut at the recall depth."""

    value: int
    relation: Literal["eq", "gte"]


class FacetAnswer(Shape):
    """One value and in how many documents of the list it stands."""

    value: str
    count: int


class RewriteAnswer(Shape):
    """What rules of the shop have searched instead; `rewrite` in `ignore` switches them off."""

    text: str
    rules: list[str]


class CorrectionAnswer(Shape):
    """Another spelling: searched instead, searched beside what was typed, or only offered."""

    text: str
    kind: str
    confidence: float
    action: Literal["replace", "both", "suggest"]


class AmountAnswer(Shape):
    """A range in base units (ml, g, mm, …); null is open."""

    unit: str
    min: float | None
    max: float | None


class ConstraintAnswer(Shape):
    """A wish read in the words `text`, and what became of it; its id in `ignore` switches it off.

    `overridden`: the caller chose something else; `relaxed`: it left too little.
    """

    id: str
    kind: str
    label: str
    text: str
    start: int
    end: int
    state: Literal["applied", "relaxed", "overridden", "ignored"]
    filters: FilterBody
    amount: AmountAnswer | None
    sort: SortName | None
    boosts: list[str]


class EntityAnswer(Shape):
    """A piece of the query with its kind."""

    kind: str
    value: str
    text: str
    start: int
    end: int
    confidence: float
    source: str


class CategoryAnswer(Shape):
    """A leaf category and how likely it is meant."""

    category: str
    probability: float


class IntentAnswer(Shape):
    """The kind of ask, and how much of what is wanted it says already; `parts` sum to `strength`."""

    kind: str
    strength: float
    parts: dict[str, float]


class ActionAnswer(Shape):
    """What to change in the request, all together: ids to ignore, filters to leave out, or another query without any."""

    ignore: list[str]
    drop_filters: list[
        Literal["category", "brand", "shop", "labels", "services", "attributes", "price", "in_stock", "without"]
    ]
    query: str | None


class CauseAnswer(Shape):
    """Why there is no hit; `hits_without`: how many there are once `action` is taken, null where that is not known."""

    kind: Literal[
        "no_letters", "typo", "channel_failed", "constraint", "filter", "stock", "category_empty", "conditions",
        "unknown_word", "below_floor", "no_match",
    ]  # fmt: skip
    text: str
    hits_without: int | None
    action: ActionAnswer


class AutopsyAnswer(Shape):
    """Why an answer is empty, the most helpful cause first, and queries that lead to goods."""

    causes: list[CauseAnswer]
    suggestions: list[str]


class UnderstoodAnswer(Shape):
    """How the query was read. Offsets point into `query`, the normal form of what was typed."""

    query: str
    searched: str
    rewrite: RewriteAnswer | None
    correction: CorrectionAnswer | None
    constraints: list[ConstraintAnswer]
    entities: list[EntityAnswer]
    term_weights: dict[str, float]
    categories: list[CategoryAnswer]
    category_entropy: float
    intent: IntentAnswer | None
    autopsy: AutopsyAnswer | None


class SearchAnswer(Shape):
    """One page of a search."""

    query: QueryAnswer
    understood: UnderstoodAnswer | None
    filters: FilterBody
    sort: SortName
    hits: list[HitAnswer]
    total: TotalAnswer
    facets: dict[str, list[FacetAnswer]]
    next_cursor: str | None
    generation: str
    degraded: list[str]
    took_ms: float
    request_id: str


class ProductAnswer(Shape):
    """One record as it came."""

    product: dict[str, Any]
    generation: str | None
    request_id: str


class ErrorDetail(Shape):
    """What is wrong, where, and what to do."""

    code: str = Field(examples=["invalid_request"])
    message: str = Field(examples=["There is no such field: filters.colour."])
    field: str | None = Field(examples=["filters.colour"])
    hint: str | None = Field(examples=["Known: price, brand, category, shop, labels, services, attributes, in_stock."])
    request_id: str


class ErrorAnswer(Shape):
    """The body of every answer whose status is 400 or above."""

    error: ErrorDetail
