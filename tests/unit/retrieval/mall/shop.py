"""A mall over the five hundred products of `tests.world`, with whatever shoppers a test needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.taste import Taste
from retrieval.mall.answer import FeedAnswer, FeedRequest
from retrieval.mall.mall import Mall
from retrieval.wiring.options import mall_options
from tests import world

NOW = 1_700_000_000.0


def open_mall(
    data_dir: Path, taste: Taste | None = None, events: Sequence[ShopperEvent] = (), forbids: Any = lambda _: False,
    **changes: Any,
) -> Mall:  # fmt: skip
    """The mall of a data folder; `changes` are options of the feed. `events` are what the crowd did."""
    options = mall_options(world.settings(data_dir))
    options = replace(options, feed=replace(options.feed, **changes))
    store = SqliteEventStore(data_dir / f"events-{id(events)}.db")
    store.add(list(events))
    mall = Mall(world.engine(data_dir), options, store, taste, forbids)
    mall.refresh()
    return mall


def chain(mall: Mall, request: FeedRequest, most: int = 100) -> list[FeedAnswer]:
    """All pages from this one on."""
    pages = [mall.feed(request)]
    while (cursor := pages[-1].next_cursor) and len(pages) < most:
        pages.append(mall.feed(replace(request, cursor=cursor)))
    return pages


def did(number: int, who: str, item: str, type: EventType = EventType.CLICK, **fields: Any) -> ShopperEvent:
    """Something done `number` seconds after an hour before now."""
    event = ShopperEvent(f"e-{who}-{number}-{item}-{type}", NOW - 3600 + number, type, who, f"s-{who}", item)
    return replace(event, **fields)
