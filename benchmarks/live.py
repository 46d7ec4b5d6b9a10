"""Livestreams: how soon a state is visible, and what a search pays for asking.

state → what a search sees   a change that one store takes → the view of another over the same file, asked all the time
POST → badge                 of a real service with two workers, asked all the time, a new connection each
a look                       what one search pays for asking what is on screen

python -m benchmarks.live [--dir FOLDER ON THE DISK THAT COUNTS]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.serving import serving
from benchmarks.table import print_rows
from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.live.state import Change, State
from retrieval.live.view import Rooms

HEARTBEAT, REFRESH_MS, ASKED = 90.0, 20.0, 300
OTHERS, PAUSE_S = 200, 0.05
"""Other rooms, and the pause between two of their heartbeats: each speaks every ten seconds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, help="where the files lie; else a temporary folder")
    parser.add_argument("--speak", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.speak:
        _speak(given.speak)
    with tempfile.TemporaryDirectory(dir=given.dir) as folder:
        print_rows([*_store(Path(folder) / "rooms.db"), *_http(Path(folder)), *_asking(Path(folder))])


def _store(path: Path) -> Iterator[dict[str, Any]]:
    writer, reader = (SqliteLiveStore(path, heartbeat=HEARTBEAT) for _ in range(2))
    rooms = Rooms(reader, refresh_ms=REFRESH_MS)

    def shown(product: str) -> float:
        return _until(
            lambda: writer.put("l1", Change(State.ON_AIR, time.time(), product)),
            lambda: product in rooms.on_screen(time.time()),
        )

    yield {"what": "state → what a search sees, nobody beside"} | _times([shown(f"p{n}") for n in range(ASKED)])
    with subprocess.Popen([sys.executable, "-m", "benchmarks.live", "--speak", str(path)]) as others:
        time.sleep(2.0)
        yield {"what": f"the same, {OTHERS} other rooms, {1 / PAUSE_S:.0f} heartbeats a second"} | _times(
            [shown(f"q{n}") for n in range(ASKED)]
        )
        others.kill()
    writer.close()
    reader.close()


def _http(folder: Path) -> Iterator[dict[str, Any]]:
    shop = folder / "shop.jsonl"
    shop.write_text("".join(f'{{"id": "p{n}", "title": "保温杯 {n}号"}}\n' for n in range(50)), "utf-8")
    chosen = ["--data-dir", str(folder), "--set", "encoder.name=none"]
    command = [sys.executable, "-m", "xunhuo", "rebuild", "--products", str(shop), *chosen]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with serving(folder, ["encoder.name=none", "live.accept_states=true"], workers=2) as (client, _):

        def post(product: str) -> None:
            body = {"state": "on_air", "ts": time.time(), "product_id": product}
            client.post("/v1/live/l1/state", json=body).raise_for_status()

        def badged(product: str) -> bool:
            hits = client.get("/v1/search", params={"q": "保温杯", "size": 50}).json()["hits"]
            return any(hit["live"] for hit in hits if hit["id"] == product)

        answered = [_until(partial(post, f"p{n % 50}"), lambda: True) for n in range(ASKED)]
        visible = [_until(partial(post, f"p{n % 50}"), partial(badged, f"p{n % 50}")) for n in range(ASKED)]
        yield {"what": "POST → its answer, two workers"} | _times(answered)
        yield {"what": "POST → badge in an answer of /v1/search"} | _times(visible)


def _asking(folder: Path) -> Iterator[dict[str, Any]]:
    for count in (3, 1_000):
        store = SqliteLiveStore(folder / f"{count}.db", heartbeat=HEARTBEAT)
        for number in range(count):
            store.put(f"l{number}", Change(State.ON_AIR, time.time(), f"p{number}"))
        kept, read = Rooms(store, refresh_ms=1e9), Rooms(store, refresh_ms=0)
        for name, rooms in (("kept", kept), ("read anew, nothing changed", read)):
            looks = [_until(partial(rooms.on_screen, time.time()), lambda: True) for _ in range(ASKED)]
            yield {"what": f"a look with {count:,} rooms on air, {name}"} | _times(looks)
        store.close()


def _until(done: Callable[[], object], seen: Callable[[], bool]) -> float:
    """Seconds from before `done` until `seen`."""
    started = time.perf_counter()
    done()
    while not seen():
        time.sleep(0.0005)
    return time.perf_counter() - started


def _times(seconds: list[float]) -> dict[str, float]:
    return {f"ms p{q}": round(float(np.percentile(seconds, q)) * 1000, 3) for q in (50, 99)}


def _speak(path: Path) -> None:
    """Heartbeats of other rooms, until it is killed."""
    store, number = SqliteLiveStore(path, heartbeat=HEARTBEAT), 0
    while True:
        store.put(f"other{number % OTHERS}", Change(State.ON_AIR, time.time(), f"other{number % OTHERS}"))
        number += 1
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
