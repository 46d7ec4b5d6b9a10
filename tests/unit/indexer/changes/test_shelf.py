"""What is off in the file of a rebuild:

1. A record is found by its id alone; of two with one id the later one counts; nothing is no attachment.
2. A patch of the status brings it back, with what is patched, before or with it; whoever opens the shop sees it.
3. What was deleted, or was never there, does not come back.
4. That holds after compaction, too; what came back goes along as any other.
5. What was put on again stays so after a rebuild from an older file, in which it is off.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.changes.compact import compact
from indexer.changes.settling import settling
from indexer.changes.shelf import SHELF, Shelf, Shelving
from tests.live_shop import LiveShop, Row, row

OFF = [row(number, "shelved") for number in range(50, 55)]


@pytest.fixture
def shop(tmp_path: Path) -> LiveShop:
    shop = LiveShop.of(tmp_path)
    shop.build([row(number) for number in range(10)], off=OFF)
    return shop


def patch(shop: LiveShop, *changes: Row) -> list[bool]:
    """Whether each was taken."""
    return [each.problem is None for each in shop.writer.apply([{"op": "patch", **change} for change in changes])]


def test_records() -> None:  # 1
    shelving = Shelving()
    assert shelving.attachment() is None
    for number in range(100):
        shelving.put({"id": f"p{number}", "title": "旧"})
    shelving.put({"id": "p7", "title": "新"})
    shelf = Shelf(shelving.attachment())
    assert len(shelf) == 100
    assert shelf.record("p7") == {"id": "p7", "title": "新"}
    assert {str((shelf.record(f"p{number}") or {}).get("id")) for number in range(100)} == {f"p{n}" for n in range(100)}
    assert shelf.record("p100") is None is Shelf(None).record("p7")
    left = Shelf(shelf.without({f"p{number}" for number in range(99)}))
    assert (len(left), left.record("p99"), left.record("p7")) == (1, {"id": "p99", "title": "旧"}, None)
    assert left.without({"p99"}) is None is Shelf(None).without(())


def test_back_by_a_patch(shop: LiveShop) -> None:  # 2 3
    assert len(shop.records()) == 10
    wanted: list[Row] = [{"id": "p050", "status": "on"}, {"id": "p051", "price": 5.0}, {"id": "p099", "status": "on"}]
    assert patch(shop, *wanted) == [True, True, False]
    shop.writer.apply([{"op": "delete", "id": "p052"}])
    on: Row = {"status": "on"}
    assert patch(shop, {"id": "p051"} | on, {"id": "p052"} | on, {"id": "p053", "price": 7.0} | on) == [
        True, False, True,
    ]  # fmt: skip
    for each in (shop, LiveShop.of(shop.folder)):
        records = each.records()
        assert {name: records[name]["price"] for name in records if name >= "p050"} == {
            "p050": 60.0, "p051": 5.0, "p053": 7.0,
        }  # fmt: skip


def test_through_a_compaction(shop: LiveShop) -> None:  # 4
    patch(shop, {"id": "p050", "status": "on"})
    shop.writer.apply([{"op": "delete", "id": "p051"}])
    backend = settling(shop.backend, shop.catch_up)
    for _ in range(2):
        compact(backend, shop.changes, shop.catch_up.analyzer_of)
        assert set(shop.records()) == {row(number)["id"] for number in range(10)} | {"p050"}
        shop.writer.apply([{"op": "patch", "id": "p000", "price": 1.0}])
    shelf = Shelf(shop.now().attachment(SHELF))
    assert [shelf.record(one["id"]) is not None for one in OFF] == [True, False, True, True, True]
    shop.writer.apply([{"op": "delete", "id": "p050"}])
    on: Row = {"status": "on"}
    assert patch(shop, *({"id": one["id"]} | on for one in OFF)) == [False, False, True, True, True]


def test_an_older_file(shop: LiveShop) -> None:  # 5
    position, on = shop.journal.position(), {"status": "on"}
    shop.writer.apply([{"op": "patch", "id": "p003", "status": "off"}, {"op": "patch", "id": "p050", **on}])
    patch(shop, {"id": "p003"} | on)
    shop.build([row(number) for number in range(3)], position, off=[*OFF, row(3)])
    assert set(shop.records()) == {"p000", "p001", "p002", "p003", "p050"}
