"""The engine as a whole, on a small shop:

1. Spreading by shop moves hits of a page, and the answer says which; scores stay what they are.
2. A list by price or sales has the first of all that match, however many those are.
3. A product is told with the generation that it was read from.
4. An embedded search whose time is up ends with one clear error.
5. To examine a query leaves nothing behind.
6. Searches of the served generation do not wait while another one is opened.
7. The query of a search that still waits is encoded once, before the search; of one that goes on, or asks for words
   alone, nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from configs.settings import Settings
from retrieval.encoders.hashing import HashingEncoder
from retrieval.engine import Engine
from retrieval.errors import DeadlineExceeded
from retrieval.protocols import IndexReader
from retrieval.ranking.stage import Stages
from retrieval.request import SearchRequest
from retrieval.types import FloatArray, Sort
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world

MANY, DEPTH = 60, 20
PATIENCE_S = 30


def rows() -> Iterable[world.Row]:
    """Sixty cups that say the same, most of one shop; the best by words are neither the cheapest nor the best sold."""
    for number in range(MANY):
        yield {
            "id": f"c{number:02d}", "title": "保温杯" + " 不锈钢" * (number < DEPTH), "price": 100 + number,
            "sales_30d": number, "shop": {"id": "s1" if number % 5 else f"s{number}", "name": "店"},
        }  # fmt: skip
    yield {"id": "cheap", "title": "保温杯 大容量 便携 学生 户外 运动 车载 办公", "price": 1, "sales_30d": 1}
    yield {"id": "sold", "title": "保温杯 大容量 便携 学生 户外 运动 车载 办公", "price": 200, "sales_30d": 9999}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("shop")
    world.publish(data_dir, rows())
    return data_dir


def opened(settings: Settings, **parts: Any) -> Engine:
    return Engine(
        make_backend(settings), world.encoder_of(settings), make_fuser_of(settings), engine_options(settings),
        make_understanding(settings), **{"stages": make_stages(settings), **parts},
    )  # fmt: skip


@pytest.fixture
def engines(shop: Path) -> Iterator[Any]:
    made: list[Engine] = []

    def make(*overrides: str, **parts: Any) -> Engine:
        made.append(opened(world.settings(shop, *overrides), **parts))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


def test_spread_moves_hits(engines: Any) -> None:  # 1
    ask = SearchRequest("保温杯", size=10, explain=True)
    plain = engines("ranking.collapse=false").search(ask)
    spread = engines("ranking.collapse=false", "ranking.spread_window=5", "ranking.spread_most=2").search(ask)
    for start in (0, 5):
        shops = [hit.source.get("shop", {}).get("id") for hit in spread.hits[start : start + 5]]
        assert shops.count("s1") <= 2
    assert [hit.source.get("shop", {}).get("id") for hit in plain.hits[:5]].count("s1") > 2
    assert "spread" in {hit.explain.placed for hit in spread.hits}
    assert {hit.explain.placed for hit in plain.hits} == {"score"}
    before = {hit.id: hit.score for hit in plain.hits}
    assert [
        (hit.score, before[hit.id]) for hit in spread.hits if hit.id in before and hit.score != before[hit.id]
    ] == []
    assert spread.total == plain.total


@pytest.mark.parametrize(
    ("sort", "first"), [(Sort.PRICE_ASC, "cheap"), (Sort.SALES, "sold"), (Sort.PRICE_DESC, "sold")]
)
def test_the_first_of_all(engines: Any, sort: Sort, first: str) -> None:  # 2
    cut = engines(f"search.depth={DEPTH}", "search.semantic_depth=0", "search.enough=5")
    answer = cut.search(SearchRequest("保温杯", sort=sort, size=5))
    assert (answer.hits[0].id, answer.total.relation, answer.query.match) == (first, "gte", "all")
    assert first not in {hit.id for hit in cut.search(SearchRequest("保温杯", size=DEPTH)).hits}


def test_a_product_names_its_generation(engines: Any) -> None:  # 3
    engine = engines()
    found = engine.product("cheap")
    assert (found.generation, found.record["price"]) == (engine.generation, 1)


def test_time_is_up(engines: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    engine = engines()
    engine.search(SearchRequest("保温杯"))  # what was recalled is remembered
    monkeypatch.setattr("retrieval.deadline.Deadline.remaining", lambda self: 0.0 if self.at else None)
    with pytest.raises(DeadlineExceeded) as late:
        engine.search(SearchRequest("保温杯", sort=Sort.SALES, timeout_ms=10_000))
    assert late.value.field == "timeout_ms"


def test_examining_leaves_nothing(engines: Any) -> None:  # 5
    engine = engines()
    before = engine.status()
    examined = engine.examine("保温杯")
    assert len(examined.ids) == len(set(examined.ids)) > MANY
    assert {len(values) for values in examined.features.values()} == {len(examined.ids)}
    assert engine.status() == before


def test_encoded_while_it_waits(engines: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # 7
    engine, encoded, done = engines(), list[str](), Event()
    encode = HashingEncoder.encode_queries

    def noting(self: HashingEncoder, texts: Sequence[str]) -> FloatArray:
        encoded.extend(texts)
        try:
            return encode(self, texts)
        finally:
            done.set()

    monkeypatch.setattr(HashingEncoder, "encode_queries", noting)
    request = SearchRequest(" 红色  保温杯")
    engine.ahead(SearchRequest("蓝色", cursor="anything"), SearchRequest("绿色", channels=("lexical",)), request)
    assert done.wait(PATIENCE_S)
    engine.search(request)
    assert encoded == ["红色 保温杯"] * 2  # ahead, and by the search: nothing remembers vectors here


def test_opening_holds_nobody_up(tmp_path: Path) -> None:  # 6
    settings = world.settings(tmp_path)
    world.publish(tmp_path, rows())
    begun, go_on, usual = Event(), Event(), make_stages(settings)
    slow = False

    def stages(reader: IndexReader) -> Stages | None:
        if slow:
            begun.set()
            assert go_on.wait(PATIENCE_S)
        return usual(reader)

    engine = opened(settings, stages=stages)
    old, slow = engine.generation, True
    world.publish(tmp_path, rows())
    refreshing = Thread(target=engine.refresh)
    refreshing.start()
    assert begun.wait(PATIENCE_S)
    answer = engine.search(SearchRequest("不锈钢 保温杯"))
    assert (answer.generation, len(answer.hits)) == (old, 20)
    go_on.set()
    refreshing.join(PATIENCE_S)
    assert engine.generation != old
    engine.close()
