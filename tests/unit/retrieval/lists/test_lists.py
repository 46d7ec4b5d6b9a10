"""Lists of one catalogue under different filters:

1. What the catalogue has no answer to, no part of it has: each filtered list is denied with the whole one, whatever the
   order.
   Of what it has an answer to, a filter shows what the whole list has of it above and under the divider, however poor
   that part is, and what stands above is what was counted.
2. An empty list promises as many hits without a condition as there are then, in the order in force; none where the
   whole is denied.
3. Without vectors, or where they are late, the closer look is that for words alone: the same scores, and no part of
   them is of meaning.
4. What is examined is what would be looked at, the best by the fused score first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from retrieval.answer import SearchResponse
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.types import EVERYTHING, Filters, Sort
from tests import world
from tests.unit.retrieval.lists.test_sorted import rows

UNKNOWN = ("茅台酒", "自行车", "怎么炒股票", "qwzx")
PLACES = (EVERYTHING, *(Filters({"category": (path,)}) for path in ("女装", "其他", "其他/台灯", "家居/雨伞")))
BY_MEANING = {"cosine", "cosine_deviation"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    data_dir = tmp_path_factory.mktemp("denied")
    world.publish(data_dir, rows())
    engine = world.engine(data_dir)
    yield engine
    engine.close()


def totals(engine: Engine, query: str, sorts: Iterable[Sort] = Sort) -> set[int]:
    return {engine.search(SearchRequest(query, where, sort)).total.value for where in PLACES for sort in sorts}


@pytest.mark.parametrize("query", UNKNOWN)
def test_a_part_is_denied_with_the_whole(engine: Engine, query: str) -> None:  # 1
    assert totals(engine, query, (Sort.RELEVANCE, Sort.PRICE_ASC)) == {0}


@pytest.mark.parametrize("query", ["红色雨伞", "红色汉服", "汉服 台灯", "红色口红"])
def test_a_part_is_not_denied_for_itself(engine: Engine, query: str) -> None:  # 1
    """Of a red umbrella there are umbrellas and red gowns; lipsticks, which are merely red, are no answer alone."""
    whole = engine.search(SearchRequest(query, size=100, facets=("category",)))
    counted = {value.value: value.count for value in whole.facets["category"]}
    categories = {"/".join(hit.source["category"]) for hit in whole.hits}
    assert len(categories) > 1
    for path in categories:
        part = engine.search(SearchRequest(query, Filters({"category": (path,)})))
        sides = [hit.near for hit in whole.hits if "/".join(hit.source["category"]) == path]
        assert (part.total.value, part.near) == (sides.count(False), sides.count(True))
        assert part.total.value == counted.get(path, 0)


@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.PRICE_ASC])
@pytest.mark.parametrize("query", ["红色汉服", "汉服", "台灯", "最便宜的红色汉服", *UNKNOWN])
def test_what_is_promised_is_there(engine: Engine, query: str, sort: Sort) -> None:  # 2
    asked = SearchRequest(query, Filters({"brand": ("没有",)}, in_stock=True), sort)
    answer = engine.search(asked)
    promised = {cause.action.drop_filters: cause.hits_without for cause in answer.understood.autopsy.causes}
    assert (("brand",) in promised) == (query not in UNKNOWN)
    for dropped, hits in promised.items():
        if hits is not None:
            assert dropped == ("brand",)
            assert engine.search(replace(asked, filters=Filters(in_stock=True))).total.value == hits > 0


def parts(answer: SearchResponse) -> set[str]:
    """Features that made the scores."""
    return {name for hit in answer.hits if hit.explain for name in hit.explain.features}


def test_words_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    asked = SearchRequest("红色汉服", explain=True, size=50)
    words = engine.search(replace(asked, channels=("lexical",)))
    assert parts(words) & BY_MEANING == set()
    both = engine.search(asked)
    assert parts(both) & BY_MEANING

    def fail(*_: object) -> None:
        raise RuntimeError("no memory left")

    monkeypatch.setattr("retrieval.encoders.caching.QueryCache.read_queries", fail)
    late = engine.search(replace(asked, query="红色 汉服"))
    assert late.degraded == ("semantic",)
    words = engine.search(replace(asked, query="红色 汉服", channels=("lexical",)))
    assert [(hit.id, hit.score) for hit in late.hits] == [(hit.id, hit.score) for hit in words.hits]
    assert parts(late) & BY_MEANING == set()


def test_what_is_examined(engine: Engine) -> None:  # 4
    examined = engine.examine("红色汉服")
    looked = [hit for hit in engine.search(SearchRequest("红色汉服", size=100)).hits if hit.relevance is not None]
    assert set(examined.ids) >= {hit.id for hit in looked}
    bm25 = examined.features["bm25"].tolist()
    assert bm25[0] == max(bm25) > bm25[-1]
