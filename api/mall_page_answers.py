"""From the pages of the mall to JSON; `api.mall_page_schema` describes the same shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from api.mall_answers import personal_answer, shown_answer, tail_of
from retrieval.mall.answer import FeedAnswer
from retrieval.mall.channels import name_of
from retrieval.mall.pages import CampaignAnswer, CampaignsAnswer, Channel, ChannelsAnswer, Counted, ShopAnswer
from retrieval.rules.campaign import Campaign


def channels_answer(found: ChannelsAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of the tree of channels, or of the page of one."""
    return {
        "category": found.category or None,
        "path": _path(found.path),
        "channels": _channels(found.channels),
        **_counted(found.counted),
        "feed": found.feed and _first(found.feed),
        **tail_of(found, request_id),
    }


def shop_answer(found: ShopAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of the page of a shop."""
    return {
        "shop": asdict(found.shop),
        "category": found.category or None,
        "path": _path(found.path),
        "channels": _channels(found.channels),
        "total": found.total,
        "best_sellers": [shown_answer(hit) for hit in found.best],
        "newest": [shown_answer(hit) for hit in found.newest],
        "again": [shown_answer(hit) for hit in found.again],
        "personal": personal_answer(found.why_not),
        **tail_of(found, request_id),
    }


def campaigns_answer(found: CampaignsAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of those that run."""
    running = [_campaign(one.campaign) | {"total": one.total} for one in found.campaigns]
    return {"campaigns": running, **tail_of(found, request_id)}


def campaign_answer(found: CampaignAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of a page of one."""
    return {
        "campaign": _campaign(found.campaign),
        "category": found.category or None,
        "path": _path(found.path),
        "channels": _channels(found.channels),
        **_counted(found.counted),
        "hits": [shown_answer(hit) for hit in found.hits],
        "next_offset": found.next_offset,
        **tail_of(found, request_id),
    }


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "label": campaign.label,
        "since": campaign.start and campaign.start.isoformat(),
        "until": campaign.until and campaign.until.isoformat(),
        "words": list(campaign.words),
        "order": campaign.order,
        "segment": campaign.segment or None,
    }


def _path(path: Iterable[str]) -> list[dict[str, str]]:
    return [{"category": each, "name": name_of(each)} for each in path]


def _channels(channels: Iterable[Channel]) -> list[dict[str, Any]]:
    return [
        {
            "category": each.category,
            "name": name_of(each.category),
            "count": each.count,
            "demand": round(each.demand, 3),
            "channels": _channels(each.channels),
        }
        for each in channels
    ]


def _counted(found: Counted) -> dict[str, Any]:
    return {
        "total": found.total,
        "facets": {
            name: [{"value": each.value, "count": each.count} for each in values]
            for name, values in found.facets.items()
        },
        "facets_truncated": [
            {"facet": one.facet, "attribute": one.attribute, "more": one.more} for one in found.truncated
        ],
    }


def _first(feed: FeedAnswer) -> dict[str, Any]:
    return {
        "hits": [shown_answer(hit) for hit in feed.hits],
        "personal": personal_answer(feed.why_not),
        "next_cursor": feed.next_cursor,
    }
