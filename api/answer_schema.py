"""The shape of the answers, for the OpenAPI description and for clients generated from it.

Nothing here runs when a request is answered; a test reads real answers with these models, so both stay the same.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.personal_schema import PersonalAnswer, PersonalParts
from api.schemas import FilterBody, SortName
from api.understood_schema import Shape, UnderstoodAnswer
from api.video_schema import BlockAnswer, EvidenceAnswer, LiveBadge, VideoCardAnswer


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


class EffectAnswer(Shape):
    """What a rule of the shop did to a hit; `points`: what a boost added to its score."""

    rule: str
    name: str
    action: Literal["bury", "pin", "boost"]
    points: float


class ScoreAnswer(Shape):
    """Every part of a score, and what gave the hit its place beside it.

    `placed` is one of score, surer, spread, flagship, near_duplicate, not_ranked, column, personal, near, on_screen,
    buried and pinned; scores are compared inside one of them. `personal` is beside the score and no part of it.
    """

    score: float
    channels: dict[str, ChannelScore]
    fields: dict[str, float]
    features: dict[str, float]
    formula: str
    placed: str
    personal: PersonalParts | None
    rules: list[EffectAnswer]


class RecordAnswer(Shape):
    """What is shown of a product (`api.answers.record_answer`); prices are yuan, `fields` is the rest as it came."""

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


class HitAnswer(RecordAnswer):
    """One hit."""

    id: str
    kind: str = Field(examples=["product"])
    rank: int
    score: float | None
    relevance: float | None = Field(description="Probability that it answers; null where nobody looked closely.")
    near: bool = Field(description="Under the divider: no answer, only near one.")
    pinned: bool = Field(description="A rule of the shop gave it its place.")
    campaign: str | None = Field(description="The label of the campaign that the query means, where it belongs to it.")
    neutral_rank: int = Field(description="Its place in the list that is the same for everybody.")
    because: str | None = Field(examples=["因为你常看 露营装备"], description="Why it stands further in front for you.")
    highlights: dict[str, list[FragmentAnswer]]
    moments: list[EvidenceAnswer] = Field(description="Where it is shown and talked about, best for this query first.")
    live: LiveBadge | None = Field(description="Where it is on a screen right now.")
    explain: ScoreAnswer | None


class SponsoredAnswer(RecordAnswer):
    """A paid card. It stands beside the list and moves nothing in it; `label` is to be shown with it."""

    label: Literal["广告"]
    placement: str
    advertiser: str
    id: str


class TotalAnswer(Shape):
    """How many documents answer: those above the divider.

    `gte`: the list was cut at the recall depth, or has more that nobody looked at; `about`: those are counted, too.
    """

    value: int
    relation: Literal["eq", "gte", "about"]


class FacetAnswer(Shape):
    """One value and in how many documents above the divider it stands."""

    value: str
    count: int


class TruncatedFacetAnswer(Shape):
    """A facet of which `more` values are not in `facets`; of `attributes` each one by itself, null: whole ones."""

    facet: str = Field(examples=["attributes"])
    attribute: str | None = Field(examples=["颜色"])
    more: int


class RedirectAnswer(Shape):
    """Where to go instead: an address, or a channel of the app."""

    url: str | None
    channel: str | None


class BannerAnswer(Shape):
    """What to show over the list."""

    id: str
    text: str
    link: str | None


class HeldAnswer(Shape):
    """A rule that held, and what it does."""

    id: str
    name: str
    actions: list[Literal["hide", "filter", "bury", "pin", "boost", "rewrite", "redirect", "banner"]]


class CampaignSaid(Shape):
    """A running campaign that the query means; GET /v1/mall/campaigns/{id} is its page."""

    id: str
    name: str
    label: str


class RulesAnswer(Shape):
    """What the rules of the shop say beside the list; `held` only where scores are explained."""

    version: int
    rewritten: str | None = Field(description="The query that was searched instead of the one that was sent.")
    redirect: RedirectAnswer | None
    banners: list[BannerAnswer]
    campaign: CampaignSaid | None
    held: list[HeldAnswer]


class SearchAnswer(Shape):
    """One page of a search."""

    query: QueryAnswer
    understood: UnderstoodAnswer | None
    filters: FilterBody
    sort: SortName
    hits: list[HitAnswer]
    sponsored: list[SponsoredAnswer] = Field(description="Paid cards, each with its label; never among `hits`.")
    videos: list[VideoCardAnswer] = Field(description="Only where `kinds` asks for them, on the first page.")
    blocks: list[BlockAnswer] = Field(description="How hits and videos follow each other; empty without videos.")
    total: TotalAnswer
    near: int = Field(description="How many stand under the divider, behind all others; `near=false` leaves them out.")
    divider: str | None = Field(
        examples=["以下相近", "没有完全符合的，以下相近"],
        description="To be written before the first hit that is near; null where none is.",
    )
    facets: dict[str, list[FacetAnswer]]
    facets_truncated: list[TruncatedFacetAnswer] = Field(description="Where `facets` leaves values out.")
    personal: PersonalAnswer
    rules: RulesAnswer | None = Field(description="Null where no rule of the shop held.")
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
