"""What the service answers, typed: the fields that programs read, under the names of docs/api.md.

A field that a newer service adds is passed over. A test holds each of these against the service's own description.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds since 1970 or from the beginning of a video, prices yuan, as docs/api.md says of each field."""


class Record(Answer, frozen=True):
    """What is shown of a product."""

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
    fields: dict[str, Any]


class Moment(Answer, frozen=True):
    """A moment of a video that shows a product."""

    id: str
    video_id: str
    title: str
    creator: str | None
    kind: str
    start: float | None
    end: float | None
    at: float | None
    quote: str
    confidence: float | None


class LiveBadge(Answer, frozen=True):
    """Where a product is on a screen right now."""

    video_id: str
    since: float
    price: float | None


class Hit(Record, frozen=True):
    """One hit of a search."""

    id: str
    kind: str
    rank: int
    score: float | None
    relevance: float | None
    near: bool
    pinned: bool
    campaign: str | None
    neutral_rank: int
    because: str | None
    moments: list[Moment]
    live: LiveBadge | None
    explain: dict[str, Any] | None


class Sponsored(Record, frozen=True):
    """A paid card; `label` is to be shown with it."""

    id: str
    label: str
    placement: str
    advertiser: str


class Total(Answer, frozen=True):
    """How many answer."""

    value: int
    relation: Literal["eq", "gte", "about"]


class FacetValue(Answer, frozen=True):
    """A value, and how many answers have it."""

    value: str
    count: int


class VideoCard(Answer, frozen=True):
    """A video among hits."""

    id: str
    title: str
    creator: str | None
    kind: str
    on_air: bool
    moments: list[Moment]
    products: list[str]


class SearchAnswer(Answer, frozen=True):
    """One page of a search."""

    query: dict[str, Any]
    understood: dict[str, Any] | None
    filters: dict[str, Any]
    sort: str
    hits: list[Hit]
    sponsored: list[Sponsored]
    videos: list[VideoCard]
    blocks: list[dict[str, Any]]
    total: Total
    near: int
    divider: str | None
    facets: dict[str, list[FacetValue]]
    personal: dict[str, Any]
    rules: dict[str, Any] | None
    next_cursor: str | None
    generation: str
    degraded: list[str]
    took_ms: float
    request_id: str


class Shown(Record, frozen=True):
    """One thing that is recommended."""

    id: str
    kind: str
    rank: int
    score: float
    source: str
    because: str | None
    policy: str
    propensity: float


class FeedAnswer(Answer, frozen=True):
    """One page of a feed."""

    hits: list[Shown]
    category: str | None
    personal: dict[str, Any]
    next_cursor: str | None
    generation: str
    request_id: str


class SimilarAnswer(Answer, frozen=True):
    """Things like a thing; `by`: events, meaning or words."""

    id: str
    hits: list[Shown]
    by: str
    generation: str
    request_id: str


class RelatedQuery(Answer, frozen=True):
    """A query that goes with one."""

    query: str
    source: str
    score: float


class RelatedAnswer(Answer, frozen=True):
    """Queries that go with a query, the best first."""

    query: str
    related: list[RelatedQuery]
    generation: str
    request_id: str


class ProductAnswer(Answer, frozen=True):
    """A record as it came."""

    product: dict[str, Any]
    generation: str | None
    request_id: str


class MomentsAnswer(Answer, frozen=True):
    """Where a product is shown and talked about, the surest first."""

    id: str
    moments: list[Moment]
    generation: str
    request_id: str


class VideoAnswer(Answer, frozen=True):
    """A video, what is said in it, and what it shows."""

    id: str
    title: str
    creator: dict[str, Any] | None
    kind: str
    segments: list[dict[str, Any]]
    moments: list[dict[str, Any]]
    products: list[dict[str, Any]]
    generation: str
    request_id: str


class EventProblem(Answer, frozen=True):
    """An event that was not taken; `index` as it was sent."""

    index: int
    field: str | None
    reason: str


class EventsAnswer(Answer, frozen=True):
    """What became of events."""

    accepted: int
    duplicates: int
    rejected: list[EventProblem]
    clamped: list[int]
    request_id: str


class ChangeProblem(Answer, frozen=True):
    """Why a change was not taken."""

    field: str | None
    reason: str
    message: str


class ChangeResult(Answer, frozen=True):
    """What became of one change; `position` is that of its entry in the journal."""

    id: str | None
    op: str | None
    status: Literal["applied", "rejected"]
    position: int | None
    error: ChangeProblem | None


class ChangesAnswer(Answer, frozen=True):
    """What became of many, one for one."""

    applied: int
    rejected: int
    position: int
    results: list[ChangeResult]
    request_id: str
