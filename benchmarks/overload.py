"""One worker under more load than it can bear, and what its memory of answers is worth.

    python -m benchmarks.overload --data-dir data/demo --queries queries.txt

replay     eight clients; 60 % of the requests repeat one of the last 400 different ones, the rest are new; the same
           worker answering what it remembers alone: requests a second, and the first ÷ the second
normal     half of that rate, whether or not earlier ones were answered: p50, p99 of what is served
2 x, 8 x   so many times that rate: p99 of what is served ÷ normal, how many are turned away and how soon,
           answers that lack something, p99 of /healthz, memory before and after
recovery   seconds from the end of the last flood until a second of normal load is served whole, at most twice as slow

p50 and p99 in milliseconds, counted from the moment when a request was due.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from benchmarks.flood import Answered, driven, flooded, p
from benchmarks.search import read_queries
from benchmarks.serving import serving
from benchmarks.table import print_rows

_CLIENTS = 8
_REPEATED, _LATELY = 0.6, 400
_MIB = 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data/demo"))
    parser.add_argument("--queries", type=Path, required=True, help="one query a line, or qid<TAB>query")
    parser.add_argument("--seconds", type=float, default=60, help="of each load")
    parser.add_argument("--times", type=float, nargs="*", default=[2, 8])
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    queries = read_queries(given.queries, 200_000)
    with serving(given.data_dir, given.overrides, 1) as (client, server):
        rows = measure(int(client.base_url.port or 0), server, queries, given.seconds, given.times)
    print(json.dumps(rows, ensure_ascii=False, indent=2)) if given.json else print_rows(rows)


def measure(
    port: int, server: psutil.Process, queries: Sequence[str], seconds: float, times: Sequence[float]
) -> list[dict[str, Any]]:
    """One row a load, in the order of the page above."""
    paths = replayed(queries)
    driven(port, paths, 2, min(seconds, 10))  # the first searches find cold files
    mixed = _row("replay", driven(port, paths, _CLIENTS, seconds), seconds)
    known = [path_of(query) for query in queries[:50]]
    driven(port, itertools.cycle(known), 1, seconds / 3)
    cached = _row("remembered alone", driven(port, itertools.cycle(known), _CLIENTS, seconds / 3), seconds / 3)
    mixed["ratio"] = round(mixed["per second"] / cached["per second"], 2)
    rate = max(mixed["per second"], 2.0)
    normal = _row("normal", flooded(port, paths, rate / 2, seconds), seconds)
    rows = [cached, mixed, normal]
    for many in times:
        before = server.memory_info().rss
        with Heartbeat(port) as beating:
            answers = flooded(port, paths, many * rate, seconds)
        row = _row(f"{many:g} x", answers, seconds)
        row["ratio"] = round(row["p99"] / normal["p99"], 2) if row["p99"] else None
        row |= {"healthz p99": p(99, beating.answers, bool), "MiB before": before // _MIB}
        rows.append(row | {"MiB after": server.memory_info().rss // _MIB})
    rows.append({"what": "recovery", "seconds": _recovery(port, paths, rate / 2, 2 * normal["p99"])})
    return rows


def path_of(query: str) -> str:
    return "/v1/search?q=" + quote(query, safe="")


def replayed(queries: Sequence[str], seed: int = 1) -> Iterator[str]:
    """Searches of a log: new queries in turn, and among them those of lately again; it ends with the queries."""
    dice, lately = random.Random(seed), list[str]()
    for query in queries[100:]:
        while lately and dice.random() < _REPEATED:
            yield path_of(dice.choice(lately[-_LATELY:]))
        lately.append(query)
        yield path_of(query)


class Heartbeat:
    """Asks /healthz ten times a second while it is open."""

    def __init__(self, port: int) -> None:
        self.answers: list[Answered] = []
        self._port, self._over = port, threading.Event()
        self._thread = threading.Thread(target=self._beat)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.is_set():
            self.answers += flooded(self._port, itertools.repeat("/healthz"), 10, 1)


def _recovery(port: int, paths: Iterator[str], rate: float, bound: float) -> float | None:
    """Seconds until a second of such a load is answered whole and within `bound` ms; None where that is not seen."""
    started = time.perf_counter()
    for _ in range(30):
        begun = time.perf_counter() - started
        answers = flooded(port, paths, rate, 1)
        slowest = p(99, answers, bool)
        if slowest and slowest <= bound and all(each.status == 200 and not each.degraded for each in answers):
            return round(begun, 1)
    return None


def _row(what: str, answers: Sequence[Answered], seconds: float) -> dict[str, Any]:
    def served(each: Answered) -> bool:
        return each.status == 200

    def away(each: Answered) -> bool:
        return each.status == 503

    count = sum(map(served, answers))
    return {
        "what": what, "asked": len(answers), "per second": round(count / seconds, 1), "p50": p(50, answers, served),
        "p99": p(99, answers, served), "degraded": sum(each.degraded for each in answers),
        "turned away": sum(map(away, answers)), "away p50": p(50, answers, away), "away p99": p(99, answers, away),
        "lost": sum(not served(each) and not away(each) for each in answers),
    }  # fmt: skip


if __name__ == "__main__":
    main()
