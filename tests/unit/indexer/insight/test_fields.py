"""The by-field report, over a few events whose sums can be seen:

1. An event counts for the field of its surface, else of the kind of its thing; a cart or page of orders is no field:
   what is done there counts for the last field that led to the thing, within a week, else for none.
2. Money is pieces times the price of today; what was given back is taken off the quality money, and so is what is not
   good enough; a product without a price is in no sum, and said.
3. A refund counts for the field of its order, also where that was made elsewhere, and takes no more than was bought.
4. The ways: moves within a visit, and where what was bought was first met.
5. Only the days that are asked for count, and days are those of China; what was touched before them still leads.
6. As CSV: a line a field, then a line a way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from indexer.insight.field import Field
from indexer.insight.fields import DAY_S, FieldRow, Report, by_field
from indexer.insight.fields_csv import as_csv
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.protocols import IndexReader

NOW = 1_800_000_000.0
GOODS = {
    "cup": {"price": 50, "rating": 4.9, "reviews": 1000},
    "robe": {"price": 300, "rating": 2.0, "reviews": 1000},
    "gift": {"price": None},
}


class Shelf:
    """A reader of `GOODS`."""

    def rows_of(self, ids: Sequence[str]) -> list[int | None]:
        places = {id: row for row, id in enumerate(GOODS)}
        return [places.get(id) for id in ids]

    def sources(self, rows: Iterable[int]) -> list[bytes]:
        return [orjson.dumps([*GOODS.values()][int(row)]) for row in rows]


def told(*events: tuple[str, str, str, float], **more: Any) -> Iterator[ShopperEvent]:
    """(type, item, surface, hours before now) of one shopper."""
    for number, (name, item, surface, hours) in enumerate(events):
        id = f"{more.get('user_id', 'u1')}-{number}-{name}{item}{hours}"
        yield ShopperEvent(
            id, NOW - 3600 * hours, EventType(name), item_id=item, surface=surface, **{"user_id": "u1"} | more
        )


@pytest.fixture
def store(tmp_path: Path) -> SqliteEventStore:
    return SqliteEventStore(tmp_path / "events.db")


def report(store: SqliteEventStore, *events: ShopperEvent, days: int = 2) -> Report:
    store.add(events)
    return by_field(store, lambda: cast(IndexReader, Shelf()), now=NOW, days=days, least_quality=0.8)


def row(found: Report, field: Field) -> FieldRow:
    return next(each for each in found.fields if each.field is field)


def test_fields_and_money(store: SqliteEventStore) -> None:  # 1, 2
    found = report(
        store,
        *told(("impression", "cup", "search", 5), ("click", "cup", "search", 4), ("order", "cup", "orders", 3)),
        *told(("view", "robe", "feed", 3), ("order", "robe", "feed", 2), ("order", "gift", "", 1), user_id="u2"),
        *told(("watch", "v1", "", 3), kind="video"),
        *told(("order", "cup", "live", 2), quantity=3),
    )
    search, mall, video, live, other = found.fields
    assert (search.impressions, search.clicks, search.orders, search.gmv, search.quality_gmv) == (1, 1, 1, 50, 50)
    assert (mall.clicks, mall.orders, mall.gmv, mall.quality_gmv, mall.shoppers) == (1, 1, 300, 0, 1)
    assert (video.watches, video.shoppers, video.orders) == (1, 1, 0)
    assert (live.orders, live.pieces, live.gmv) == (1, 3, 150)
    assert (other.orders, other.pieces, other.unpriced, other.gmv) == (1, 1, 1, 0)


def test_too_long_ago(store: SqliteEventStore) -> None:  # 1, 5
    week = 7 * 24
    found = report(
        store,
        *told(("click", "cup", "live", week + 10), ("order", "cup", "", 9), ("order", "robe", "live", 49)),
        *told(("click", "cup", "video", week + 8), ("order", "cup", "", 9), user_id="u2"),
    )
    assert (row(found, Field.OTHER).orders, row(found, Field.VIDEO).orders) == (1, 1)
    assert (row(found, Field.LIVE).orders, row(found, Field.LIVE).clicks) == (0, 0)
    assert found.days == {"2027-01-15": {"search": 0, "mall": 0, "video": 50, "live": 0, "other": 50}}
    assert found.since == NOW - 2 * DAY_S


def test_refunds(store: SqliteEventStore) -> None:  # 3
    found = report(
        store,
        *told(("order", "cup", "video", 4), quantity=2),
        *told(("refund", "cup", "orders", 3), ("refund", "cup", "orders", 2), ("refund", "cup", "orders", 1)),
        *told(("order", "cup", "search", 60), ("refund", "cup", "", 5), ("order", "cup", "search", 2), user_id="u2"),
    )
    video, search = row(found, Field.VIDEO), row(found, Field.SEARCH)
    assert (video.refunds, video.gmv, video.refunded, video.quality_gmv) == (3, 100, 100, 0)
    assert (search.orders, search.refunds, search.gmv, search.refunded) == (1, 1, 50, 0)


def test_ways_and_csv(store: SqliteEventStore) -> None:  # 4, 6
    found = report(
        store,
        *told(("click", "cup", "video", 4), ("search", "", "search", 3.9), ("click", "cup", "search", 3.8)),
        *told(("order", "cup", "search", 3.7), ("watch", "v", "live", 1), user_id="u1"),
        *told(("impression", "cup", "feed", 4), ("order", "cup", "search", 3.9), user_id="u2"),
    )
    ways = {(way.origin, way.target): (way.moves, way.orders, way.gmv) for way in found.ways}
    assert ways == {("video", "search"): (1, 1, 50), ("search", "search"): (0, 1, 50)}
    lines = as_csv(found).splitlines()
    assert lines[0].startswith("field,shoppers,impressions,clicks")
    assert lines[1].startswith("search,2,0,1,0,0,2,0,2,100.0")
    assert lines[6:] == [
        "", "origin,target,moves,orders,gmv", "search,search,0,1,50.0", "video,search,1,1,50.0",
    ]  # fmt: skip
