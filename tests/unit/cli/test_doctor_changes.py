"""What `xunhuo doctor` says of the journal:

1. No changes are fine, and told; so are changes, how many lie over the served generation, and when to compact.
2. An entry that is not what was written, or is missing, is found wherever it stands; said is up to where all is whole.
3. A clock that went backwards is told, for expiries run by it.
4. A journal that ends before the served generation was built is told, and nothing is written into it: it would be lost.
5. A disk that is full keeps a change from being acknowledged and leaves all as it was; with room again it is taken.
"""

from __future__ import annotations

import sqlite3
import time
from functools import partial
from pathlib import Path

import pytest

from cli import doctor_changes
from cli.doctor_changes import AHEAD_S, last_whole, look_at_changes
from retrieval.changes.journal import Change
from retrieval.changes.sqlite_journal import FILE, SqliteJournal
from retrieval.errors import StorageError
from tests import world
from tests.e2e.command import HASHING, invoke, run
from tests.e2e.test_rebuild_disk_full import limit

MANY = 40


def journal_of(folder: Path, *at: float) -> SqliteJournal:
    journal = SqliteJournal(folder / FILE)
    journal.append([Change("delete", f"p{number}", b"", at=then) for number, then in enumerate(at)])
    return journal


def test_what_lies_over_a_generation(tmp_path: Path) -> None:  # 1
    assert look_at_changes(world.settings(tmp_path)) == "none yet"
    rows = world.products(50)
    world.publish(tmp_path, rows)
    journal = SqliteJournal(tmp_path / FILE)
    journal.append([Change("delete", str(rows[0]["id"]), b"", at=1.0)])
    told = look_at_changes(world.settings(tmp_path))
    assert told.startswith("1 changes, each as it was written; 1 since g")
    assert told.endswith("0 rows appended, 1 gone")
    journal.append([Change("delete", str(row["id"]), b"", at=1.0) for row in rows[1:4]])
    assert look_at_changes(world.settings(tmp_path)).endswith("4 gone: time for xunhuo compact")


@pytest.mark.parametrize("where", [1, 2, 7, MANY])
@pytest.mark.parametrize(
    ("harm", "said"), [("UPDATE entries SET target = 'p'", "damaged"), ("DELETE FROM entries", "missing")]
)
def test_damage_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: int, harm: str, said: str) -> None:
    monkeypatch.setattr(doctor_changes, "_CHUNK", 8)  # 2
    journal = journal_of(tmp_path, *[1.0] * MANY)
    assert (found := last_whole(journal)) is not None
    assert found.position == MANY
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute(f"{harm} WHERE position = ?", (where,))
    db.close()
    if said == "missing" and where == MANY:  # the last one that was written is the last one that there is
        assert (found := last_whole(journal)) is not None
        assert found.position == MANY - 1
        return
    with pytest.raises(
        StorageError, match=f"entry {where} of the journal is {said}; it is whole up to entry {where - 1}"
    ):
        look_at_changes(world.settings(tmp_path))


def test_a_clock_that_went_backwards(tmp_path: Path) -> None:  # 3
    journal_of(tmp_path, 1.0, time.time() + AHEAD_S / 2)
    assert look_at_changes(world.settings(tmp_path)).startswith("2 changes")
    journal_of(tmp_path, time.time() + 10 * AHEAD_S)
    with pytest.raises(StorageError, match=r"change 3 was written \d+ s later than the clock says now"):
        look_at_changes(world.settings(tmp_path))


def test_a_journal_that_is_too_short(tmp_path: Path) -> None:  # 4
    rows = world.products(30)
    journal_of(tmp_path, 1.0, 1.0)
    world.publish(tmp_path, rows, position=2)
    assert look_at_changes(world.settings(tmp_path)).startswith("2 changes")
    for file in tmp_path.glob(f"{FILE}*"):
        file.unlink()
    with pytest.raises(StorageError, match="was built with 2 changes, the journal has 0: it is lost"):
        look_at_changes(world.settings(tmp_path))
    changes = tmp_path / "changes.jsonl"
    changes.write_text(f'{{"op": "delete", "id": "{rows[0]["id"]}"}}\n')
    ended = invoke("apply", changes, "--data-dir", tmp_path, *HASHING)
    assert "or rebuild (xunhuo rebuild) and send again what is newer" in ended.failed_clearly(5)
    assert SqliteJournal(tmp_path / FILE).position() == 0


def test_a_disk_that_is_full(tmp_path: Path) -> None:  # 5
    world.publish(tmp_path, world.products(30))
    id = str(world.products(30)[0]["id"])
    changes = tmp_path / "changes.jsonl"
    changes.write_text(f'{{"op": "patch", "id": "{id}", "price": 12.5}}\n')
    for size in (0, 20_000):
        ended = run("apply", changes, "--data-dir", tmp_path, *HASHING, before=partial(limit, size))
        assert "free some space" in ended.failed_clearly(5)
        assert SqliteJournal(tmp_path / FILE).position() == 0
    assert run("apply", changes, "--data-dir", tmp_path, *HASHING).code == 0
    assert SqliteJournal(tmp_path / FILE).position() == 1
