"""Suggestions over a small mall, as a service gives them:

1. What is typed is completed by what the catalogue taught, and every line finds something above the divider.
2. What shoppers ask now is offered once a search has found something for it, and goes before what nobody asked.
3. A take-down takes away, at once, what it forbids to say, and what finds nothing any more.
4. What finds the same stands once; what is surely of a category is offered within it, too.
5. The own queries and interests of a shopper go first, for that shopper alone, and not where nothing may be read.
6. The hot list has what rises; shade words are what others asked beside the own queries, then what is liked, then hot.
7. What is nobody's business is completed where it was typed, and never offered unasked.
8. Queries that go with a query are offered once they are known to find something, by a title or by a search.
9. Without a store, a taste, or what a generation taught, there is less and nothing fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.answer import SearchResponse, Total
from retrieval.engine import Engine
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.mall.mall import Mall
from retrieval.request import SearchRequest
from retrieval.suggest.answer import Because, LookedUp, SuggestRequest, Trend
from retrieval.suggest.answered import DOUBTFUL, Answered
from retrieval.suggest.entry import Kind
from retrieval.suggest.suggester import Suggester
from retrieval.takedowns.bans import Bans
from retrieval.takedowns.desk import TakeDownDesk
from retrieval.takedowns.takedown import Kind as TakeDownKind
from retrieval.takedowns.takedown import Reason, TakeDown
from retrieval.types import Filters
from retrieval.wiring.options import mall_options, suggest_options
from retrieval.wiring.places import open_journal
from retrieval.wiring.takedowns import takedown_desk
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.shop import NOW, did

ASKED = ("白色保温杯", "红色连衣裙")
"""Two words each: the catalogue does not know them as one name."""


def searches(query: str, who: range, ago: int = 0) -> list[ShopperEvent]:
    return [did(3000 - ago, f"u{n}", "", EventType.SEARCH, query=query, id=f"{query}{n}{ago}") for n in who]


def mine(query: str, who: str = "me") -> ShopperEvent:
    return did(0, who, "", EventType.SEARCH, query=query)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suggested")
    world.publish(folder, world.products(150))
    return folder


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    engine = world.engine(folder)
    yield engine
    engine.close()


@pytest.fixture
def desk(folder: Path, engine: Engine) -> TakeDownDesk:
    return takedown_desk(open_journal(world.settings(folder)), engine)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteEventStore]:
    store = SqliteEventStore(tmp_path / "events.db")
    store.add([*searches(ASKED[0], range(4)), *searches(ASKED[1], range(3, 6)), *searches("没有的东西", range(5))])
    yield store
    store.close()


def suggester(
    engine: Engine, store: SqliteEventStore | None = None, taste: FakeTaste | None = None, bans: Bans | None = None,
    forbids: str = "\0",
) -> Suggester:  # fmt: skip
    settings = world.settings(Path())
    mall = Mall(engine, mall_options(settings), store, taste, lambda text: forbids in text)
    mall.refresh()
    made = Suggester(engine, mall, suggest_options(settings), store, taste, bans, lambda text: forbids in text)
    made.refresh()
    return made


def lines(of: Suggester, typed: str, user: str = "", size: int = 10) -> list[str]:
    found = of.suggest(SuggestRequest(typed, user, size=size, now=NOW))
    return [one.text for one in found.suggestions if not one.category]


def test_completions(engine: Engine) -> None:  # 1
    made = suggester(engine)
    for typed in ("保", "bwb", "bao温", "l", "花田", "nord", "宝温杯", "s"):
        found = made.suggest(SuggestRequest(typed)).suggestions
        assert found, typed
        for one in found:
            keywords = {"category": (one.category,)} if one.category else {"shop": (one.shop,)} if one.shop else {}
            answer = engine.search(SearchRequest(one.query, filters=Filters(keywords), size=1))
            assert answer.total.value, one
    assert lines(made, "bao温") == lines(made, "保温") == lines(made, "宝温杯") == ["保温杯"]
    assert made.suggest(SuggestRequest(" ")).suggestions == ()


def test_a_dead_end(engine: Engine) -> None:  # 1
    dead: list[str] = []

    def search(request: SearchRequest) -> SearchResponse:
        found = engine.search(request)
        return replace(found, hits=(), total=Total(0, "eq")) if request.query in dead else found

    settings, answered = world.settings(Path()), Answered(search)
    made = Suggester(engine, Mall(engine, mall_options(settings)), suggest_options(settings), answered=answered)
    dead += lines(made, "保温")[:1]
    assert lines(made, "保温") == ["保温杯"] == dead
    made.refresh()
    assert lines(made, "保温") == []
    reader, table = engine.serving.reader, answered.table(engine.serving.reader)
    assert table is not None
    doubtful = [one for one in map(table.__getitem__, range(len(table))) if one.found <= DOUBTFUL and not one.shop]
    for _ in range(len(doubtful)):
        made.refresh()
    assert all(answered.found.known(reader, one.text) is not None for one in doubtful)


def test_few_titles(engine: Engine) -> None:  # 1
    made = suggester(engine)
    table = made._answered.table(engine.serving.reader)
    assert table is not None
    entries = [table[place] for place in range(len(table))]
    few = next(one for one in entries if one.found == 1 and engine.search(SearchRequest(one.text)).total.value)
    assert few.text not in lines(made, few.text)
    made.looked_up()
    made.refresh()
    assert few.text in lines(made, few.text)
    assert made.looked_up().found >= 1
    assert made.looked_up() == LookedUp()


def test_asked_now(engine: Engine, store: SqliteEventStore) -> None:  # 2
    made = suggester(engine, store)
    assert lines(made, "bsb") == lines(made, "白")[:1] == [ASKED[0]]
    assert lines(made, "没") == []
    assert not made.refresh(every=1e6)
    store.add(searches("蓝色衬衫", range(4)))
    assert made.refresh() is True
    assert "蓝色衬衫" in lines(made, "蓝")


def test_taken_down(engine: Engine, store: SqliteEventStore, desk: TakeDownDesk) -> None:  # 3
    made = suggester(engine, store, bans=engine.bans)
    found = engine.search(SearchRequest(ASKED[0], size=50))
    gone = [hit.id for hit in found.hits if not hit.near]
    assert lines(made, "bsb") == [ASKED[0]]
    products = [TakeDown(TakeDownKind.PRODUCT, id, Reason.OTHER) for id in gone]
    desk.add(products, "me")
    assert (lines(made, "bsb"), made.hot(5).hot[0].query) == ([], ASKED[1])
    desk.restore([each.target for each in products], "me")
    assert lines(made, "bsb") == [ASKED[0]]
    said = TakeDown(TakeDownKind.WORD, "红色", Reason.OTHER)
    desk.add([said], "me")
    assert [one.query for one in made.hot(5).hot] == [ASKED[0]]
    assert not any("红色" in line for line in lines(made, "h", size=50))
    desk.restore([said.target], "me")


def test_once(engine: Engine) -> None:  # 4
    made = suggester(engine)
    found = made.suggest(SuggestRequest("法式")).suggestions
    assert len({one.text for one in found}) == len([one for one in found if not one.category])
    inside = made.suggest(SuggestRequest("连衣")).suggestions[:2]
    assert [(one.text, one.category) for one in inside] == [("连衣裙", ""), ("连衣裙", "女装/裙装")]


def test_shoppers(engine: Engine) -> None:  # 5
    taste = FakeTaste({"tea": {"龙井茶": 0.9}}, frozenset({"shy"}), events=(mine("绿茶"), mine("绿茶", "shy")))
    made = suggester(engine, taste=taste)
    anybody, liked = lines(made, "l"), lines(made, "l", "tea")
    assert anybody[0] != "绿茶" == lines(made, "l", "me")[0]
    assert liked.index("龙井茶") < anybody.index("龙井茶")
    assert lines(made, "l", "shy") == anybody
    found = made.suggest(SuggestRequest("l", "me", now=NOW)).suggestions
    assert {one.text for one in found if one.own} == {"绿茶"}
    assert [one.own for one in made.suggest(SuggestRequest("绿", "me", personalize=False, now=NOW)).suggestions][
        :1
    ] == [False]


def test_own_queries(engine: Engine) -> None:  # 5
    made = suggester(engine, taste=FakeTaste(events=(mine("保温杯小蚁"), mine("没有的东西"))))
    assert "保温杯小蚁" not in lines(made, "保温杯小", "me")
    made.refresh()
    assert (lines(made, "保温杯小", "me"), lines(made, "没有", "me")) == (["保温杯小蚁"], [])
    assert "保温杯小蚁" not in lines(made, "保温杯小")


def test_unasked(engine: Engine, store: SqliteEventStore) -> None:  # 6
    store.add([did(2990, f"u{n}", "", EventType.SEARCH, query="炒锅", id=f"c{n}") for n in range(3)])
    taste = FakeTaste({"me": {"龙井茶": 0.9}}, events=(mine(ASKED[0]),))
    made = suggester(engine, store, taste)
    hot = made.hot(10).hot
    assert {one.query for one in hot} == {*ASKED, "炒锅"}
    assert (hot[0].query, hot[0].trend) == (ASKED[0], Trend.NEW)
    words = made.shade(SuggestRequest("", "me", now=NOW)).words
    assert [(one.query, one.because) for one in words[:2]] == [("炒锅", Because.RELATED), ("龙井茶", Because.INTEREST)]
    assert ASKED[0] not in {one.query for one in words}
    everybody = made.shade(SuggestRequest("")).words
    assert [one.query for one in everybody] == [one.query for one in hot]


def test_sensitive(engine: Engine, store: SqliteEventStore) -> None:  # 7
    made = suggester(engine, store, forbids="保温")
    assert lines(made, "bwb") == []
    assert not any("保温" in line for line in lines(made, "b"))
    assert lines(made, "保温") == ["保温杯"]
    assert [one.query for one in made.hot(10).hot] == [ASKED[1]]


def test_less(engine: Engine, store: SqliteEventStore, monkeypatch: pytest.MonkeyPatch) -> None:  # 9
    assert suggester(engine).hot(5).hot == ()
    monkeypatch.setattr("retrieval.suggest.answered.ATTACHMENT", "none")
    made = suggester(engine, store)
    assert lines(made, "bsb") == [ASKED[0]]
    assert made.suggest(SuggestRequest("法式")).suggestions == ()


def test_kinds(engine: Engine) -> None:  # 1
    made = suggester(engine)
    shop = next(one for one in made.suggest(SuggestRequest("花田")).suggestions if one.kind is Kind.SHOP)
    assert (shop.text, shop.shop) == (shop.shop, shop.text)
    assert replace(shop, query="x") != shop


def test_related(engine: Engine, store: SqliteEventStore) -> None:  # 8
    events = [did(3000, f"u{n}", "", EventType.SEARCH, query=query, id=f"{query}{n}r") for n in range(4)
              for query in (ASKED[0], "没有的东西", "杯")]  # fmt: skip
    store.add(events)
    settings, answered = world.settings(Path()), Answered(engine.search)
    whatever, mall = (
        Mall(engine, mall_options(settings), store, answers=answers) for answers in (lambda *_: True, answered.finds)
    )
    made = Suggester(engine, mall, suggest_options(settings), store, answered=answered)
    for each in (whatever, mall):
        each.refresh()
    queries = [one.query for one in whatever.related(ASKED[0], 10).related]
    assert "没有的东西" in queries
    assert "没有的东西" not in [one.query for one in mall.related(ASKED[0], 10).related]
    made.refresh()
    found = [one.query for one in mall.related(ASKED[0], 10).related]
    assert found == [query for query in queries if engine.search(SearchRequest(query)).total.value]
    assert found
