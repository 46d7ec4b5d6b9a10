"""Memory and disk of both backends, after they have answered.

process      resident memory of a Python process that has one engine open and has answered all queries once; the files
             that an embedded engine has mapped and touched are in it
node         the whole OpenSearch node as `_nodes/stats` tells: heap in use, other memory of the JVM, and files mapped
             (which the page cache holds as far as there is room); its resident memory where it runs on this machine
disk         of one generation
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import Any

import opensearchpy
import psutil

from configs.settings import Settings
from retrieval.request import SearchRequest
from retrieval.wiring import open_engine
from retrieval.wiring.places import make_backend

_MIB = 2**20


def measure_footprint(
    settings: dict[str, Settings], client: opensearchpy.OpenSearch, queries: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """One row for each process, in MiB."""
    for name, of in settings.items():
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            resident = pool.submit(resident_after, of, list(queries)).result()
        yield {"what": f"process: {name}", "resident": round(resident / _MIB), "disk": round(_disk(of) / _MIB)}
    stats = client.nodes.stats(metric="jvm")["nodes"]
    processes = client.nodes.info(metric="process")["nodes"]
    for node, found in stats.items():
        memory, pools = found["jvm"]["mem"], found["jvm"]["buffer_pools"]
        off_heap = memory["non_heap_used_in_bytes"] + pools["direct"]["used_in_bytes"]
        yield {
            "what": "node",
            "resident": _resident(int(processes[node]["process"]["id"])),
            "heap": round(memory["heap_used_in_bytes"] / _MIB),
            "other": round(off_heap / _MIB),
            "mapped": round(pools["mapped"]["used_in_bytes"] / _MIB),
        }


def resident_after(settings: Settings, queries: list[str]) -> int:
    """Bytes of this process with an engine open that has answered."""
    engine = open_engine(settings)
    for query in queries:
        engine.search(SearchRequest(query))
    resident = int(psutil.Process().memory_info().rss)
    engine.close()
    return resident


def _disk(settings: Settings) -> int:
    backend = make_backend(settings)
    manifest = backend.open(str(backend.current())).manifest
    return sum(int(entry["bytes"]) for entry in manifest.files.values())


def _resident(process: int) -> int | str:
    with suppress(psutil.Error):
        found = psutil.Process(process)
        if "java" in found.name():
            return round(found.memory_info().rss / _MIB)
    return ""
