"""What the mall promises over every backend and store of events:

1. A feed pages to its end without a thing twice, in stock, of the asked category; for nobody and for somebody.
2. Somebody's interests, and what goes with what was looked at, come first; due things come, done ones do not.
3. Things like a thing are the nearest; with it are those that the crowd chose with it; queries like it are the crowd's.
4. What was learned is followed: new events count after the next refresh, deleted shoppers no more.
5. What is typed is completed by what the generation taught, and by what shoppers ask; what is gone stands for nothing.
6. Channels count what is in stock, level by level; the page of one has its facets, and its own feed.
7. A shop is found by its id and its name, with what is its own and in stock; what is not there has no page.
8. A campaign pages through its goods in its order, each once, and counts them; a search that means it marks them.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from configs.settings import Settings, load_settings
from indexer.learning.opening import make_learner
from indexer.rebuild import rebuild
from indexer.rules.publish import publish
from retrieval.engine import Engine
from retrieval.errors import NotFound
from retrieval.interest.event import EventType
from retrieval.interest.store import EventStore
from retrieval.mall.answer import By, FeedRequest, QuerySource, Source
from retrieval.mall.mall import Mall
from retrieval.mall.pages import CampaignRequest, CampaignsRequest, ShopRequest
from retrieval.ranking.quality import quality_band
from retrieval.request import SearchRequest
from retrieval.rules.book import RuleBook
from retrieval.suggest.answer import SuggestRequest
from retrieval.suggest.choose import listed
from retrieval.suggest.shopper import NOBODY
from retrieval.suggest.suggester import Suggester
from retrieval.types import Filters
from retrieval.wiring import make_analyzer, open_engine
from retrieval.wiring.options import mall_options, suggest_options
from retrieval.wiring.places import make_backend, open_events, open_journal
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

SALE = {
    "id": "sale", "name": "双11", "label": "价保", "words": "双11", "order": "price_asc",
    "products": [{"category": "厨具/锅具"}, {"ids": ["nobody"]}],
}  # fmt: skip
ON_SALE = [i for i in IN_STOCK if ROWS[i].get("category", []) == ["厨具", "锅具"]]


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
        book = RuleBook(open_journal(settings))
        publish(book, {"rules": [], "campaigns": [SALE]}, by="t", note="", now=0.0)
        book.journal.close()
        store.add(CROWD)
        options = mall_options(settings)
        options = replace(options, feed=replace(options.feed, explore=0.0))
        mall = Mall(engine, options, store, FakeTaste({"me": {"红色": 0.9}}, events=MINE), rules=lambda: engine.rules)
        mall.refresh()
        yield mall, store
        engine.close()
        store.close()

    @pytest.fixture
    def mall(self, opened: tuple[Mall, EventStore]) -> Mall:
        return opened[0]

    @pytest.fixture
    def engine(self, mall: Mall) -> Engine:
        assert isinstance(mall._generations, Engine)
        return mall._generations

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

    def test_channels(self, mall: Mall) -> None:  # 6
        tree = mall.channels(FeedRequest(now=NOW))
        counted = Counter("/".join(ROWS[i]["category"][:2]) for i in IN_STOCK if "category" in ROWS[i])
        assert {one.category: one.count for each in tree.channels for one in each.channels} == counted
        assert tree.counted.total == len(IN_STOCK)
        assert [each.demand for each in tree.channels] == sorted((each.demand for each in tree.channels), reverse=True)
        page = mall.channels(FeedRequest(category="女装", size=1000, now=NOW))
        own = [ROWS[i] for i in IN_STOCK if ROWS[i].get("category", [""])[0] == "女装"]
        brands = Counter(row["brand"] for row in own if "brand" in row)
        assert {one.value: one.count for one in page.counted.facets["brand"]} == brands
        bands = Counter(filter(None, map(quality_band, own)))
        assert {one.value: one.count for one in page.counted.facets["quality"]} == bands
        assert page.counted.total == len(own) == sum(each.count for each in page.channels)
        assert page.feed is not None
        assert {hit.id for hit in page.feed.hits} <= {row["id"] for row in own}

    def test_shops(self, mall: Mall) -> None:  # 7
        name, _ = Counter(row["shop"]["name"] for row in ROWS.values() if "shop" in row).most_common(1)[0]
        own = [i for i in IN_STOCK if ROWS[i].get("shop", {}).get("name") == name]
        page = mall.shop(ShopRequest(name, size=1000, now=NOW))
        assert (page.shop.name, page.total) == (name, len(own))
        dated = {i: ROWS[i]["created_at"] for i in own if "created_at" in ROWS[i]}
        assert {hit.id for hit in page.best} <= set(own)
        assert [hit.id for hit in page.newest] == sorted(dated, key=lambda i: -dated[i])
        with pytest.raises(NotFound):
            mall.shop(ShopRequest("nobody", now=NOW))

    def test_campaigns(self, mall: Mall, engine: Engine) -> None:  # 8
        assert [(one.campaign.id, one.total) for one in mall.campaigns(CampaignsRequest()).campaigns] == [
            ("sale", len(ON_SALE))
        ]
        first = mall.campaign(CampaignRequest("sale", size=2))
        second = mall.campaign(CampaignRequest("sale", size=1000, offset=2))
        prices = {i: ROWS[i].get("price", math.inf) for i in ON_SALE}
        assert [hit.id for hit in (*first.hits, *second.hits)] == sorted(ON_SALE, key=lambda i: (prices[i], i))
        assert (first.next_offset, second.next_offset, first.counted.total) == (2, None, len(ON_SALE))
        meant = engine.search(SearchRequest("双11", size=100))
        assert [hit.id for hit in meant.hits] == [hit.id for hit in (*first.hits, *second.hits)]
        answer = engine.search(SearchRequest("双11 锅", size=100))
        assert answer.rules is not None
        assert answer.rules.campaign.id == "sale"
        marked = {hit.id for hit in answer.hits if hit.campaign == "价保"}
        assert (
            marked == {hit.id for hit in answer.hits if ROWS[hit.id].get("category", []) == ["厨具", "锅具"]} != set()
        )

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
        assert made.suggest(SuggestRequest("drl")).suggestions[0].text == "大容量保温壶"
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
