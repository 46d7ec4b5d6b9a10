"""Pages that are remembered:

1. A page that is asked for again is given again, whole; another size, order, filter or shopper's page is another page.
2. Whatever may change an answer leaves the page behind at once: a changed product, a take-down of a product or a word,
   an edited rule or dictionary, a room that goes on air, a generation that is published, a campaign that begins.
3. A page in a shopper's order, a later one, one that lacks a channel, and one for which no time was left are not kept.
4. Of nothing that was not asked is anything remembered; with no pages kept nothing is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pytest

from indexer.changes.opening import open_writer
from indexer.rules.publish import publish
from retrieval.answer import SearchResponse
from retrieval.dictionaries.watch import Watch
from retrieval.engine import Engine
from retrieval.live.state import Room
from retrieval.live.view import OnScreen, Rooms
from retrieval.request import SearchRequest
from retrieval.rules.book import RuleBook
from retrieval.takedowns.takedown import Kind, Reason, TakeDown
from retrieval.types import Filters, Sort
from retrieval.wiring import open_engine, open_live
from retrieval.wiring.changes import open_changes
from retrieval.wiring.places import dictionaries_of
from retrieval.wiring.takedowns import takedown_desk
from tests import world

ROWS: list[world.Row] = [{"id": f"c{n}", "title": f"保温杯 第{n}款", "price": 10 + n} for n in range(6)]
CUP = SearchRequest("保温杯", channels=("lexical",))


class Air:
    """What is on air, as it is set."""

    def __init__(self) -> None:
        self.screen: Mapping[str, OnScreen] = MappingProxyType({})

    def on_air(self, now: float) -> Mapping[str, Room]:
        return cast("Mapping[str, Room]", self.screen)

    def on_screen(self, now: float) -> Mapping[str, OnScreen]:
        return self.screen


@dataclass
class Shop:
    folder: Path
    engine: Engine
    watch: Watch
    air: Air = field(default_factory=Air)

    def ask(self, **given: object) -> SearchResponse:
        return self.engine.search(replace(CUP, **given))  # type: ignore[arg-type]

    def remembered(self, **given: object) -> SearchResponse | None:
        return self.engine.remembered(replace(CUP, **given))  # type: ignore[arg-type]

    def patch(self) -> None:
        settings = world.settings(self.folder)
        writer = open_writer(settings, open_changes(settings))
        assert writer is not None
        writer.apply([{"op": "patch", "id": "c3", "price": 5}])

    def take_down(self, kind: Kind, value: str) -> None:
        desk = takedown_desk(open_changes(world.settings(self.folder)).journal, self.engine)
        desk.add([TakeDown(kind, value, Reason.LAW)], "o")

    def campaign(self) -> None:
        """One that begins at second 1,000 of 1970."""
        book = RuleBook(open_changes(world.settings(self.folder)).journal)
        runs = {"from": "1970-01-01T00:16:40+00:00", "until": "1970-01-02T00:00:00+00:00"}
        one = {
            "id": "cups",
            "name": "杯子节",
            "label": "杯子节",
            "words": ["保温杯"],
            "products": {"ids": ["c1"]},
            **runs,
        }
        publish(book, {"campaigns": [one]}, by="o", note="", now=time.time())

    def rule(self) -> None:
        book = RuleBook(open_changes(world.settings(self.folder)).journal)
        rule = {"id": "r", "name": "r", "when": {"query": ["保温杯"]}, "pin": [{"id": "c4", "at": 1}]}
        publish(book, {"rules": [rule]}, by="o", note="", now=time.time())

    def word(self) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        dictionaries_of(world.settings(self.folder)).put("synonyms", "暖水瓶\t保温杯\n", now=now)
        assert self.watch.look()

    def on_screen(self) -> None:
        self.air.screen = MappingProxyType({"c5": OnScreen("v1", 0.0, None)})

    def switch(self) -> None:
        world.publish(self.folder, ROWS, gold_samples=0)
        assert self.engine.refresh()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    world.publish(folder, ROWS, gold_samples=0)
    settings, air = world.settings(folder, "ranking.divider=0"), Air()
    engine, watch = open_live(settings, rooms=cast(Rooms, air), changes=open_changes(settings))
    yield Shop(folder, engine, watch, air)
    engine.close()


def test_it_is_given_again(shop: Shop) -> None:  # 1, 4
    assert shop.remembered() is None
    first = shop.ask(facets=("price",))
    again = shop.remembered(facets=("price",), timeout_ms=5_000.0)
    assert again is not None
    assert replace(again, took_ms=first.took_ms) == first
    assert len(first.hits) == 6
    for given in (
        {"size": 3}, {"sort": Sort.PRICE_ASC}, {"filters": Filters(price=(None, 1200))}, {"near": False},
        {"explain": True}, {"kinds": ("product", "video")}, {"understand": False}, {"personalize": False},
    ):  # fmt: skip
        assert shop.remembered(**given) is None


def test_what_is_not_kept(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    shop.ask(user_id="u1")
    cursor = shop.ask(size=2).next_cursor
    assert [hit.rank for hit in shop.ask(cursor=cursor).hits] == [3, 4, 5, 6]
    assert shop.remembered(cursor=cursor) is None
    shop.ask(hurried=True, channels=("lexical", "semantic"))
    assert shop.remembered(user_id="u1") is None
    assert shop.remembered(channels=("lexical", "semantic")) is None
    shop.ask(size=4)  # the list is made, the page of five is not
    with monkeypatch.context() as patched:
        patched.setattr("retrieval.deadline.Deadline.remaining", lambda self: 0.0 if self.at else None)
        shop.ask(size=5, timeout_ms=60_000.0)
    assert shop.remembered(size=5) is None
    assert shop.remembered(size=4) is not None


def test_a_campaign_begins_by_the_clock(shop: Shop) -> None:  # 2
    shop.campaign()
    assert shop.ask(now=999.0).rules is None
    assert shop.remembered(now=998.0) is not None
    assert shop.remembered(now=1000.0) is None
    said = shop.ask(now=1000.0).rules
    assert said is not None
    assert said.campaign.id == "cups"


def test_none_are_kept(shop: Shop) -> None:  # 4
    engine = open_engine(world.settings(shop.folder, "search.pages_kept=0"))
    engine.search(CUP)
    assert engine.remembered(CUP) is None
    engine.close()


CHANGES: dict[str, tuple[Callable[[Shop], None], int]] = {
    "a price": (lambda shop: shop.patch(), 6),
    "a rule": (lambda shop: shop.rule(), 6),
    "a synonym": (lambda shop: shop.word(), 6),
    "a room": (lambda shop: shop.on_screen(), 6),
    "a product taken down": (lambda shop: shop.take_down(Kind.PRODUCT, "c3"), 5),
    "a generation": (lambda shop: shop.switch(), 5),
    "a word taken down": (lambda shop: shop.take_down(Kind.WORD, "保温杯"), 0),
}
"""What happens, and how many hits there are then."""


def test_what_changes_an_answer(shop: Shop) -> None:  # 2
    for what, (change, count) in CHANGES.items():
        before = shop.ask()
        assert shop.remembered() is not None, what
        change(shop)
        kept = shop.remembered()
        assert kept is None or kept.hits != before.hits, what  # a banned word is answered without looking
        assert len(shop.ask().hits) == count, what
