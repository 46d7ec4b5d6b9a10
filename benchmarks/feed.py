"""The mall: how long a page of a feed, things like a thing and learning from events take.

everybody     first page for nobody
warm          first page for a shopper whose profile is known; *later pages* of the same cursor
just clicked  first page right after something was done: the profile is learned anew

python -m benchmarks.feed --data-dir FOLDER [--events N]      # events are made, into a temporary file
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.table import print_rows
from configs.settings import load_settings
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.store import EventStore
from retrieval.mall.answer import FeedRequest
from retrieval.mall.mall import Mall
from retrieval.protocols import IndexReader
from retrieval.types import EVERYTHING
from retrieval.wiring import open_engine
from retrieval.wiring.interest import open_profiles
from retrieval.wiring.mall import make_mall
from retrieval.wiring.places import open_events

SHOPPERS, VISIT, ASKED = 400, 8, 300
NOW = 1.7e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True, help="with a published generation")
    parser.add_argument("--events", type=int, default=200_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        overrides = [f"interest.events_file={folder}/events.db", "backend.name=embedded"]
        settings = load_settings(overrides=overrides, data_dir=given.data_dir)
        store = open_events(settings)
        profiles = open_profiles(settings, store)
        engine = open_engine(settings, profiles)
        events = list(made(engine.serving.reader, given.events))
        for start in range(0, len(events), 5_000):
            store.add(events[start : start + 5_000])
        mall = make_mall(settings, engine, store, profiles)
        print_rows([_learning(mall, len(events)), *_pages(mall, store), *_things(mall, events)])
        engine.close()
        store.close()


def made(reader: IndexReader, count: int) -> Iterator[ShopperEvent]:
    """Visits: a random product, and what is near it; every tenth thing is ordered."""
    rng = random.Random(5)
    seeds = np.array(rng.sample(range(reader.rows), min(2_000, reader.rows)))
    near = [reader.semantic(vector.astype(np.float32), EVERYTHING, 20).rows for vector in reader.vectors(seeds)]
    ids = {row: orjson.loads(reader.sources(np.array([row]))[0])["id"] for row in np.unique(np.concatenate(near))}
    for number in range(count):
        visit, step = divmod(number, VISIT)
        if not step:
            around, who = rng.choice(near), rng.randrange(SHOPPERS)
        kind = EventType.ORDER if rng.random() < 0.1 else EventType.CLICK
        yield ShopperEvent(
            f"e{number}", NOW - 10.0 * (count - number), kind, f"u{who}", f"s{visit}", ids[int(rng.choice(around))],
            query=f"要{visit % 3000}", surface="search",
        )  # fmt: skip


def _learning(mall: Mall, events: int) -> dict[str, Any]:
    before, started = _resident(), time.perf_counter()
    mall.refresh()
    seconds = time.perf_counter() - started
    return {"what": f"learning, {events:,} events", "ms p50": round(seconds * 1000), "MB": _resident() - before}


def _pages(mall: Mall, store: EventStore) -> Iterator[dict[str, Any]]:
    shoppers = [FeedRequest(f"u{n % SHOPPERS}", now=NOW) for n in range(ASKED)]
    yield _timed("feed, everybody", [partial(mall.feed, FeedRequest(now=NOW))] * ASKED)
    for request in shoppers:
        mall.feed(request)
    yield _timed("feed, warm", [partial(mall.feed, request) for request in shoppers])
    later = [replace(request, cursor=mall.feed(request).next_cursor) for request in shoppers]
    yield _timed("feed, warm, later pages", [partial(mall.feed, request) for request in later])
    for n, request in enumerate(shoppers):
        event = next(iter(store.of_user(request.user_id)))
        store.add([replace(event, id=f"new{n}", ts=NOW - 5, type=EventType.CLICK)])
    yield _timed("feed, just clicked", [partial(mall.feed, request) for request in shoppers])


def _things(mall: Mall, events: list[ShopperEvent]) -> Iterator[dict[str, Any]]:
    things = [event.item_id for event in events[: 10 * ASKED : 10]]
    yield _timed("similar", [partial(mall.similar, thing, 20) for thing in things])
    yield _timed("also", [partial(mall.also, thing, 20) for thing in things])
    mall.related("连衣裙", 10)
    yield _timed("related", [partial(mall.related, event.query, 10) for event in events[:ASKED]])


def _timed(what: str, calls: list[Callable[[], object]]) -> dict[str, Any]:
    calls[0]()
    walls, before = [], time.thread_time()
    for call in calls:
        started = time.perf_counter()
        call()
        walls.append((time.perf_counter() - started) * 1000)
    cpu = (time.thread_time() - before) / len(calls) * 1000
    p50, p99 = (round(float(np.percentile(walls, q)), 1) for q in (50, 99))
    return {"what": what, "calls": len(calls), "ms p50": p50, "ms p99": p99, "CPU ms": round(cpu, 1)}


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
