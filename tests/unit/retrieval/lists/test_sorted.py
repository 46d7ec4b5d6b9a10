"""A list sorted by something else than relevance:

1. It leaves out what is surely of another category: sorted by price, phones come and not their cases.
2. Ordered by relevance, the others stay in the list.
3. Who filters by another category than the likely one means it.
4. Where the query names no thing, nothing is left out, however sure its category is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.types import Filters, Sort
from tests import world

UMBRELLAS = {f"u{number}" for number in range(3)}
GOWNS = {f"g{number:02d}" for number in range(30)}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    data_dir = tmp_path_factory.mktemp("sorted")
    world.publish(data_dir, rows())
    engine = world.engine(data_dir)
    yield engine
    engine.close()


def rows() -> Iterable[world.Row]:
    """Thirty gowns from 100 yuan on, three cheaper umbrellas that go with them and say so, and other goods."""
    for number in range(30):
        gown = {"title": f"红色汉服 款{number}", "category": ["女装", "汉服"]}
        yield {"id": f"g{number:02d}", "price": 100 + number, **gown}
    for number in range(3):
        yield {"id": f"u{number}", "title": f"油纸伞 配红色汉服 {number}", "price": 9, "category": ["家居", "雨伞"]}
    for number, thing in enumerate(("炒锅", "绿茶", "衬衫", "耳机", "枕头", "书包", "口红", "台灯") * 4):
        yield {"id": f"o{number:02d}", "title": f"{thing} 款{number}", "price": 50, "category": ["其他", thing]}


def found(engine: Engine, query: str, sort: Sort, filters: Filters | None = None) -> list[str]:
    return [hit.id for hit in engine.search(SearchRequest(query, filters or Filters(), sort, size=100)).hits]


@pytest.mark.parametrize("sort", [Sort.PRICE_ASC, Sort.SALES])
def test_other_categories_are_left_out(engine: Engine, sort: Sort) -> None:  # 1
    assert set(found(engine, "汉服", sort)) == GOWNS
    assert found(engine, "汉服", Sort.PRICE_ASC)[0] == "g00"
    assert set(found(engine, "最便宜的汉服", Sort.RELEVANCE)) == GOWNS


def test_they_stay_behind(engine: Engine) -> None:  # 2
    assert set(found(engine, "汉服", Sort.RELEVANCE)) >= GOWNS | UMBRELLAS


def test_a_filter_is_meant(engine: Engine) -> None:  # 3
    umbrellas = Filters({"category": ("家居/雨伞",)})
    assert set(found(engine, "汉服", Sort.PRICE_ASC, umbrellas)) == UMBRELLAS


def test_no_thing_is_named(engine: Engine) -> None:  # 4
    assert set(found(engine, "红色", Sort.PRICE_ASC)) >= UMBRELLAS
