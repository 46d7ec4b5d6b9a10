"""A generation with changes laid over it answers like a fresh one.

1. Appended: the world of which the last five rows were appended is the world: everything of `recall`, `selection`,
   `batches` and `gone`, scores included, since nothing is gone.
2. Replaced and deleted: lists, filters, facets and records are those of a fresh generation of what remains; an id leads
   to its newest row. An earlier epoch goes on as it was, whatever is appended later.
3. What an overlay says of its documents; one that never got into the journal is seen by nobody, and replaced.
4. Patched, where the overlay takes patches: prices, stocks and sales of rows of both kinds are those of a fresh
   generation in every filter, order, band, record and forward row; off and on again; an earlier epoch keeps its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np
import orjson
import pytest

from retrieval.changes.history import DELETE, PATCH, UPSERT, History, Patch, stamp
from retrieval.changes.journal import Change, Entry
from retrieval.changes.overlay import Changeable, Overlay
from retrieval.protocols import Backend, IndexReader
from retrieval.schema import PRODUCT
from retrieval.snapshot import Snapshot
from retrieval.types import Filters
from tests.contract import world
from tests.contract.batches import Batches
from tests.contract.gone import Gone, names
from tests.contract.recall import Recall
from tests.contract.selection import FILTERS, Selection
from tests.contract.world import ANGLES, IDS, NO_FILTER, ROWS, SORTS, Row, asking, direction

BUILT = 7
OLD = {"p12": "蓝色 毛巾", "p09": "绿茶", "p06": "运动鞋 运动鞋"}
"""Titles that three products had when the generation was built, in the shop and with the category that they have."""


@dataclass
class Shop:
    """A generation and what became of it, as those who serve it do it."""

    base: IndexReader
    overlay: Overlay
    history: History

    @classmethod
    def of(cls, backend: Backend, rows: Sequence[Row]) -> Shop:
        assert isinstance(backend, Changeable)
        generation = world.build(backend, rows).generation
        base = backend.open(generation).collection(PRODUCT.kind)
        return cls(base, backend.overlay(generation), History(base, 0))

    def upsert(self, *rows: Row, journal: bool = True) -> IndexReader:
        """As of then; without the journal they are written only."""
        documents = [world.document(row) for row in rows]
        changes = [Change(UPSERT, each.document.id, each.document.source) for each in documents]
        vectors = np.stack([direction(ANGLES[row.id]) for row in rows])
        self.overlay.append(self.history.appended, documents, vectors, [stamp(change) for change in changes])
        return self.enter(changes) if journal else self.now()

    def patch(self, name: str, patch: Patch) -> IndexReader:
        return self.enter([Change(PATCH, name, msgspec.json.encode(patch))])

    def delete(self, *ids: str) -> IndexReader:
        return self.enter([Change(DELETE, each, b"") for each in ids])

    def enter(self, changes: Sequence[Change]) -> IndexReader:
        entries = [Entry(self.history.position + place, change) for place, change in enumerate(changes, 1)]
        assert self.history.advance(entries, self.overlay.stamps(self.history.appended))
        return self.now()

    def now(self) -> IndexReader:
        return self.overlay.reader(self.base, self.history.at(self.history.position))


class Appended:  # 1
    """Needs tests that ask `reader`; a subclass says how a backend is opened."""

    @classmethod
    def open_backend(cls, place: Path) -> Backend:
        raise NotImplementedError

    @pytest.fixture
    def backend(self, tmp_path: Path) -> Backend:
        return self.open_backend(tmp_path)

    @pytest.fixture(scope="class")
    @classmethod
    def class_backend(cls, tmp_path_factory: pytest.TempPathFactory) -> Backend:
        return cls.open_backend(tmp_path_factory.mktemp("world"))

    @pytest.fixture(scope="class")
    @classmethod
    def reader(cls, class_backend: Backend) -> IndexReader:
        shop = Shop.of(class_backend, ROWS[:BUILT])
        shop.upsert(*ROWS[BUILT:9])
        return shop.upsert(*ROWS[9:])


class Everything(Appended, Recall, Selection, Batches, Gone):  # 1
    """Whatever is asked of a fresh generation, asked of one with appended rows."""

    def test_a_snapshot_says_what_is_pinned(self, reader: IndexReader) -> None:
        later = reader.without(np.array([1]), epoch=8)
        generation = reader.manifest.generation
        assert [each.snapshot for each in (reader, later)] == [Snapshot(generation, 5), Snapshot(generation, 8)]
        assert [(each.rows, each.documents) for each in (reader, later)] == [(12, 12), (12, 11)]


class Replaced:  # 2
    """Needs a fixture `class_backend`."""

    @pytest.fixture(scope="class")
    @classmethod
    def shop(cls, class_backend: Backend) -> Shop:
        """Three products with their old titles, two that were deleted, one that comes later."""
        old = [replace(row, title=OLD.get(row.id, row.title)) for row in ROWS if row.id != "p05"]
        return Shop.of(class_backend, old)

    @pytest.fixture(scope="class")
    @classmethod
    def replaced(cls, class_backend: Backend, shop: Shop) -> tuple[IndexReader, IndexReader]:
        by_id = {row.id: row for row in ROWS}
        shop.upsert(by_id["p12"], by_id["p05"])
        shop.delete("p10")
        shop.upsert(replace(by_id["p09"], title="红色 红色"))
        shop.upsert(by_id["p09"], by_id["p06"])
        left = [row for row in ROWS if row.id not in ("p10", "p02")]
        fresh = class_backend.open(world.build(class_backend, left).generation).collection(PRODUCT.kind)
        return shop.delete("p02"), fresh

    @pytest.mark.parametrize("depth", [3])
    @pytest.mark.parametrize("filters", [each for each, _ in FILTERS.values()], ids=[*FILTERS])
    def test_lists_of_what_is_left(
        self, replaced: tuple[IndexReader, IndexReader], filters: Filters, depth: int
    ) -> None:
        now, fresh = replaced
        assert sorted(names(now, now.rows_passing(filters))) == sorted(names(fresh, fresh.rows_passing(filters)))
        for degrees in (0.0, 52.0, 118.0):
            near, nearest = (reader.semantic(direction(degrees), filters, depth) for reader in replaced)
            assert names(now, near.rows) == names(fresh, nearest.rows)
            assert near.complete == nearest.complete
        for word in ("红色", "连衣裙", "绿茶", "毛巾", "运动鞋"):
            for sort in SORTS:
                found, wanted = (reader.lexical(asking(word), filters, depth, sort) for reader in replaced)
                assert (names(now, found.rows), found.complete) == (names(fresh, wanted.rows), wanted.complete)
            found, wanted = (reader.lexical(asking(word), filters, 12) for reader in replaced)
            assert {*names(now, found.rows)} == {*names(fresh, wanted.rows)}

    def test_values_of_what_is_left(self, replaced: tuple[IndexReader, IndexReader]) -> None:
        now, fresh = replaced
        rows, others = now.rows_passing(NO_FILTER), fresh.rows_passing(NO_FILTER)
        assert (now.documents, now.rows) == (10, 16)
        assert now.facets(PRODUCT.facets, np.arange(now.rows)) == fresh.facets(PRODUCT.facets, others)
        assert [each is None for each in now.rows_of(IDS)] == [each in ("p10", "p02") for each in IDS]
        for name in IDS:
            row, other = now.row_of(name), fresh.row_of(name)
            if row is not None and other is not None:
                one, wanted = np.array([row]), np.array([other])
                assert (now.sources(one), now.forward(one)) == (fresh.sources(wanted), fresh.forward(wanted))
                assert now.vectors(one).tolist() == fresh.vectors(wanted).tolist()
        order, wanted = rows[np.argsort(now.by_id(rows))], others[np.argsort(fresh.by_id(others))]
        assert names(now, order) == names(fresh, wanted)

    def test_an_earlier_epoch(self, replaced: tuple[IndexReader, IndexReader], shop: Shop) -> None:
        first = shop.overlay.reader(shop.base, shop.history.at(2))
        assert (first.snapshot.epoch, first.rows, first.documents) == (2, 13, 12)
        assert first.row_of("p10") is not None
        assert names(first, first.lexical(asking("毛巾"), NO_FILTER, 5).rows) == ["p04"]
        assert names(first, first.lexical(asking("运动鞋"), NO_FILTER, 5).rows) == ["p06", "p10"]
        built = shop.overlay.reader(shop.base, shop.history.at(0))
        assert {*names(built, built.lexical(asking("毛巾"), NO_FILTER, 5).rows)} == {"p04", "p12"}
        assert replaced[0].lexical(asking("运动鞋"), NO_FILTER, 5).rows.tolist() == []


class Written:  # 3
    """Needs a fixture `backend`, empty in every test."""

    def test_what_never_got_into_the_journal(self, backend: Backend) -> None:
        shop = Shop.of(backend, ROWS[:3])
        assert [*shop.overlay.stamps(0)] == []
        before = shop.upsert(ROWS[3])
        lost = shop.upsert(ROWS[10], ROWS[11], journal=False)
        assert (lost.rows, lost.documents, len(shop.overlay.stamps(0))) == (4, 4, 3)
        assert names(lost, lost.semantic(direction(165), NO_FILTER, 1).rows) == ["p01"]
        assert names(lost, lost.rows_passing(NO_FILTER)) == ["p12", "p03", "p07", "p01"]
        now = shop.upsert(ROWS[4])
        assert names(now, now.rows_passing(NO_FILTER)) == ["p12", "p03", "p07", "p01", "p10"]
        wanted = stamp(Change(UPSERT, "p10", world.document(ROWS[4]).document.source))
        assert next(iter(shop.overlay.stamps(1))) == wanted
        assert names(before, before.lexical(asking("红色"), NO_FILTER, 5).rows) == ["p01", "p03", "p12"]

    def test_an_upsert_that_is_not_here(self, backend: Backend) -> None:
        shop = Shop.of(backend, ROWS[:3])
        wanted = Change(UPSERT, "p10", b'{"id":"p10"}')
        assert not shop.history.advance([Entry(1, wanted)], shop.overlay.stamps(0))
        shop.upsert(ROWS[3], journal=False)
        assert not shop.history.advance([Entry(1, wanted)], shop.overlay.stamps(0))
        assert shop.history.appended == 0


class Patched:  # 4
    """Needs a fixture `class_backend`, of overlays that take patches."""

    NUMBERS: ClassVar[dict[str, dict[str, int | None]]] = {
        "p03": {"price": 19_900, "stock": 4, "sales_30d": 77},
        "p12": {"price": None, "stock": 0},
        "p08": {"price": 60_000},
        "p11": {"stock": None, "sales_30d": None},
    }
    """Of two rows of the generation and two that were appended."""

    @pytest.fixture(scope="class")
    @classmethod
    def shop(cls, class_backend: Backend) -> Shop:
        shop = Shop.of(class_backend, ROWS[:BUILT])
        shop.upsert(*ROWS[BUILT:])
        return shop

    @pytest.fixture(scope="class")
    @classmethod
    def patched(cls, class_backend: Backend, shop: Shop) -> tuple[IndexReader, IndexReader]:
        """Patched twice, the later one holds; and a generation that was built so."""
        shop.patch("p03", Patch({"price": 1.0}, {"price": 100}))
        for name, numbers in cls.NUMBERS.items():
            now = shop.patch(name, Patch({"told": list(numbers)}, numbers))
        fields = {"sales_30d": "sales"}
        rows = []
        for row in ROWS:
            numbers = {fields.get(name, name): value for name, value in cls.NUMBERS.get(row.id, {}).items()}
            rows.append(Row(**(asdict(row) | numbers)))
        return now, class_backend.open(world.build(class_backend, rows).generation).collection(PRODUCT.kind)

    @pytest.mark.parametrize("depth", [1, 3, 12])
    @pytest.mark.parametrize(
        "filters",
        [NO_FILTER, Filters(in_stock=True), Filters(price=(None, 19_900)), Filters(price=(19_900, 19_900)),
         Filters(price=(50_000, None)), Filters({"brand": ("花田", "山风")}, (100, 70_000), True),
         Filters(without=("红色",), in_stock=True)],
    )  # fmt: skip
    def test_lists(self, patched: tuple[IndexReader, IndexReader], filters: Filters, depth: int) -> None:
        now, fresh = patched
        assert now.rows_passing(filters).tolist() == fresh.rows_passing(filters).tolist()
        for word in ("红色", "连衣裙", "绿茶", "保温杯"):
            found, wanted = (reader.lexical(asking(word), filters, depth) for reader in patched)
            assert (len(found.rows), found.complete) == (len(wanted.rows), wanted.complete)
            if depth == 12:
                assert found.rows.tolist() == wanted.rows.tolist()
                assert found.scores == pytest.approx(wanted.scores, abs=1e-4)
            for sort in SORTS:
                found, wanted = (reader.lexical(asking(word), filters, depth, sort) for reader in patched)
                assert (found.rows.tolist(), found.complete) == (wanted.rows.tolist(), wanted.complete)
        for degrees in (0.0, 52.0, 150.0):
            found, wanted = (reader.semantic(direction(degrees), filters, depth) for reader in patched)
            assert found.rows.tolist() == wanted.rows.tolist()

    def test_values(self, patched: tuple[IndexReader, IndexReader]) -> None:
        now, fresh = patched
        rows = np.arange(12)
        assert now.facets(PRODUCT.facets, rows) == fresh.facets(PRODUCT.facets, rows)
        assert [now.sort_keys(sort, rows).tolist() for sort in SORTS] == [
            fresh.sort_keys(sort, rows).tolist() for sort in SORTS
        ]
        told = {row.id: orjson.loads(source).get("told") for row, source in zip(ROWS, now.sources(rows), strict=True)}
        assert {name: fields for name, fields in told.items() if fields} == {
            name: [*numbers] for name, numbers in self.NUMBERS.items()
        }
        assert (now.rows, now.documents, now.by_id(rows).tolist()) == (12, 12, fresh.by_id(rows).tolist())

    def test_an_earlier_epoch(self, patched: tuple[IndexReader, IndexReader], shop: Shop) -> None:
        dear = Filters(price=(50_000, None))
        first = shop.overlay.reader(shop.base, shop.history.at(6))
        assert first.rows_passing(Filters(price=(100, 100))).tolist() == [1]
        assert (first.rows_passing(dear).tolist(), patched[0].rows_passing(dear).tolist()) == ([], [10])
        assert b"told" not in b"".join(first.sources(np.arange(12)))

    def test_off_and_on_again(self, class_backend: Backend) -> None:
        shop = Shop.of(class_backend, ROWS[:3])
        shop.upsert(ROWS[3])
        for name, word in (("p03", "连衣裙"), ("p01", "半身裙")):
            off = shop.patch(name, Patch({"status": "off"}, alive=False))
            assert (off.row_of(name), off.documents) == (None, 3)
            assert name not in names(off, off.lexical(asking(word), NO_FILTER, 5).rows)
            on = shop.patch(name, Patch({"status": "on"}, alive=True))
            assert (on.row_of(name) is not None, on.documents) == (True, 4)
            assert name in names(on, on.lexical(asking(word), NO_FILTER, 5).rows)
        assert shop.patch("p99", Patch({}, {"price": 1})).documents == 4
