"""The pages of the mall that have an address of their own, and what each answers: one question a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.answer import TruncatedFacet, WhyNeutral
from retrieval.mall.answer import FeedAnswer, Shown
from retrieval.rules.campaign import Campaign
from retrieval.types import FacetValue


@dataclass(frozen=True, slots=True)
class Channel:
    """A category as a channel.

    Attributes:
        category: its path from the root.
        count: things of it that are shown.
        demand: of all of them (`retrieval.mall.counting`).
        channels: those below it, most demand first; empty where a page goes no deeper.
    """

    category: str
    count: int
    demand: float
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """How many things a page has, and what they are."""

    total: int
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    truncated: tuple[TruncatedFacet, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelsAnswer:
    """The channels of the mall, or the page of one.

    Attributes:
        category: whose page it is, "" for the tree of all.
        path: the categories from the root down to it.
        counted: things that are shown; without facets in the tree of all.
        feed: its first page; None in the tree of all.
    """

    category: str
    path: tuple[str, ...]
    channels: tuple[Channel, ...]
    counted: Counted
    feed: FeedAnswer | None
    generation: str
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class ShopRequest:
    """The page of a shop.

    Attributes:
        id: its id, or its name.
        category: one of its categories, a path from the root; "" for all.
        size: things of each list; the rest as in `retrieval.mall.answer.FeedRequest`.
    """

    id: str
    category: str = ""
    user_id: str = ""
    session_id: str = ""
    size: int = 20
    personalize: bool = True
    now: float | None = None
    timeout_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """Who sells, as its things say; `kind` also where only its name says it."""

    id: str | None
    name: str | None
    kind: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class ShopAnswer:
    """The page of a shop.

    Attributes:
        total: things that are shown.
        best, newest: the best first, the newest first.
        again: what is bought here again: first what is due for who asks, then what many came back for.
        why_not: why nothing of who asks is in it; None where it was read.
    """

    shop: Shop
    category: str
    path: tuple[str, ...]
    channels: tuple[Channel, ...]
    total: int
    best: tuple[Shown, ...]
    newest: tuple[Shown, ...]
    again: tuple[Shown, ...]
    why_not: WhyNeutral | None
    generation: str
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class CampaignsRequest:
    """Which campaigns run for somebody; the fields as in `retrieval.mall.answer.FeedRequest`."""

    user_id: str = ""
    session_id: str = ""
    personalize: bool = True
    now: float | None = None
    timeout_ms: float | None = None


@dataclass(frozen=True, slots=True)
class RunningCampaign:
    """A campaign, and how many of its goods are shown."""

    campaign: Campaign
    total: int


@dataclass(frozen=True, slots=True)
class CampaignsAnswer:
    """Those that run, in the order of the file of rules."""

    campaigns: tuple[RunningCampaign, ...]
    generation: str
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class CampaignRequest:
    """A page of a campaign.

    Attributes:
        category: of its goods, a path from the root; "" for all.
        offset: goods before the first of the page, ≥ 0.
    """

    id: str
    category: str = ""
    offset: int = 0
    size: int = 20
    now: float | None = None
    timeout_ms: float | None = None


@dataclass(frozen=True, slots=True)
class CampaignAnswer:
    """A page of a campaign; `next_offset`: where the next begins, None at the end."""

    campaign: Campaign
    category: str
    path: tuple[str, ...]
    channels: tuple[Channel, ...]
    counted: Counted
    hits: tuple[Shown, ...]
    next_offset: int | None
    generation: str
    took_ms: float = 0.0
