"""Hits that count where a wish said in words is weighed:

1. What merely shares a word with the query is no hit: the price gives way for cups, though cheap shirts say 妈妈, too.
2. Where enough of what was meant is inside, it stays in force.
3. In a list that is not ranked by relevance it is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from retrieval.engine import Engine
from retrieval.request import SearchRequest
from tests import world

CUPS = {f"c{number:02d}" for number in range(12)}
CHEAP = {f"t{number}" for number in range(5)}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    data_dir = tmp_path_factory.mktemp("worth")
    world.publish(data_dir, rows())
    engine = world.engine(data_dir)
    yield engine
    engine.close()


def rows() -> Iterable[world.Row]:
    """Cups from 120 yuan on, cheap shirts for mothers, and other goods."""
    for number in range(12):
        cup = {"title": f"不锈钢保温杯 款{number}", "category": ["厨具", "保温杯"]}
        yield {"id": f"c{number:02d}", "price": 120 + 10 * number, **cup}
    for number in range(5):
        yield {"id": f"t{number}", "price": 50, "title": f"妈妈装短袖 款{number}", "category": ["女装", "上衣"]}
    for number, thing in enumerate(("炒锅", "绿茶", "衬衫", "耳机", "枕头", "书包", "口红", "台灯") * 4):
        yield {"id": f"o{number:02d}", "title": f"{thing} 款{number}", "price": 500, "category": ["其他", thing]}


def test_words_in_common_are_not_enough(engine: Engine) -> None:  # 1
    answer = engine.search(SearchRequest("送妈妈的保温杯 100元以内", size=50))
    assert answer.understood is not None
    assert (len(answer.understood.applied), len(answer.understood.relaxed)) == (0, 1)
    assert answer.hits[0].id == "c00"  # of the cups, the nearest price
    assert {hit.id for hit in answer.hits} >= CUPS


def test_enough_is_inside(engine: Engine) -> None:  # 2
    answer = engine.search(SearchRequest("送妈妈的保温杯 150元以内", size=50))
    assert answer.understood is not None
    assert (len(answer.understood.applied), len(answer.understood.relaxed)) == (1, 0)
    assert {hit.id for hit in answer.hits} & CUPS == {"c00", "c01", "c02", "c03"}


def test_sorted_lists(engine: Engine) -> None:  # 3
    answer = engine.search(SearchRequest("最便宜的送妈妈的保温杯 100元以内", size=50))
    assert answer.understood is not None
    assert any(name.startswith("price") for name in answer.understood.relaxed)
    assert {hit.id for hit in answer.hits} >= CUPS
    assert all(hit.relevance is not None for hit in answer.hits if hit.id in CUPS)
