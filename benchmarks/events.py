"""Events: how many a second are durable, and how soon an accepted one is seen.

durable   batches into a new file, each committed and synced before the next
visible   one event accepted → read by another store over the same file, while nobody or another process ingests

python -m benchmarks.events [--dir FOLDER ON THE DISK THAT COUNTS]
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.table import print_rows
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore

EVENTS, USERS, ITEMS, ASKED = 100_000, 5_000, 50_000, 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, help="where the file lies; else a temporary folder")
    parser.add_argument("--ingest", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ingest:
        _ingest(given.ingest)
    with tempfile.TemporaryDirectory(dir=given.dir) as folder:
        print_rows([*_durable(Path(folder)), *_visible(Path(folder) / "events.db")])


def made(count: int, seed: int) -> Iterator[ShopperEvent]:
    """Clicks with random ids, over a month."""
    rng = random.Random(seed)
    for number in range(count):
        user, item = rng.randrange(USERS), rng.randrange(ITEMS)
        yield ShopperEvent(
            f"{rng.getrandbits(128):032x}", 1.7e9 + 26.0 * number, EventType.CLICK, f"u{user}", f"s{user}-{number % 4}",
            f"p{item}", query="红色 连衣裙", position=number % 40, surface="search",
        )  # fmt: skip


def _durable(folder: Path) -> Iterator[dict[str, Any]]:
    for batch in (1, 100, 1_000):
        store = SqliteEventStore(folder / f"{batch}.db")
        events = list(made(EVENTS if batch > 1 else 2_000, batch))
        started = time.perf_counter()
        for start in range(0, len(events), batch):
            store.add(events[start : start + batch])
        rate = len(events) / (time.perf_counter() - started)
        store.close()
        yield {"what": "durable", "batch": batch, "events": len(events), "events a second": round(rate)}


def _visible(path: Path) -> Iterator[dict[str, Any]]:
    writer, reader = SqliteEventStore(path), SqliteEventStore(path)
    events = made(10 * ASKED, 7)
    for beside in ("nobody", "another process ingests"):
        command = [sys.executable, "-m", "benchmarks.events", "--ingest", str(path)]
        other = subprocess.Popen(command) if beside != "nobody" else None
        time.sleep(2.0 if other else 0.0)
        seconds = [_seen_after(writer, reader, next(events)) for _ in range(ASKED)]
        if other:
            other.kill()
            other.wait()
        p50, p99 = (round(float(np.percentile(seconds, q)) * 1000, 2) for q in (50, 99))
        yield {"what": f"visible, {beside}", "batch": 1, "events": ASKED, "ms p50": p50, "ms p99": p99}
    writer.close()
    reader.close()


def _seen_after(writer: SqliteEventStore, reader: SqliteEventStore, event: ShopperEvent) -> float:
    before, started = reader.version(event.user_id), time.perf_counter()
    writer.add([event])
    while reader.version(event.user_id) == before or event not in reader.of_user(event.user_id):
        pass
    return time.perf_counter() - started


def _ingest(path: Path) -> None:
    """Batches of a hundred until it is killed."""
    store, seed = SqliteEventStore(path), 100
    while True:
        store.add([*made(100, seed)])
        seed += 1


if __name__ == "__main__":
    main()
