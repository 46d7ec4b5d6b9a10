"""Every question that a shop asks, as a value that `Client.send` and `AsyncClient.send` take.

What fields mean, and their bounds, is in docs/api.md. Only what is given is said, so the service's defaults hold.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack
from urllib.parse import quote

from xunhuo.client.answers import (
    ChangeResult,
    ChangesAnswer,
    EventsAnswer,
    FeedAnswer,
    MomentsAnswer,
    ProductAnswer,
    RelatedAnswer,
    SearchAnswer,
    SimilarAnswer,
    VideoAnswer,
)
from xunhuo.client.call import Call
from xunhuo.client.page_answers import CampaignAnswer, CampaignsAnswer, ChannelsAnswer, ShopAnswer


class SearchOptions(TypedDict, total=False):
    """What a search may say beside its words."""

    filters: Mapping[str, Any]
    sort: Literal["relevance", "sales", "price_asc", "price_desc", "newest"]
    size: int
    cursor: str
    facets: Sequence[str]
    facet_order: Literal["count", "value"]
    explain: bool
    near: bool
    channels: Sequence[Literal["lexical", "semantic", "moments"]]
    kinds: Sequence[Literal["product", "video", "live"]]
    understand: bool
    ignore: Sequence[str]
    timeout_ms: int
    user_id: str
    session_id: str
    personalize: bool
    came_from: Mapping[str, Any]
    carry_over: bool


class FeedOptions(TypedDict, total=False):
    """What a feed may say."""

    user_id: str
    session_id: str
    category: str
    cursor: str
    size: int
    personalize: bool


class PageOptions(TypedDict, total=False):
    """What a channel, or the page of a shop, may say; without a category it is of all."""

    category: str
    user_id: str
    session_id: str
    size: int
    personalize: bool


def search(query: str, **options: Unpack[SearchOptions]) -> Call[SearchAnswer]:
    """One page of a search."""
    return Call("POST", "/v1/search", SearchAnswer, body={"query": query, **options})


def feed(**options: Unpack[FeedOptions]) -> Call[FeedAnswer]:
    """What the mall shows somebody who has not asked for anything."""
    return Call("GET", "/v1/mall/feed", FeedAnswer, params=_params(options))


def channels(**options: Unpack[PageOptions]) -> Call[ChannelsAnswer]:
    """The categories of the mall, or the page of one."""
    return Call("GET", "/v1/mall/channels", ChannelsAnswer, params=_params(options))


def shop(id: str, **options: Unpack[PageOptions]) -> Call[ShopAnswer]:
    """The page of a shop; `search` with the filter `shop`, its name, searches inside it."""
    return Call("GET", f"/v1/mall/shops/{quote(id)}", ShopAnswer, params=_params(options))


def campaigns(
    *, user_id: str | None = None, session_id: str | None = None, personalize: bool | None = None
) -> Call[CampaignsAnswer]:
    """The campaigns that run."""
    asked = {"user_id": user_id, "session_id": session_id, "personalize": personalize}
    return Call("GET", "/v1/mall/campaigns", CampaignsAnswer, params=_params(asked))


def campaign(
    id: str, *, category: str | None = None, offset: int | None = None, size: int | None = None
) -> Call[CampaignAnswer]:
    """The page of one; `new` is that of new shoppers."""
    asked = {"category": category, "offset": offset, "size": size}
    return Call("GET", f"/v1/mall/campaigns/{quote(id)}", CampaignAnswer, params=_params(asked))


def product(id: str) -> Call[ProductAnswer]:
    """One record as it came."""
    return Call("GET", f"/v1/products/{quote(id)}", ProductAnswer)


def similar(id: str, *, size: int | None = None) -> Call[SimilarAnswer]:
    """Things like a thing."""
    return Call("GET", f"/v1/products/{quote(id)}/similar", SimilarAnswer, params=_params({"size": size}))


def moments(id: str, *, size: int | None = None) -> Call[MomentsAnswer]:
    """Where a product is shown and talked about."""
    return Call("GET", f"/v1/products/{quote(id)}/moments", MomentsAnswer, params=_params({"size": size}))


def related(query: str, *, size: int | None = None) -> Call[RelatedAnswer]:
    """Queries that go with a query."""
    return Call("GET", "/v1/queries/related", RelatedAnswer, params=_params({"q": query, "size": size}))


def video(id: str) -> Call[VideoAnswer]:
    """A video, what is said in it, and what it shows."""
    return Call("GET", f"/v1/videos/{quote(id)}", VideoAnswer)


def events(events: Sequence[Mapping[str, Any]]) -> Call[EventsAnswer]:
    """What shoppers did (docs/input.md). An event with an `id` counts once, so one is given to those without."""
    named = [event if event.get("id") else {**event, "id": uuid.uuid4().hex} for event in events]
    return Call("POST", "/v1/events", EventsAnswer, body={"events": named})


def apply(changes: Sequence[Mapping[str, Any]], *, key: str | None = None) -> Call[ChangesAnswer]:
    """Products that come, change and go (docs/changes.md); role `indexer`. With the same `key` it is done once."""
    return Call("POST", "/v1/admin/products:batch", ChangesAnswer, body=list(changes), headers=_once(key))


def patch(id: str, fields: Mapping[str, Any], *, key: str | None = None) -> Call[ChangeResult]:
    """Some fields of a product; None takes one away."""
    return Call("PATCH", f"/v1/admin/products/{quote(id)}", ChangeResult, body=dict(fields), headers=_once(key))


def delete(id: str, *, key: str | None = None) -> Call[ChangeResult]:
    """A product that is no more."""
    return Call("DELETE", f"/v1/admin/products/{quote(id)}", ChangeResult, headers=_once(key))


def _once(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key or uuid.uuid4().hex}


def _params(given: Mapping[str, object]) -> dict[str, str]:
    said = {True: "true", False: "false"}
    return {
        name: said[value] if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value is not None
    }
