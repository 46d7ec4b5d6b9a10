"""Which documents a request sees, when the catalogue changes between two requests:

1. Without changes nothing is made twice; at another epoch, what was made once for the generation is shared.
2. A search, a product and the rest see the present epoch.
3. A list goes on at its epoch: what was taken down since is left out, in hits, total and facets, and the next page
   misses nothing and repeats nothing.
4. A cursor of an epoch that is not there any more (a journal restored from an older copy) sees the present.
5. Where a generation was deleted before this process looked which one is served, searches and records are those of the
   one that is; only its cursors have expired. What is damaged, and still there, is said to be.
6. What lay over a generation and is lost is asked for again, once, after all that was known of it is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.engine import Engine
from retrieval.errors import CursorExpired, NotFound, OverlayLost, StorageError
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

    def forget(self) -> None:
        pass

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


class Lost(Ticking):
    """What lies over a generation is deleted with it, or damaged."""

    def __init__(self, generations: Path) -> None:
        super().__init__()
        self.generations, self.damaged, self.lost = generations, False, False

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        if self.damaged or not (self.generations / reader.manifest.generation).exists():
            raise StorageError("the appended documents are damaged")
        if self.lost:
            raise OverlayLost("the tail is gone")
        return super().since_built(kind, reader, epoch)

    def forget(self) -> None:
        self.lost = False


def test_a_generation_that_is_deleted_while_it_serves(tmp_path: Path) -> None:  # 5 6
    rows = [{"id": f"c{number}", "title": f"保温杯 {number}"} for number in range(4)]
    first = str(world.publish(tmp_path, rows).generation)
    settings, changes = world.settings(tmp_path), Lost(tmp_path / "generations")
    backend = make_backend(settings)
    engine = Engine(
        backend, world.encoder_of(settings), make_fuser_of(settings), engine_options(settings),
        make_understanding(settings), make_stages(settings), changes=changes,
    )  # fmt: skip
    page = engine.search(SearchRequest("保温杯", size=2))
    assert page.generation == first
    changes.damaged, changes.now = True, 1
    with pytest.raises(StorageError, match="damaged"):
        engine.search(SearchRequest("保温杯"))
    changes.damaged = False
    looks = (lambda: engine.search(SearchRequest("保温杯")), lambda: engine.product("c1"), lambda: engine.serving)
    for look in looks:
        changes.lost, changes.now = True, changes.now + 1
        assert look()
    second = str(world.publish(tmp_path, [*rows, {"id": "c9", "title": "保温杯 9"}]).generation)
    named: tuple[Callable[[], str | None], ...] = (
        lambda: engine.search(SearchRequest("保温杯")).generation,
        lambda: engine.product("c9").generation,
        lambda: engine.serving.reader.snapshot.generation,
    )
    for name in named:
        engine._generations.serving, changes.now = first, changes.now + 1  # as if it had not looked yet
        if (tmp_path / "generations" / first).exists():
            backend.delete(first)
        assert name() == second
    with pytest.raises(CursorExpired):
        engine.search(SearchRequest("保温杯", cursor=page.next_cursor))
    engine.close()
