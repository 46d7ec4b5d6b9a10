"""What an encoder is and how fast it is here: plain functions under `xunhuo encoder build | info | bench`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from retrieval.encoders import open_encoder
from retrieval.encoders.caching import QueryCache
from retrieval.encoders.options import parse_options
from retrieval.errors import InputError
from retrieval.protocols import Encoder

_DOCUMENTS_A_CALL = 1024
"""Texts of one timed call: enough to fill batches of every length, as a rebuild does."""


@runtime_checkable
class Stored(Protocol):
    """An encoder that knows the size of its files in bytes."""

    @property
    def size_on_disk(self) -> int:
        """Bytes of weights, graph and vocabulary."""


def describe(encoder: Encoder) -> dict[str, object]:
    """Name, width, fingerprint and bytes on disk (None where the encoder does not know)."""
    opened = _unwrapped(encoder)
    return {
        "name": opened.name,
        "dim": opened.dim,
        "fingerprint": opened.fingerprint,
        "size_on_disk": opened.size_on_disk if isinstance(opened, Stored) else None,
    }


def build(
    name: str,
    *,
    options: Mapping[str, object],
    cache_dir: Path,
    threads: int,
    progress: Callable[[str], None],
) -> Encoder:
    """Builds the files of an encoder anew and opens it; encoders that need no building are only opened.

    Raises:
        EncoderError: see `open_encoder`.
    """
    if name == "e5":
        from retrieval.encoders.e5 import E5Options

        parse_options(E5Options, name, options).files(cache_dir, rebuild=True, progress=progress)
    encoder = open_encoder(name, options=options, cache_dir=cache_dir, threads=threads)
    progress(f"{name} is ready: {encoder.dim} numbers a text, fingerprint {encoder.fingerprint}")
    return encoder


def bench(encoder: Encoder, texts: Sequence[str], queries: Sequence[str], seconds: float) -> dict[str, object]:
    """Times queries one at a time, then documents in bulk, for about `seconds` each, after a call to warm up.

    Returns:
        name, query_ms_p50 and query_ms_p99, titles_per_second (wall clock, all the encoder's threads) and
        titles_per_cpu_second.

    Raises:
        InputError: no texts or no queries.
    """
    if not texts or not queries:
        raise InputError("There is nothing to time: the benchmark needs texts and queries.")
    opened = _unwrapped(encoder)
    waits = _time_queries(opened, queries, seconds)
    wall, cpu, count = _time_documents(opened, texts, seconds)
    return {
        "name": opened.name,
        "query_ms_p50": round(float(np.percentile(waits, 50)), 3),
        "query_ms_p99": round(float(np.percentile(waits, 99)), 3),
        "titles_per_second": round(count / wall, 1),
        "titles_per_cpu_second": round(count / max(cpu, 1e-9), 1),
    }


def _time_queries(encoder: Encoder, queries: Sequence[str], seconds: float) -> list[float]:
    """Milliseconds of each query."""
    encoder.encode_queries([queries[0]])
    waits = []
    end = time.perf_counter() + seconds
    for query in cycle(queries):
        start = time.perf_counter()
        encoder.encode_queries([query])
        now = time.perf_counter()
        waits.append((now - start) * 1000)
        if now >= end:
            break
    return waits


def _time_documents(encoder: Encoder, texts: Sequence[str], seconds: float) -> tuple[float, float, int]:
    """Wall seconds, processor seconds and texts encoded."""
    encoder.encode_documents(texts[:1])
    count = 0
    start, start_cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        first = count % len(texts)
        count += len(encoder.encode_documents(texts[first : first + _DOCUMENTS_A_CALL]))
    return time.perf_counter() - start, time.process_time() - start_cpu, count


def _unwrapped(encoder: Encoder) -> Encoder:
    return encoder.encoder if isinstance(encoder, QueryCache) else encoder
