"""Serving: workers of a real server, under a load of clients, on one generation.

    python -m benchmarks.serving --data-dir data/demo --queries queries.txt

workers    `xunhuo serve --workers 1` and `2`, eight clients, every query new: requests a second, two ÷ one
memory     resident and proportional (shared pages divided among those who map them) MiB of a worker after so many
           different searches, and what one more worker adds
switching  an engine that is asked by one client while a copy of its generation is published, opened and prepared again
           and again: p50 and p99 of those searches ÷ those of an idle engine
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

from benchmarks.drive import drive
from benchmarks.search import read_queries
from benchmarks.table import print_rows
from configs.settings import Settings, load_settings
from retrieval.generations import read_manifest
from retrieval.request import SearchRequest
from retrieval.wiring import open_engine
from retrieval.wiring.places import make_backend

_MIB = 2**20
_CLIENTS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data/demo"))
    parser.add_argument("--queries", type=Path, required=True, help="one query a line, or qid<TAB>query")
    parser.add_argument("--count", type=int, default=400, help="queries of each load")
    parser.add_argument("--searches", type=int, default=5000, help="different searches before memory is read")
    parser.add_argument("--switches", type=int, default=3)
    parser.add_argument("--only", choices=["workers", "memory", "switching"], action="append")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    settings = load_settings((), given.overrides, given.data_dir)
    chosen = given.only or ["workers", "memory", "switching"]
    queries = iter(read_queries(given.queries, 4 * given.count + given.searches))

    def take(count: int) -> list[str]:
        return [query for _, query in zip(range(count), queries, strict=False)]

    rows: list[dict[str, Any]] = []
    if "workers" in chosen:
        rows += _workers(settings, given.overrides, (take(given.count), take(given.count)))
    if "memory" in chosen:
        rows += _memory(settings, given.overrides, take(given.searches))
    if "switching" in chosen:
        rows += _switching(settings, take(given.count), given.switches)
    print(json.dumps(rows, ensure_ascii=False, indent=2)) if given.json else print_rows(rows)


def _workers(settings: Settings, overrides: Sequence[str], loads: tuple[list[str], list[str]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for workers, queries in zip((1, 2), loads, strict=True):
        with serving(settings.data_dir, overrides, workers) as (client, _):
            turned_away: list[int] = []

            def ask(query: str, client: httpx.Client = client, away: list[int] = turned_away) -> None:
                while (answer := client.get("/v1/search", params={"q": query})).status_code == 503:
                    away.append(1)
                    time.sleep(0.01)
                answer.raise_for_status()

            drive(ask, queries[:40], _CLIENTS)
            spent, wall = drive(ask, queries[40:], _CLIENTS)
        rate = len(spent) / wall
        ratio = rate / rows[0]["per second"] if rows else 1.0
        rows.append({
            "what": f"{workers} workers, {_CLIENTS} clients", "p50": round(float(np.percentile(spent, 50)), 1),
            "p99": round(float(np.percentile(spent, 99)), 1), "per second": round(rate, 1), "ratio": round(ratio, 2),
            "turned away": len(turned_away),
        })  # fmt: skip
    return rows


def _memory(settings: Settings, overrides: Sequence[str], queries: list[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for workers in (1, 2):
        with serving(settings.data_dir, overrides, workers) as (client, server):

            def ask(query: str, client: httpx.Client = client) -> None:
                client.get("/v1/search", params={"q": query})

            started = [_memory_of(process) for process in _searching(server, workers)]
            drive(ask, queries, 2)
            after = [_memory_of(process) for process in _searching(server, workers)]
        found.append({
            "what": f"memory, {workers} workers", "started": max(rss for rss, _ in started),
            "resident": max(rss for rss, _ in after), "proportional, all": sum(pss for _, pss in after),
        })  # fmt: skip
    more = found[1]["proportional, all"] - found[0]["proportional, all"]
    return [*found, {"what": "memory, one more worker", "proportional, all": more}]


def _switching(settings: Settings, queries: list[str], switches: int) -> list[dict[str, Any]]:
    """Copies share their files with the first by hard links, as if a rebuild had written them."""
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as scratch:
        data = Path(scratch)
        current = str(make_backend(settings).current())
        source = settings.data_dir / "generations" / current
        names = [current, *(f"g20990101T00000{n}.000Z-{n:04x}" for n in range(switches))]
        for name in names:
            _linked(source, data / "generations" / name)
        (data / "CURRENT").write_text(f"{current}\n")
        shutil.copytree(settings.data_dir / "cache", data / "cache", copy_function=_link, dirs_exist_ok=True)
        here = settings.model_copy(update={"data_dir": data})
        engine = open_engine(here)
        half = len(queries) // 2
        drive(lambda q: engine.search(SearchRequest(q)), queries[:20], 1)
        idle, _ = drive(lambda q: engine.search(SearchRequest(q)), queries[20:half], 1)
        busy: list[float] = []
        asked = iter(queries[half:] * 50)
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                busy.extend(drive(lambda q: engine.search(SearchRequest(q)), [next(asked)], 1)[0])

        asking = threading.Thread(target=ask)
        asking.start()
        for name in names[1:]:
            make_backend(here).publish(name)
            engine.refresh()
            assert engine.generation == name
        done.set()
        asking.join()
        engine.close()
    rows = [_spread("switching: idle", idle), _spread("switching: while generations are opened and published", busy)]
    rows[1]["ratio"] = round(rows[1]["p99"] / rows[0]["p99"], 2)
    return rows


def _spread(what: str, spent: list[float]) -> dict[str, Any]:
    p50, p99 = np.percentile(spent, [50, 99])
    return {"what": what, "p50": round(float(p50), 1), "p99": round(float(p99), 1), "searches": len(spent)}


def _linked(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=_link)
    manifest = target / "manifest.json"
    content = json.loads(manifest.read_text()) | {"generation": target.name}
    manifest.unlink()
    manifest.write_text(json.dumps(content))
    read_manifest(manifest.read_bytes(), target.name)


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


@contextlib.contextmanager
def serving(
    data_dir: Path, overrides: Sequence[str], workers: int, ready: str = "/readyz"
) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    """A service of its own, and a client of it that opens a connection for each request."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "xunhuo", "serve", "--port", str(port), "--data-dir", str(data_dir)]
    command += ["--workers", str(workers)]
    command += [word for override in overrides for word in ("--set", override)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            limits = httpx.Limits(max_keepalive_connections=0)  # a new connection each, so that workers share the load
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as client:
                _wait(client, ready)
                yield client, psutil.Process(server.pid)
        finally:
            server.terminate()


def _wait(client: httpx.Client, ready: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            if client.get(ready).status_code == 200:
                time.sleep(1)  # the other workers
                return
        time.sleep(0.1)
    raise SystemExit("the server did not come up in 60 seconds")


def _searching(server: psutil.Process, workers: int) -> list[psutil.Process]:
    """The processes that answer: the largest ones, for a supervisor answers nothing."""
    every = [server, *server.children(recursive=True)]
    return sorted(every, key=lambda process: -int(process.memory_info().rss))[:workers]


def _memory_of(process: psutil.Process) -> tuple[int, int]:
    """Resident and proportional memory in MiB."""
    full = process.memory_full_info()
    return round(full.rss / _MIB), round(full.pss / _MIB)


if __name__ == "__main__":
    main()
