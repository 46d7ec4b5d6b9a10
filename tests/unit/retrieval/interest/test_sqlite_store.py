"""The SQLite store, beside the contract of every store.

1. After a deletion no byte of the shopper is in the file, its log or its index, though pages were split before; what
   the others did is there, byte for byte.
2. The same after a prune, and, where no page was split, of a file that is too large to be written anew; a reader of
   another process holds the emptying of the log up, but not for ever.
3. Processes that write at once wait for each other: every event is there once, and each acknowledged once.
4. A file of another format, a damaged one, one that may not be written and a full disk are told, with what to do; what
   was not acknowledged is not kept, and what was stays.
5. Reading makes no file.
6. Threads may read and write at once.
7. Others may not read the file.
8. A commit waits for the disk (synchronous=FULL is 2), in a log that readers do not wait for.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import StorageError
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import Choices

ROOT = Path(__file__).parents[4]


def events_of(user: str, count: int, rng: random.Random) -> list[ShopperEvent]:
    return [
        ShopperEvent(
            f"{user}-{rng.getrandbits(64):016x}", rng.random() * 1e6, EventType.SEARCH, user, f"session-of-{user}",
            query=f"{user}找{'裙' * rng.randrange(90)}",
        )
        for _ in range(count)
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteEventStore]:
    opened = SqliteEventStore(tmp_path / "events.db", patience_s=2.0)
    yield opened
    opened.close()


def files_with(folder: Path, text: str) -> list[str]:
    return [path.name for path in folder.iterdir() if text.encode() in path.read_bytes()]


def filled(store: SqliteEventStore) -> list[str]:
    rng = random.Random(5)
    users = [f"shopper{number:03d}" for number in range(60)]
    events = [event for user in users for event in events_of(user, 60, rng)]
    rng.shuffle(events)
    for start in range(0, len(events), 100):
        store.add(events[start : start + 100])
    return users


def test_nothing_is_left_of_the_deleted(store: SqliteEventStore, tmp_path: Path) -> None:  # 1
    users = filled(store)
    gone, kept = users[::7], [user for user in users if user not in users[::7]]
    store.choose(gone[0], Choices(removed={f"word:{gone[0]}": 1.0}))
    before = {user: store.held(user) for user in kept}
    assert files_with(tmp_path, gone[0])
    for user in gone:
        assert store.delete(user) == 60
        assert files_with(tmp_path, user) == []
    assert {user: store.held(user) for user in kept} == before
    assert files_with(tmp_path, kept[0])


def test_nothing_is_left_of_the_pruned(store: SqliteEventStore, tmp_path: Path) -> None:  # 2
    users = filled(store)
    assert store.prune(2e6) == 3600
    assert [user for user in users if files_with(tmp_path, user)] == []


def test_nothing_is_left_in_a_large_file(tmp_path: Path) -> None:  # 2
    store = SqliteEventStore(tmp_path / "events.db", rewritten_bytes=0)
    for user in ("somebody", "another"):
        store.add(events_of(user, 5, random.Random(1)))
    store.delete("somebody")
    assert files_with(tmp_path, "somebody") == []
    assert len(store.held("another")) == 5
    store.close()


def test_a_reader_in_the_way(store: SqliteEventStore, tmp_path: Path) -> None:  # 2
    store.add(events_of("somebody", 3, random.Random(1)))
    reader = sqlite3.connect(tmp_path / "events.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    with pytest.raises(StorageError, match="others are reading") as told:
        store.delete("somebody")
    assert "try again" in str(told.value.hint)
    reader.close()
    store.delete("somebody")
    assert files_with(tmp_path, "somebody") == []


_WRITER = """
import sys
from pathlib import Path
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
store, name = SqliteEventStore(Path(sys.argv[1])), sys.argv[2]
accepted = 0
for n in range(60):
    events = [ShopperEvent(f"shared{n}", n, EventType.CLICK, "u", "", "p")]
    events += [ShopperEvent(f"{name}{n}.{k}", n, EventType.CLICK, "u", "", "p") for k in range(3)]
    accepted += store.add(events).accepted
print(accepted)
"""


def test_several_processes(tmp_path: Path) -> None:  # 3
    path = tmp_path / "new" / "events.db"
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, path, name], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for name in "ab"
    ]
    accepted = sum(int(writer.communicate(timeout=60)[0]) for writer in writers)
    store = SqliteEventStore(path)
    found = [event.id for event in store.held("u")]
    assert accepted == len(found) == len(set(found)) == 60 + 2 * 180
    store.close()


def test_another_format(store: SqliteEventStore, tmp_path: Path) -> None:  # 4
    store.add(events_of("u", 1, random.Random(1)))
    store.close()
    with sqlite3.connect(tmp_path / "events.db") as other:
        other.execute("PRAGMA user_version=99")
    other.close()
    for what in (lambda: store.of_user("u"), lambda: store.choose("u", Choices())):
        with pytest.raises(StorageError, match="format 99; this version reads 1"):
            what()


def test_a_damaged_file(tmp_path: Path) -> None:  # 4
    path = tmp_path / "events.db"
    path.write_bytes(b"nonsense" * 1000)
    store = SqliteEventStore(path)
    with pytest.raises(StorageError, match="not a database") as told:
        store.of_user("u")
    assert "load the event files again" in str(told.value.hint)
    with pytest.raises(StorageError, match="cannot be kept or read"):
        SqliteEventStore(path / "below").choose("u", Choices())


def test_a_full_disk(store: SqliteEventStore) -> None:  # 4
    rng = random.Random(3)
    kept = events_of("u", 50, rng)
    store.add(kept)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    told: StorageError | None = None
    try:
        while told is None:
            more = events_of("u", 50, rng)
            try:
                store.add(more)
                kept += more
            except StorageError as error:
                told = error
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "nothing of this call was kept" in str(told.hint), told
    assert {event.id for event in store.held("u")} == {event.id for event in kept}
    assert store.add(more).accepted == 50


def test_reading_makes_no_file(store: SqliteEventStore, tmp_path: Path) -> None:  # 5
    assert (store.of_user("u"), store.version("u"), [*store.scan()]) == ([], 0, [])
    assert [*tmp_path.iterdir()] == []


def test_threads(store: SqliteEventStore) -> None:  # 6
    mine = events_of("u", 400, random.Random(2))

    def work(number: int) -> int:
        version = store.version("u")
        known = len(store.of_user("u"))
        accepted = store.add(mine[number * 10 : number * 10 + 10]).accepted
        assert store.version("u") > version
        assert len(store.of_user("u")) >= known + 10
        return accepted

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(40))) == 400
    assert len(store.of_user("u")) == 400


def test_rights(store: SqliteEventStore, tmp_path: Path) -> None:  # 7
    store.add([replace(event, query="") for event in events_of("u", 1, random.Random(1))])
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_commit_waits_for_the_disk(store: SqliteEventStore) -> None:  # 8
    with store._file.writing() as db:
        settings = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")]
    assert settings == [2, "wal"]
