"""Live changes: how fast they are taken, when they are found, and what searches pay for them.

patches, upserts       batches of a thousand (two hundred), as the API takes them; upserts beside what the encoder alone
                       makes of as many new titles
found                  a new product → the search of another process that finds it
searches               all different; while another process writes patches and upserts all the time ÷ while nobody does
recovery               a process that starts with everything above in the journal; and one that has lost the overlay

python -m benchmarks.changes --data-dir data/bench [--seconds 20]   # works on a copy of the generation that is served
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.table import print_rows
from configs.settings import Settings, load_settings
from indexer.changes.opening import open_catch_up, open_writer
from indexer.changes.writer import ProductWriter
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.wiring import open_engine
from retrieval.wiring.changes import open_changes
from retrieval.wiring.places import make_backend

BATCH, UPSERTS, SAMPLE, FOUND = 1_000, 200, 4_000, 30
PACE_S, PACED = 0.1, 100
"""Of the writer beside the searches: so many patches, and an upsert, in that time."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        _write(load_settings(overrides=given.overrides, data_dir=given.data_dir))
        return
    with tempfile.TemporaryDirectory(dir=given.data_dir.parent) as folder:
        copy = Path(folder) / "data"
        copy.mkdir()
        shutil.copytree(given.data_dir / "generations", copy / "generations")
        shutil.copy(given.data_dir / "CURRENT", copy)
        settings = load_settings(overrides=given.overrides, data_dir=copy)
        print_rows([*_taken(settings), *_searches(settings, given.seconds, given.overrides), *_recovery(settings)])


def _taken(settings: Settings) -> Iterator[dict[str, Any]]:
    writer, records = _writer(settings), _records(settings)
    writer.apply([{"op": "patch", "id": records[0]["id"], "price": 1.0}])
    batches = [
        [{"op": "patch", "id": each["id"], "price": 9.5 + turn, "stock": turn} for each in records[:BATCH]]
        for turn in range(10)
    ]
    seconds = [_timed(writer, batch) for batch in batches]
    yield {"what": "patches a second", "value": round(BATCH / float(np.median(seconds)))}
    encoder = writer.encoder()
    titles = [f"{each['title']} 新{place}" for place, each in enumerate(records[: 3 * UPSERTS])]
    if encoder:
        started = time.perf_counter()
        encoder.encode_documents(titles[:UPSERTS])
        bound = UPSERTS / (time.perf_counter() - started)
        yield {"what": "titles a second, the encoder alone", "value": round(bound, 1)}
    changed = [{**each, "op": "upsert", "title": title} for each, title in zip(records, titles, strict=False)]
    seconds = [_timed(writer, changed[start : start + UPSERTS]) for start in (UPSERTS, 2 * UPSERTS)]
    yield {"what": "upserts a second", "value": round(UPSERTS / float(np.median(seconds)), 1)}
    same = [{**each, "op": "upsert", "stock": 3} for each in records[BATCH : BATCH + UPSERTS]]
    yield {"what": "upserts a second, titles as they were", "value": round(UPSERTS / _timed(writer, same), 1)}


def _searches(settings: Settings, seconds: float, overrides: Sequence[str]) -> Iterator[dict[str, Any]]:
    engine, writer = open_engine(settings), _writer(settings)
    queries = iter(dict.fromkeys(each["title"][start : start + 6] for start in (0, 3) for each in _records(settings)))
    _asked(engine, queries, 1.0)
    idle = _asked(engine, queries, seconds)
    command = [sys.executable, "-m", "benchmarks.changes", "--write", "--data-dir", str(settings.data_dir)]
    command += [part for each in overrides for part in ("--set", each)]
    with subprocess.Popen(command) as beside:
        time.sleep(3.0)
        busy = _asked(engine, queries, seconds)
        beside.kill()
    for name, found in (("idle", idle), ("while others write", busy)):
        yield {"what": f"search, {name}: p50 / p99, ms", "value": f"{found[0]:.1f} / {found[1]:.1f}"}
    yield {"what": "p99 while others write ÷ idle", "value": round(busy[1] / idle[1], 2)}
    times = []
    for place in range(FOUND):
        started = time.perf_counter()
        writer.apply([{"op": "upsert", "id": f"found-{place}", "title": f"找得到 zq{place}x"}])
        while f"found-{place}" not in [hit.id for hit in engine.search(SearchRequest(f"zq{place}x")).hits]:
            pass
        times.append(1000 * (time.perf_counter() - started))
    told = f"{np.percentile(times, 50):.0f} / {np.percentile(times, 99):.0f}"
    yield {"what": "an upsert → found: p50 / p99, ms", "value": told}
    engine.close()


def _recovery(settings: Settings) -> Iterator[dict[str, Any]]:
    changes, backend = open_changes(settings), make_backend(settings)
    entries, built = changes.epoch(), backend.open(str(backend.current())).collection(PRODUCT.kind)
    started = time.perf_counter()
    changes.since_built(PRODUCT.kind, built, entries)
    per = 10_000 / entries * (time.perf_counter() - started)
    yield {"what": "recovery, s per 10,000 changes", "value": round(per, 2)}
    shutil.rmtree(settings.data_dir / "live")
    again = open_changes(settings)
    open_catch_up(settings, again)
    started = time.perf_counter()
    now = again.since_built(PRODUCT.kind, built, entries)
    appended = now.rows - built.rows
    seconds = time.perf_counter() - started
    yield {"what": f"an overlay of {appended:,} lost and made again, s", "value": round(seconds, 1)}


def _asked(engine: Engine, queries: Iterator[str], seconds: float) -> tuple[float, float]:
    """(p50, p99) in milliseconds, one after the other, none twice."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end and (query := next(queries, None)) is not None:
        started = time.perf_counter()
        engine.search(SearchRequest(query, timeout_ms=10_000))
        times.append(1000 * (time.perf_counter() - started))
    return float(np.percentile(times, 50)), float(np.percentile(times, 99))


def _write(settings: Settings) -> None:
    """Until it is killed."""
    writer, records, turn = _writer(settings), _records(settings), 0
    while True:
        started = time.monotonic()
        picked = [records[(turn * PACED + place) % len(records)] for place in range(PACED)]
        patches = [{"op": "patch", "id": each["id"], "price": 1.0 + turn} for each in picked]
        writer.apply([*patches, {**records[-1 - turn % 1000], "op": "upsert", "stock": turn}])
        turn += 1
        time.sleep(max(PACE_S - (time.monotonic() - started), 0.0))


def _writer(settings: Settings) -> ProductWriter:
    writer = open_writer(settings, open_changes(settings))
    assert writer is not None
    return writer


def _records(settings: Settings) -> list[dict[str, Any]]:
    backend = make_backend(settings)
    reader = backend.open(str(backend.current())).collection(PRODUCT.kind)
    return [orjson.loads(each) for each in reader.sources(np.arange(min(SAMPLE, reader.rows)))]


def _timed(writer: ProductWriter, batch: Sequence[dict[str, Any]]) -> float:
    started = time.perf_counter()
    writer.apply(batch)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
