"""A list sorted by something else than relevance:

1. What is surely of another department stands under the divider: sorted by price, gowns come and not umbrellas.
2. So it does in a list by relevance, and whatever is filtered by; a total does not count it.
3. Where the query names no thing, or a present, nothing is of another department, however sure its category is.
4. A price that is said gives way where only such goods have it.
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
        yield {"id": f"u{number}", "title": f"油纸雨伞 配红色汉服 {number}", "price": 9, "category": ["家居", "雨伞"]}
    for number in range(3):
        yield {"id": f"b{number}", "title": f"生日礼物 款{number}", "price": 70, "category": ["礼品", "生日礼物"]}
    for number, thing in enumerate(("炒锅", "绿茶", "衬衫", "耳机", "枕头", "书包", "口红", "台灯") * 4):
        yield {"id": f"o{number:02d}", "title": f"{thing} 款{number}", "price": 50, "category": ["其他", thing]}


def above(engine: Engine, query: str, sort: Sort, filters: Filters | None = None) -> tuple[list[str], set[str]]:
    """What stands above the divider, in order, and what under it."""
    answer = engine.search(SearchRequest(query, filters or Filters(), sort, size=100))
    answers = [hit.id for hit in answer.hits if not hit.near]
    assert answer.total.value == len(answers)
    return answers, {hit.id for hit in answer.hits if hit.near}


@pytest.mark.parametrize("sort", [Sort.PRICE_ASC, Sort.SALES])
def test_other_departments_are_near(engine: Engine, sort: Sort) -> None:  # 1
    answers, near = above(engine, "汉服", sort)
    assert set(answers) == GOWNS
    assert near >= UMBRELLAS
    assert above(engine, "汉服", Sort.PRICE_ASC)[0][0] == "g00"
    assert set(above(engine, "最便宜的汉服", Sort.RELEVANCE)[0]) == GOWNS


def test_in_any_list(engine: Engine) -> None:  # 2
    answers, near = above(engine, "汉服", Sort.RELEVANCE)
    assert set(answers) == GOWNS
    assert near >= UMBRELLAS
    umbrellas = Filters({"category": ("家居/雨伞",)})
    assert above(engine, "汉服", Sort.PRICE_ASC, umbrellas) == ([], UMBRELLAS)


def test_no_thing_is_named(engine: Engine) -> None:  # 3
    answers, _ = above(engine, "红色", Sort.PRICE_ASC)
    assert set(answers) >= UMBRELLAS


def test_a_price_gives_way(engine: Engine) -> None:  # 4
    answer = engine.search(SearchRequest("50元以下的汉服", size=5))
    assert {hit.id for hit in answer.hits} <= GOWNS
    assert answer.understood is not None
    assert answer.understood.relaxed


def test_a_present_is_no_thing(engine: Engine) -> None:  # 3
    def elsewhere(query: str) -> frozenset[str]:
        understood = engine.search(SearchRequest(query)).understood
        assert understood is not None
        return frozenset(understood.plan.elsewhere)

    assert "雨伞" in elsewhere("汉服")
    assert elsewhere("生日礼物") == frozenset()
