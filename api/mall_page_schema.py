"""What is asked of the pages of the mall and what they answer: to check requests, and for the OpenAPI description."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.answer_schema import FacetAnswer, TruncatedFacetAnswer
from api.mall_schema import FeedPersonal, ShownAnswer
from api.schemas import Name, Size
from api.understood_schema import Shape


class ChannelsParams(BaseModel):
    """The URL parameters of GET /v1/mall/channels."""

    model_config = ConfigDict(extra="forbid")

    category: Name = Field(default="", description="A path from the root, such as 女装/裙装; none: the tree of all.")
    user_id: Name = Field(default="", description="Whose feed it is.")
    session_id: Name = ""
    size: Size | None = Field(default=None, description="Things of the first page of its feed.")
    personalize: bool = Field(default=True, description="False reads nothing of the shopper; it is everybody's feed.")


class ShopParams(BaseModel):
    """The URL parameters of GET /v1/mall/shops/{id}."""

    model_config = ConfigDict(extra="forbid")

    category: Name = Field(default="", description="One of its categories, a path from the root; none: all of them.")
    user_id: Name = Field(default="", description="Who asks: what is due again for whom.")
    session_id: Name = ""
    size: Size | None = Field(default=None, description="Things of each list.")
    personalize: bool = Field(default=True, description="False reads nothing of the shopper.")


class CampaignsParams(BaseModel):
    """The URL parameters of GET /v1/mall/campaigns."""

    model_config = ConfigDict(extra="forbid")

    user_id: Name = Field(default="", description="Who asks: some are for new shoppers.")
    session_id: Name = ""
    personalize: bool = Field(default=True, description="False reads nothing of the shopper.")


class CampaignParams(BaseModel):
    """The URL parameters of GET /v1/mall/campaigns/{id}."""

    model_config = ConfigDict(extra="forbid")

    category: Name = Field(default="", description="Of its goods, a path from the root; none: all of them.")
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = Field(default=0, description="next_offset of the page before.")
    size: Size | None = None


class StepAnswer(Shape):
    """A category on the way from the root."""

    category: str = Field(examples=["女装/裙装"])
    name: str = Field(examples=["裙装"])


class ChannelAnswer(StepAnswer):
    """A category: how many of its things are shown, the demand for all of them, and those below it."""

    count: int
    demand: float = Field(description="Of one answer they can be compared: what the crowd liked, and pieces sold.")
    channels: list[ChannelAnswer]


class FirstPage(Shape):
    """The first page of a feed; GET /v1/mall/feed goes on with its cursor."""

    hits: list[ShownAnswer]
    personal: FeedPersonal
    next_cursor: str | None


class ChannelsAnswerShape(Shape):
    """The tree of channels, or the page of one: its total, facets and feed count and show what is in stock."""

    category: str | None
    path: list[StepAnswer]
    channels: list[ChannelAnswer] = Field(description="Those below it, most demand first, and below each its own.")
    total: int
    facets: dict[str, list[FacetAnswer]] = Field(description="Empty in the tree of all.")
    facets_truncated: list[TruncatedFacetAnswer]
    feed: FirstPage | None = Field(description="Null in the tree of all.")
    generation: str
    took_ms: float
    request_id: str


class ShopIdentity(Shape):
    """Who sells, as its things say."""

    id: str | None
    name: str | None = Field(description="What `shop` of a search filters by: so it is searched inside a shop.")
    kind: str | None = Field(examples=["旗舰店"], description="As it says, or as its name ends.")
    score: float | None


class ShopAnswerShape(Shape):
    """The page of a shop: what is in stock."""

    shop: ShopIdentity
    category: str | None
    path: list[StepAnswer]
    channels: list[ChannelAnswer] = Field(description="Its categories, most demand first, and below each its own.")
    total: int
    best_sellers: list[ShownAnswer]
    newest: list[ShownAnswer]
    again: list[ShownAnswer] = Field(
        description="What is bought here again: first what is due for who asks, then what several came back for."
    )
    personal: FeedPersonal
    generation: str
    took_ms: float
    request_id: str


class CampaignIdentity(Shape):
    """A campaign that runs."""

    id: str
    name: str = Field(examples=["双11 狂欢"])
    label: str = Field(examples=["双11价保"], description="To be shown at its goods.")
    since: datetime | None
    until: datetime | None
    words: list[str] = Field(description="Occasions: a search that means one says so in `rules.campaign`.")
    order: Literal["sales", "newest", "price_asc", "price_desc", "quality", "ids"]
    segment: Literal["new"] | None = Field(description="`new`: for shoppers of whom nothing is known.")


class RunningAnswer(CampaignIdentity):
    """And how many of its goods are in stock."""

    total: int


class CampaignsAnswerShape(Shape):
    """Those that run, in the order in which the operator wrote them."""

    campaigns: list[RunningAnswer]
    generation: str
    took_ms: float
    request_id: str


class CampaignAnswerShape(Shape):
    """A page of a campaign."""

    campaign: CampaignIdentity
    category: str | None
    path: list[StepAnswer]
    channels: list[ChannelAnswer] = Field(description="The categories of its goods, most demand first.")
    total: int
    facets: dict[str, list[FacetAnswer]]
    facets_truncated: list[TruncatedFacetAnswer]
    hits: list[ShownAnswer]
    next_offset: int | None = Field(description="Where the next page begins; null at the end.")
    generation: str
    took_ms: float
    request_id: str
