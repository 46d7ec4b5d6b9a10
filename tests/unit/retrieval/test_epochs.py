"""Which documents a request sees, when the catalogue changes between two requests:

1. Without changes nothing is made twice; at another epoch, what was made once for the generation is shared.
2. A search, a product and the rest see the present epoch.
3. A list goes on at its epoch: what was taken down since is left out, in hits, total and facets, and the next page
   misses nothing and repeats nothing.
4. A cursor of an epoch that is not there any more (a journal restored from an older copy) sees the present.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.engine import Engine
from retrieval.errors import NotFound
from retrieval.protocols import IndexReader
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.types import IntArray
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world

IDS = [f"c{number:02d}" for number in range(30)]


class Ticking:
    """At epoch n the first n of `ids` are taken down."""

    def __init__(self, *ids: str) -> None:
        self.ids, self.now = ids, 0

    def epoch(self) -> int:
        return self.now

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        return reader.without(self._rows(kind, reader, epoch), epoch=epoch)

    def taken_down(self, kind: str, reader: IndexReader) -> IntArray:
        return self._rows(kind, reader, self.now)

    def _rows(self, kind: str, reader: IndexReader, epoch: int) -> IntArray:
        ids = self.ids[:epoch] if kind == PRODUCT.kind else ()
        return np.array([row for row in reader.rows_of(ids) if row is not None], np.int64)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("shop")
    world.publish(data_dir, ({"id": id, "title": f"保温杯 {id}", "brand": "甲" if id < "c15" else "乙"} for id in IDS))
    return data_dir


@pytest.fixture
def served(shop: Path) -> Iterator[tuple[Engine, Ticking]]:
    settings = world.settings(shop, "ranking.collapse=false", "ranking.divider=0")
    changes = Ticking("c03", "c00", "c29")
    engine = Engine(
        make_backend(settings), world.encoder_of(settings), make_fuser_of(settings), engine_options(settings),
        make_understanding(settings), make_stages(settings), changes=changes,
    )  # fmt: skip
    yield engine, changes
    engine.close()


def test_what_is_made_once_is_shared(served: tuple[Engine, Ticking]) -> None:  # 1
    engine, changes = served
    built = engine.serving
    assert engine.serving is built
    changes.now = 1
    later = engine.serving
    assert engine.serving is later is not built
    assert (later.stages, later.background) == (built.stages, built.background)
    assert (later.reader.snapshot.epoch, built.reader.snapshot.epoch) == (1, 0)


def test_the_present_is_seen(served: tuple[Engine, Ticking]) -> None:  # 2
    engine, changes = served
    ask = SearchRequest("保温杯", size=30, facets=("brand",))
    before = engine.search(ask)
    assert "c03" in {hit.id for hit in before.hits}
    changes.now = 1
    after = engine.search(ask)
    assert {hit.id for hit in before.hits} - {hit.id for hit in after.hits} == {"c03"}
    assert (after.total.value, sum(each.count for each in after.facets["brand"])) == (29, 29)
    with pytest.raises(NotFound):
        engine.product("c03")
    assert engine.status()["documents"] == 29


@pytest.mark.parametrize("size", [1, 4, 7])
def test_a_list_goes_on_without_what_is_taken_down(served: tuple[Engine, Ticking], size: int) -> None:  # 3
    engine, changes = served
    whole = [hit.id for hit in engine.search(SearchRequest("保温杯", size=30)).hits]
    page = engine.search(SearchRequest("保温杯", size=size, facets=("brand",)))
    seen = [hit.id for hit in page.hits]
    while page.next_cursor:
        changes.now = min(changes.now + 1, 3)
        off = set(changes.ids[: changes.now])
        page = engine.search(SearchRequest("", cursor=page.next_cursor, size=size))
        assert not off & {hit.id for hit in page.hits}
        counted = sum(each.count for each in page.facets["brand"])
        assert page.total.value == counted == 30 - len(off)
        seen += [hit.id for hit in page.hits]
    assert [id for id in whole if id in seen] == seen
    assert set(whole) - set(seen) <= set(changes.ids)


def test_a_cursor_from_the_future(served: tuple[Engine, Ticking]) -> None:  # 4
    engine, changes = served
    changes.now = 3
    page = engine.search(SearchRequest("保温杯", size=5))
    changes.now = 1
    assert page.next_cursor
    later = engine.search(SearchRequest("", cursor=page.next_cursor, size=30))
    assert (later.total.value, len(later.hits)) == (29, 24)
