"""In which field of the platform something was done: search and mall are where people look for goods, videos and
livestreams where goods come to people (FACT+, 全域兴趣电商)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from retrieval.interest.event import ShopperEvent


class Field(StrEnum):
    """Where something was done; `OTHER`: nobody said, and it cannot be told."""

    SEARCH = "search"
    MALL = "mall"
    VIDEO = "video"
    LIVE = "live"
    OTHER = "other"


SURFACES: Mapping[str, Field] = MappingProxyType(
    {
        "search": Field.SEARCH, "related": Field.SEARCH, "suggest": Field.SEARCH,
        "mall": Field.MALL, "feed": Field.MALL, "similar": Field.MALL, "also": Field.MALL, "item": Field.MALL,
        "channel": Field.MALL, "shop": Field.MALL, "campaign": Field.MALL,
        "video": Field.VIDEO, "live": Field.LIVE,
    }
)  # fmt: skip
"""Surface of an event → its field. A cart or a page of orders is none: what is bought there was found elsewhere."""
KINDS: Mapping[str, Field] = MappingProxyType({"video": Field.VIDEO, "live": Field.LIVE})
"""Kind of a thing → its field, where the surface does not say."""


def field_of(event: ShopperEvent) -> Field:
    """By its surface, else by what it was done to, else a search by its query."""
    told = SURFACES.get(event.surface) or KINDS.get(event.kind)
    return told or (Field.SEARCH if event.query else Field.OTHER)
