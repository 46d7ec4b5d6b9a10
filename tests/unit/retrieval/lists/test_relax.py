"""The list of a request:

1. Constraints filter and order it, and say that they are applied.
2. One that leaves too little gives way and is named; the others stay in force.
3. The caller's own filter never gives way.
4. Where giving way does not help, nothing gives way.
5. The same request gives the same list, made once.
6. Where nobody looks closely, every hit counts.

The rules of giving way are in test_giving_way.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.types import Filters, Sort
from retrieval.understanding.plan import Understood
from retrieval.wiring import open_engine
from tests import world


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("lists")
    world.publish(data_dir, rows())
    return data_dir


@pytest.fixture(scope="module")
def engine(data_dir: Path) -> Iterator[Engine]:
    engine = world.engine(data_dir)
    yield engine
    engine.close()


def rows() -> Iterable[world.Row]:
    """Twelve cups at 10, 20, … 120 yuan; the dearest three without postage, one of steel among them."""
    for number in range(1, 13):
        dear = number > 9
        yield {
            "id": f"c{number:02d}", "title": f"保温杯 {'不锈钢' if number == 12 else '塑料'} 款{number}",
            "price": number * 10, "services": [] if dear else ["包邮"], "sales_30d": number, "brand": "云杉",
            "category": ["厨具", "杯子"],
        }  # fmt: skip


def answer(engine: Engine, query: str, **given: object) -> tuple[list[str], Understood]:
    response = engine.search(replace(SearchRequest(query, size=50), **given))  # type: ignore[arg-type]
    assert isinstance(response.understood, Understood)
    return sorted(hit.id for hit in response.hits), response.understood


def cups(*numbers: int) -> list[str]:
    return [f"c{number:02d}" for number in numbers]


def test_applied(engine: Engine) -> None:  # 1
    ids, understood = answer(engine, "保温杯 50元以内")
    assert ids == cups(1, 2, 3, 4, 5)
    assert (understood.applied, understood.relaxed) == (("price:4-9",), ())
    response = engine.search(SearchRequest("销量最高的保温杯", size=3))
    assert [hit.id for hit in response.hits] == cups(12, 11, 10)
    assert response.sort is Sort.SALES


def test_one_gives_way(engine: Engine) -> None:  # 2
    ids, understood = answer(engine, "保温杯 100元以上 包邮")
    assert ids == cups(10, 11, 12)
    assert ([i.split(":")[0] for i in understood.applied], [i.split(":")[0] for i in understood.relaxed]) == (
        ["price"], ["service"],
    )  # fmt: skip


def test_the_callers_filter_stays(engine: Engine) -> None:  # 3
    ids, understood = answer(engine, "保温杯 包邮", filters=Filters(price=(10_000, None)))
    assert (ids, len(understood.relaxed)) == (cups(10, 11, 12), 1)
    ids, understood = answer(engine, "保温杯 50元以内", filters=Filters({"brand": ("没有",)}))
    assert (ids, understood.relaxed) == ([], ())


def test_too_little_is_relaxed(engine: Engine) -> None:  # 2
    ids, understood = answer(engine, "保温杯 115元以上")
    assert (len(ids), understood.applied, len(understood.relaxed)) == (12, (), 1)


def test_it_does_not_help(engine: Engine) -> None:  # 4
    ids, understood = answer(engine, "茅台酒 50元以内")
    assert (ids, [name.split(":")[0] for name in understood.applied], understood.relaxed) == ([], ["price"], ())
    # One steel cup, at 120 yuan and without postage: there is no second one, whatever gives way.
    ids, understood = answer(engine, "不锈钢保温杯 115元以上")
    assert (ids, [name.split(":")[0] for name in understood.applied], understood.relaxed) == (cups(12), ["price"], ())


def test_made_once(engine: Engine) -> None:  # 5
    first = engine.search(SearchRequest("保温杯 50元以内 包邮"))
    kept = engine.status()["lists_kept"]
    again = engine.search(SearchRequest("保温杯 50元以内 包邮"))
    assert (engine.status()["lists_kept"], replace(again, took_ms=first.took_ms)) == (kept, first)


def test_nobody_looks(data_dir: Path) -> None:  # 6
    with closing(open_engine(world.settings(data_dir, "ranking.enabled=false"))) as plain:
        for least, total in ((95, 3), (105, 12)):
            found = plain.search(SearchRequest(f"保温杯 {least}元以上", size=50))
            assert (found.total.value, found.near, len(found.hits)) == (total, 0, total)
