"""Generations are switched while changes come in.

1. A rebuild from a file as of its start, with a writer all the while: nothing is lost, nothing comes twice, and the end
   is that of a rebuild from the final catalogue.
2. A generation that was left long ago has all changes when it is served again: what was deleted stays deleted.
3. Compaction: the same answers, no row more than there are products, nothing encoded; what comes meanwhile is in it.
   Of two at once the second replaces nothing; what was made of a compacted one is no older compaction, and stays.
4. An overlay that is lost is made again from the journal: when a process starts, and when one that believes it to be
   there writes or reads on.
5. As of when a file is: its time, now, a position, a time, and nothing else.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from indexer.changes.as_of import position_as_of
from indexer.changes.compact import COMPACTED, Bounds, compact
from indexer.changes.settling import settling
from retrieval.analysis.analyzer import Analyzer
from retrieval.errors import GenerationError, InputError
from retrieval.generations import OWN
from retrieval.protocols import IndexReader
from tests import live_shop
from tests.live_shop import LiveShop, Row, applied, changes_of, row, same_answers


@pytest.fixture
def shop(tmp_path: Path) -> LiveShop:
    shop = LiveShop.of(tmp_path)
    shop.build([row(number) for number in range(30)])
    return shop


def test_writes_during_a_rebuild(shop: LiveShop) -> None:  # 1
    rng = random.Random(3)
    shop.writer.apply(changes_of(rng, 20, "before"))
    records, position = shop.records(), shop.journal.position()
    batches = [changes_of(rng, 10, f"while{place}") for place in range(12)]
    writer = Thread(target=lambda: [shop.writer.apply(batch) for batch in batches])
    writer.start()
    generation = LiveShop.of(shop.folder).build(list(records.values()), position)
    writer.join()
    for batch in batches:
        applied(records, batch)
    assert shop.backend.current() == generation
    assert shop.records() == records
    same_answers(shop.now(), records)
    rebuilt = shop.build(list(records.values()), shop.journal.position(), publish=False)
    assert shop.records(rebuilt) == records


def test_back_to_an_old_one(shop: LiveShop) -> None:  # 2
    old, records = str(shop.backend.current()), shop.records()
    shop.build([row(number, "new") for number in range(35)], shop.journal.position())
    changes = [
        {"op": "delete", "id": "p003"},
        {"op": "upsert", **row(80)},
        {"op": "patch", "id": "p004", "price": 1.25},
    ]
    shop.writer.apply(changes)
    assert {"p033", "p080"} < set(shop.records())
    settling(shop.backend, shop.catch_up).publish(old)
    applied(records, changes)
    for each in (shop, LiveShop.of(shop.folder)):
        assert each.records() == records


def test_compaction(shop: LiveShop, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    rng, old = random.Random(5), shop.backend.current()
    shop.writer.apply(changes_of(rng, 40, "tail"))
    records = shop.records()
    backend = settling(shop.backend, shop.catch_up)
    assert compact(backend, shop.changes, shop.catch_up.analyzer_of, Bounds(10.0, 1000)).generation is None
    late = {"op": "upsert", **row(99, "first")}

    def analyzer_while_somebody_writes(_: object) -> object:
        shop.writer.apply([late])
        monkeypatch.setattr(live_shop.ENCODER, "encode_documents", _never)
        return live_shop.analyzer()

    shop.writer.apply([{"op": "upsert", **row(98, "first")}])
    made = compact(backend, shop.changes, analyzer_while_somebody_writes)  # type: ignore[arg-type]
    monkeypatch.undo()
    applied(records, [{"op": "upsert", **row(98, "first")}, late])
    assert (made.before.generation, made.before.changes) == (old, shop.journal.position() - 1)
    assert made.generation == shop.backend.current() != old
    assert shop.records() == records
    same_answers(shop.now(), records)
    assert (shop.now().rows, shop.now().documents) == (len(records), len(records))
    assert compact(backend, shop.changes, shop.catch_up.analyzer_of, Bounds(0.5, 1000)).generation is None


def test_who_compacts_second_replaces_nothing(shop: LiveShop) -> None:  # 3
    shop.writer.apply(changes_of(random.Random(6), 40, "tail"))
    backend = settling(shop.backend, shop.catch_up)
    published: list[str | None] = []

    def analyzer_while_somebody_else_compacts(reader: IndexReader) -> Analyzer:
        published.append(compact(backend, shop.changes, shop.catch_up.analyzer_of).generation)
        return shop.catch_up.analyzer_of(reader)

    with pytest.raises(GenerationError, match="is served no more: somebody else published"):
        compact(backend, shop.changes, analyzer_while_somebody_else_compacts)
    assert [shop.backend.current()] == published == [shop.backend.manifests()[-1].generation]


def test_what_is_made_of_a_compacted_one_stays(shop: LiveShop) -> None:  # 3
    backend = settling(shop.backend, shop.catch_up)
    for turn in range(3):
        shop.writer.apply([{"op": "patch", "id": "p000", "price": 3.0 + turn}])
        compact(backend, shop.changes, shop.catch_up.analyzer_of)
        if turn == 0:
            compacted = backend.manifests()[-1]
            with backend.amend(compacted.generation, analyzer=compacted.analyzer) as amender:
                edited = amender.finish({"amended": 1})
            backend.publish(edited.generation)
    assert COMPACTED in compacted.details
    assert edited.details == {name: value for name, value in compacted.details.items() if name not in OWN} | {
        "amended": 1
    }
    assert edited.generation in {manifest.generation for manifest in backend.manifests()}


def test_what_is_off_may_come_back(shop: LiveShop) -> None:  # 3
    off: list[Row] = [{"op": "patch", "id": f"p00{number}", "status": "off"} for number in range(5)]
    shop.writer.apply([*off, {"op": "upsert", **row(70, status="off")}, {"op": "delete", "id": "p004"}])
    backend = settling(shop.backend, shop.catch_up)
    for turn in range(3):
        compact(backend, shop.changes, shop.catch_up.analyzer_of)
        shop.writer.apply([{"op": "patch", "id": "p000", "price": 3.0 + turn}, {"op": "delete", "id": "p001"}])
        assert len(shop.records()) == 25
        made = [manifest.generation for manifest in shop.backend.manifests()]
        assert (len(made), made[-1]) == (min(2 + turn, 3), shop.backend.current())  # what was rebuilt, and the last two
    on: list[Row] = [{"op": "patch", "id": name, "status": "on"} for name in ("p000", "p001", "p003", "p004", "p070")]
    found = LiveShop.of(shop.folder).writer.apply(on)
    assert [each.problem is None for each in found] == [True, False, True, False, True]
    records = shop.records()
    assert {"p000", "p003", "p070"} == {f"p0{number:02d}" for number in (0, 1, 2, 3, 4, 70)} & set(records)
    assert (records["p000"]["price"], records["p003"]["price"]) == (5.0, 13.0)
    same_answers(shop.now(), records)


def _never(texts: object) -> object:
    raise AssertionError(f"encoded {texts}")


def test_a_lost_overlay(shop: LiveShop) -> None:  # 4
    shop.writer.apply(changes_of(random.Random(2), 30, "tail"))
    records = shop.records()
    shutil.rmtree(shop.folder / "live")
    again = LiveShop.of(shop.folder)
    assert again.records() == records
    again.writer.apply([{"op": "upsert", **row(70)}])
    assert set(again.records()) == {*records, "p070"}
    for name in ("vectors.f16", "tail.bin", "tail.idx"):
        file = shop.folder / "live" / str(shop.backend.current()) / name
        os.truncate(file, file.stat().st_size - 1)
        mended = LiveShop.of(shop.folder)
        assert set(mended.records()) == {*records, "p070"}
        same_answers(mended.now(), mended.records())


def test_an_overlay_that_is_lost_while_it_is_used(shop: LiveShop) -> None:  # 4
    shop.writer.apply([{"op": "upsert", **row(number, "tail")} for number in range(40, 45)])
    records, reading = shop.records(), LiveShop.of(shop.folder)
    assert reading.records() == records
    shutil.rmtree(shop.folder / "live")
    change = {"op": "upsert", **row(70)}
    assert [each.problem for each in shop.writer.apply([change])] == [None]
    applied(records, [change])
    assert shop.records() == reading.records() == records
    shutil.rmtree(shop.folder / "live")
    LiveShop.of(shop.folder).writer.apply([change := {"op": "upsert", **row(71)}])
    shutil.rmtree(shop.folder / "live")
    applied(records, [change])
    assert reading.records() == records
    same_answers(reading.now(), records)


@pytest.mark.parametrize(
    ("as_of", "position"), [("now", 3), ("0", 0), ("2", 2), ("9", 3), ("1970-01-01T00:00:25", 2), ("file", 1)]
)
def test_as_of(shop: LiveShop, tmp_path: Path, as_of: str, position: int) -> None:  # 5
    clock: Callable[[], float] = iter((10.0, 20.0, 30.0)).__next__
    shop.writer = type(shop.writer)(shop.catch_up, limits=shop.limits, clock=clock)
    for number in range(3):
        shop.writer.apply([{"op": "delete", "id": f"p00{number}"}])
    for name, written in (("a", 40), ("b", 15)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (written, written))
    assert position_as_of(shop.journal, as_of, [tmp_path / "a", tmp_path / "b", tmp_path / "none"]) == position
    with pytest.raises(InputError, match="no position and no time"):
        position_as_of(shop.journal, "yesterday", [])
