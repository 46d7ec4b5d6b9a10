"""The second look, on a small mall, with a reader that counts what a title shares with the query:

1. Of each hit that was read the part is in its score, and all parts sum to it; a hit that was not read has none. As
   many are read as are told, the best.
2. No filter and no order changes the relevance of a product; under a filter as much stands above
   as its facet counted.
3. A search that has no time for it is answered without it, says so, and is not remembered: with time it is whole.
4. A query is read once, whatever the filters, the order and the page.
5. The relevance of what is read follows the weights; of what is not it stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.answer import SearchResponse
from retrieval.deadline import Deadline
from retrieval.engine import Engine
from retrieval.lists.second import FEATURE, SecondLook, SecondOptions
from retrieval.ranking.second_weights import SecondWeights
from retrieval.request import SearchRequest
from retrieval.types import Filters, FloatArray, Sort
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world

DEPTH = 5
WEIGHTS = SecondWeights(order=2.0, centre=0.37, bias=-1.0, first=0.5, read=3.0)
QUERY = "红色连衣裙"


class SharedCharacters:
    """A reader of pairs: the share of the characters of a title that the query has."""

    name = "shared"

    def __init__(self) -> None:
        self.read_so_far: list[tuple[str, int]] = []
        self.slow = False

    def read(self, query: str, titles: Sequence[str], until: Deadline) -> FloatArray | None:
        self.read_so_far.append((query, len(titles)))
        shares = [sum(character in query for character in title) / len(title) for title in titles]
        return None if self.slow else np.array(shares, np.float32)


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("mall")
    world.publish(data_dir, world.products(300))
    return data_dir


def opened(data_dir: Path, second: SecondLook | None) -> Engine:
    settings = world.settings(data_dir)
    return Engine(
        make_backend(settings), world.encoder_of(settings), make_fuser_of(settings), engine_options(settings),
        make_understanding(settings), make_stages(settings), second=second,
    )  # fmt: skip


@pytest.fixture
def reader() -> SharedCharacters:
    return SharedCharacters()


@pytest.fixture
def engine(mall: Path, reader: SharedCharacters) -> Iterator[Engine]:
    engine = opened(mall, SecondLook(reader, WEIGHTS, SecondOptions(DEPTH, kept=10)))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def plain(mall: Path) -> Iterator[Engine]:
    engine = opened(mall, None)
    yield engine
    engine.close()


def all_of(engine: Engine, request: SearchRequest) -> SearchResponse:
    return engine.search(replace(request, size=100, explain=True))


def relevances(answer: SearchResponse) -> dict[str, float | None]:
    return {hit.id: hit.relevance for hit in answer.hits}


def test_its_part_is_in_the_score(engine: Engine) -> None:  # 1
    answer = all_of(engine, SearchRequest(QUERY))
    read = 0
    for hit in answer.hits:
        assert hit.explain is not None
        if hit.explain.features.get("bm25"):
            assert sum(hit.explain.features.values()) == pytest.approx(hit.score, abs=1e-4)
        title = str(hit.source["title"])
        share = sum(character in QUERY for character in title) / len(title)
        part = hit.explain.features[FEATURE]
        assert part in (0.0, pytest.approx(WEIGHTS.order * (share - WEIGHTS.centre), abs=1e-4))
        read += part != 0
    assert read == DEPTH


def test_no_filter_moves_a_product_over_the_divider(engine: Engine, mall: Path) -> None:  # 2
    whole = engine.search(SearchRequest(QUERY, size=100, facets=("brand",)))
    known = relevances(whole)
    assert len(whole.facets["brand"]) > 1
    fresh = opened(mall, SecondLook(SharedCharacters(), WEIGHTS, SecondOptions(DEPTH, kept=10)))
    for value in whole.facets["brand"]:
        part = SearchRequest(QUERY, Filters({"brand": (value.value,)}), size=100)
        assert fresh.search(part).total.value == value.count
        for sort in (Sort.RELEVANCE, Sort.PRICE_ASC):
            hits = fresh.search(replace(part, sort=sort)).hits
            assert all(known[hit.id] == hit.relevance for hit in hits if hit.id in known)
    fresh.close()


def test_without_time_it_is_left_out(engine: Engine, plain: Engine, reader: SharedCharacters) -> None:  # 3
    reader.slow = True
    late = all_of(engine, SearchRequest(QUERY))
    assert late.degraded == (SecondLook.name,)
    expected = all_of(plain, SearchRequest(QUERY))
    assert [(hit.id, hit.score, hit.relevance) for hit in late.hits] == [
        (hit.id, hit.score, hit.relevance) for hit in expected.hits
    ]
    reader.slow = False
    whole = all_of(engine, SearchRequest(QUERY))
    assert whole.degraded == ()
    assert any(hit.explain and hit.explain.features.get(FEATURE) for hit in whole.hits)


def test_who_is_hurried_gets_what_is_remembered(engine: Engine, reader: SharedCharacters) -> None:  # 3
    assert SecondLook.name in engine.search(SearchRequest(QUERY, hurried=True)).degraded
    assert reader.read_so_far == []


def test_a_query_is_read_once(engine: Engine, reader: SharedCharacters) -> None:  # 4
    first = engine.search(SearchRequest(QUERY, size=3))
    engine.search(SearchRequest(QUERY, sort=Sort.SALES))
    engine.search(SearchRequest(QUERY, Filters({"brand": ("花田",)})))
    engine.search(SearchRequest(QUERY, size=3, cursor=first.next_cursor))
    assert reader.read_so_far == [(QUERY, DEPTH)]


def test_relevance_follows_the_weights(engine: Engine, plain: Engine) -> None:  # 5
    before = relevances(all_of(plain, SearchRequest(QUERY)))
    read = {}
    for hit in all_of(engine, SearchRequest(QUERY)).hits:
        first, now = before[hit.id], hit.relevance
        assert hit.explain is not None
        part = hit.explain.features.get(FEATURE)
        if not part:
            assert now == first
            continue
        assert first is not None
        assert now is not None
        z = part / WEIGHTS.order + WEIGHTS.centre
        logit = WEIGHTS.bias + WEIGHTS.first * np.log(first / (1 - first)) + WEIGHTS.read * z
        read[hit.id] = (now, 1 / (1 + np.exp(-logit)))
    assert len(read) == DEPTH
    assert [now for now, _ in read.values()] == pytest.approx([said for _, said in read.values()], abs=2e-3)
