"""What the pages of the mall answer, typed as in `xunhuo.client.answers`: channels, shops, campaigns."""

from __future__ import annotations

from typing import Any

from xunhuo.client.answers import Answer, FacetValue, Shown


class Channel(Answer, frozen=True):
    """A category, how many things it shows, the demand for them, and the categories below it."""

    category: str
    name: str
    count: int
    demand: float
    channels: list[Channel]


class FirstPage(Answer, frozen=True):
    """The first page of a feed; `calls.feed` goes on with its cursor."""

    hits: list[Shown]
    personal: dict[str, Any]
    next_cursor: str | None


class ChannelsAnswer(Answer, frozen=True):
    """The tree of channels, or the page of one."""

    category: str | None
    path: list[dict[str, str]]
    channels: list[Channel]
    total: int
    facets: dict[str, list[FacetValue]]
    feed: FirstPage | None
    generation: str
    request_id: str


class ShopAnswer(Answer, frozen=True):
    """The page of a shop: who it is, its categories, and what of it is put forward."""

    shop: dict[str, Any]
    category: str | None
    path: list[dict[str, str]]
    channels: list[Channel]
    total: int
    best_sellers: list[Shown]
    newest: list[Shown]
    again: list[Shown]
    personal: dict[str, Any]
    generation: str
    request_id: str


class Campaign(Answer, frozen=True):
    """A campaign; `label` is to be shown at its goods."""

    id: str
    name: str
    label: str
    since: str | None
    until: str | None
    words: list[str]
    order: str
    segment: str | None


class RunningCampaign(Campaign, frozen=True):
    """And how many of its goods are in stock."""

    total: int


class CampaignsAnswer(Answer, frozen=True):
    """Those that run."""

    campaigns: list[RunningCampaign]
    generation: str
    request_id: str


class CampaignAnswer(Answer, frozen=True):
    """A page of a campaign."""

    campaign: Campaign
    category: str | None
    path: list[dict[str, str]]
    channels: list[Channel]
    total: int
    facets: dict[str, list[FacetValue]]
    hits: list[Shown]
    next_offset: int | None
    generation: str
    request_id: str
