"""The autopsy of a search without hits:

1. A filter of the caller that leaves nothing is named, with as many hits as there are once it is dropped.
2. A word that no product has is named, the others are not; the query without it is offered.
3. An answer with hits, and one that is not understood, has no autopsy.
4. What was taken down is told from what was never sold.
5. Once the deadline has passed nothing is counted, and the causes are still there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.types import Filters
from retrieval.understanding.plan import Autopsy, Understood
from retrieval.wiring import open_engine
from tests import world

NOWHERE = Filters({"brand": ("没有",)})


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    data_dir = tmp_path_factory.mktemp("empty")
    world.publish(data_dir, rows())
    engine = open_engine(world.settings(data_dir, "ranking.divider=0", "search.pages_kept=0"))
    yield engine
    engine.close()


def rows() -> Iterable[world.Row]:
    """Six cups of two brands, every second one sold out, and an umbrella off the shelf."""
    yield {"id": "off", "title": "晴雨伞 折叠", "status": "off"}
    for number in range(6):
        yield {
            "id": f"c{number}", "title": f"保温杯 第{number}款", "price": 10 + number, "stock": number % 2,
            "brand": "云杉" if number < 3 else "青禾", "category": ["厨具", "杯子"],
        }  # fmt: skip


def autopsy(engine: Engine, query: str, **given: object) -> Autopsy | None:
    response = engine.search(replace(SearchRequest(query, channels=("lexical",)), **given))  # type: ignore[arg-type]
    assert isinstance(response.understood, Understood)
    assert (response.understood.autopsy is None) == (response.total.value > 0)  # 3
    return response.understood.autopsy


def test_a_filter(engine: Engine) -> None:  # 1
    found = autopsy(engine, "保温杯", filters=replace(NOWHERE, in_stock=True))
    assert found is not None
    [cause] = found.causes
    assert (cause.kind, cause.action.drop_filters, cause.hits_without) == ("filter", ("brand",), 3)
    assert engine.search(SearchRequest("保温杯", Filters(in_stock=True), channels=("lexical",))).total.value == 3


def test_an_unknown_word(engine: Engine) -> None:  # 2
    found = autopsy(engine, "zzzz")
    assert found is not None
    assert [(cause.kind, "zzzz" in cause.text) for cause in found.causes] == [("unknown_word", True)]
    found = autopsy(engine, "qq保温杯", filters=NOWHERE)
    assert found is not None
    assert [cause.kind for cause in found.causes] == ["filter", "unknown_word"]
    assert found.causes[1].action.query == "保温杯"


def test_a_take_down(engine: Engine) -> None:  # 4
    for query, kinds in (("晴雨伞", ["taken_down", "unknown_word"]), ("自行车", ["unknown_word"])):
        found = autopsy(engine, query)
        assert found is not None
        assert [cause.kind for cause in found.causes] == kinds


def test_hits_or_no_understanding(engine: Engine) -> None:  # 3
    assert autopsy(engine, "保温杯") is None
    assert engine.search(SearchRequest("保温杯", NOWHERE, understand=False)).understood is None


def test_no_time_is_left(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:  # 5
    both = replace(NOWHERE, in_stock=True)
    autopsy(engine, "保温杯", filters=both)  # the list is remembered
    monkeypatch.setattr("retrieval.deadline.Deadline.remaining", lambda self: 0.0 if self.at else None)
    found = autopsy(engine, "保温杯", filters=both, timeout_ms=60_000)
    assert found is not None
    assert [(cause.kind, cause.hits_without) for cause in found.causes] == [("filter", None), ("stock", None)]
