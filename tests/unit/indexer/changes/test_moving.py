"""A catalogue moves to another place as it is now:

1. There is what could be found here, with its numbers and vectors; what was deleted is not.
2. What is off the shelf goes along unseen, and can be put on again there.
3. The journal there goes on from it, whatever stood in it before.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.changes.moving import move
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.changes.journal import Change
from retrieval.errors import NotFound
from tests import live_shop
from tests.live_shop import LiveShop, row, same_answers


def test_a_catalogue_moves(tmp_path: Path) -> None:  # 1, 2, 3
    here, there = LiveShop.of(tmp_path / "here"), LiveShop.of(tmp_path / "there")
    here.build([row(number) for number in range(9)])
    here.writer.apply([
        {"op": "upsert", **row(20, "tail")}, {"op": "patch", "id": "p003", "price": 5.5},
        {"op": "delete", "id": "p004"}, {"op": "patch", "id": "p005", "status": "off"},
        {"op": "patch", "id": "p020", "status": "off"},
    ])  # fmt: skip
    there.journal.append([Change("delete", "p003", b""), Change("delete", "p001", b"")])
    records = here.records()
    made = move(here.backend, there.backend, live_shop.analyzer(), here.changes, there.journal)
    assert there.records() == records
    assert (made.generation, records["p003"]["price"], len(records)) == (there.backend.current(), 5.5, 7)
    same_answers(there.now(), records)
    on = [{"op": "patch", "id": name, "status": "on"} for name in ("p004", "p005", "p020")]
    assert [each.problem is None for each in there.writer.apply(on)] == [False, True, True]
    assert there.records().keys() - records.keys() == {"p005", "p020"}


def test_nothing_to_move(tmp_path: Path) -> None:
    here, there = LiveShop.of(tmp_path), EmbeddedBackend(tmp_path / "there")
    with pytest.raises(NotFound, match="there is no generation to migrate"):
        move(here.backend, there, live_shop.analyzer(), here.changes, here.journal)
