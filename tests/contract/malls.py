"""What the mall promises over every backend and store of events:

1. A feed pages to its end without a thing twice, in stock, of the asked category; for nobody and for somebody.
2. Somebody's interests, and what goes with what was looked at, come first; due things come, done ones do not.
3. Things like a thing are the nearest; with it are those that the crowd chose with it; queries like it are the crowd's.
4. What was learned is followed: new events count after the next refresh, deleted shoppers no more.
5. What is typed is completed by what the generation taught, and by what shoppers ask; what is gone stands for nothing.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from configs.settings import Settings, load_settings
from indexer.learning.opening import make_learner
from indexer.rebuild import rebuild
from retrieval.engine import Engine
from retrieval.interest.event import EventType
from retrieval.interest.store import EventStore
from retrieval.mall.answer import By, FeedRequest, QuerySource, Source
from retrieval.mall.mall import Mall
from retrieval.suggest.answer import SuggestRequest
from retrieval.suggest.choose import listed
from retrieval.suggest.shopper import NOBODY
from retrieval.suggest.suggester import Suggester
from retrieval.types import Filters
from retrieval.wiring import make_analyzer, open_engine
from retrieval.wiring.options import mall_options, suggest_options
from retrieval.wiring.places import make_backend, open_events
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.shop import NOW, chain, did

ROWS = {row["id"]: row for row in world.products(150)}
IN_STOCK = [i for i, row in ROWS.items() if row.get("stock") != 0]
A, B, C, SEEN, BOUGHT = IN_STOCK[:5]
CROWD = [
    did(n, f"u{k}", item, query=query)
    for k in range(2)
    for n, (item, query) in enumerate(((A, "甲"), (B, "乙"), (A, "乙")))
]
CROWD += [
    did(9, f"u{k}", "", EventType.SEARCH, query=query, id=f"q{k}{query}") for k in range(2) for query in ("甲", "乙")
]
MINE = (did(1, "me", A, session_id="old"), did(2, "me", BOUGHT, EventType.ORDER, session_id="old"), did(3, "me", SEEN))


class MallContract:
    """Inherited by the tests of every backend."""

    @classmethod
    @abstractmethod
    def settings_of(cls, place: Path) -> Settings:
        """Where generations and events live."""

    @pytest.fixture(scope="class")
    @classmethod
    def opened(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Mall, EventStore]]:
        place = tmp_path_factory.mktemp("malls")
        settings = cls.settings_of(place)
        file = world.write(place / "products.jsonl", ROWS.values())
        rebuild(
            world.plan(place, file), make_backend(settings), make_analyzer(settings), world.encoder_of(settings),
            world.Quiet(), make_learner(settings),
        )  # fmt: skip
        engine, store = open_engine(settings), open_events(settings)
        store.add(CROWD)
        options = mall_options(settings)
        options = replace(options, feed=replace(options.feed, explore=0.0))
        mall = Mall(engine, options, store, FakeTaste({"me": {"红色": 0.9}}, events=MINE))
        mall.refresh()
        yield mall, store
        engine.close()
        store.close()

    @pytest.fixture
    def mall(self, opened: tuple[Mall, EventStore]) -> Mall:
        return opened[0]

    @pytest.mark.parametrize(("who", "category"), [("", ""), ("me", ""), ("", "女装/裙装"), ("me", "厨具")])
    def test_a_feed(self, mall: Mall, who: str, category: str) -> None:  # 1
        asked = FeedRequest(who, "s-me" if who else "", category, size=13, now=NOW)
        ids = [hit.id for page in chain(mall, asked) for hit in page.hits]
        wanted = category.split("/") if category else []
        possible = [i for i in IN_STOCK if ROWS[i].get("category", [])[: len(wanted)] == wanted]
        assert set(ids) <= set(possible)
        assert len(ids) == len(set(ids)) >= 0.8 * len(possible)

    def test_somebody(self, mall: Mall) -> None:  # 2
        page = mall.feed(FeedRequest("me", "s-me", now=NOW, size=30))
        found = {hit.id: hit for hit in page.hits}
        assert page.hits[0].source in (Source.INTEREST, Source.VIEWED)
        assert any(hit.because == "因为你常看 红色" for hit in page.hits)
        assert found[B].because is not None
        assert {SEEN, BOUGHT}.isdisjoint(found)

    def test_things(self, mall: Mall) -> None:  # 3
        reader = mall._generations.serving.reader
        row = reader.row_of(A)
        similar = mall.similar(A, 5).found
        near = reader.semantic(reader.vectors(np.array([row]))[0].astype(np.float32), Filters(in_stock=True), 100)
        best = [rank for rank in near.rows.tolist() if rank != row]
        assert (similar.by, len(similar.hits)) == (By.MEANING, 5)
        assert {reader.row_of(hit.id) for hit in similar.hits} <= set(best[:30])
        also = mall.also(A, 5)
        assert (also.viewed.by, [hit.id for hit in also.viewed.hits], also.bought.by) == (By.EVENTS, [B], By.MEANING)

    def test_queries(self, mall: Mall) -> None:  # 3
        [other] = [one for one in mall.related("甲", 10).related if one.source is not QuerySource.QUERY_LOG]
        assert other.query == "乙"

    def test_suggestions(self, opened: tuple[Mall, EventStore]) -> None:  # 5
        mall, store = opened
        store.add([did(9, f"v{k}", "", EventType.SEARCH, query="大容量保温壶", id=f"v{k}") for k in range(2)])
        engine = mall._generations
        assert isinstance(engine, Engine)
        made = Suggester(engine, mall, suggest_options(load_settings()), store)
        made.refresh()
        found = {one.text: one for one in made.suggest(SuggestRequest("bw")).suggestions}
        assert "保温杯" in found
        assert [one.text for one in made.suggest(SuggestRequest("drl")).suggestions] == ["大容量保温壶"]
        assert "大容量保温壶" in {one.query for one in made.hot(9).hot}
        reader = engine.serving.reader
        rows = np.array(
            [row for row in range(reader.rows) if "保温" in str(reader.sources(np.array([row]))[0], "utf-8")]
        )
        entries = [(one, 1.0) for one, _ in made._entries(reader, "bw", NOBODY).values()]
        gone = listed(entries, reader.without(rows, epoch=1), lambda _: False, NOBODY, 10, 0)
        assert {one.text for one in gone}.isdisjoint({"保温杯", "大容量保温壶"})

    def test_new_events(self, opened: tuple[Mall, EventStore]) -> None:  # 4
        mall, store = opened
        store.add([did(n, f"w{k}", item) for k in range(2) for n, item in enumerate((B, C))])
        assert [hit.id for hit in mall.also(C, 5).viewed.hits if hit.source is Source.VIEWED] == []
        mall.refresh()
        assert [hit.id for hit in mall.also(C, 5).viewed.hits] == [B]
        assert not mall.refresh(every=3600)
        store.delete("w0")
        mall.refresh()
        assert mall.also(C, 5).viewed.by is By.MEANING
        assert replace(mall.feed(FeedRequest(now=NOW)), took_ms=0) == replace(
            mall.feed(FeedRequest(now=NOW)), took_ms=0
        )
