"""A generation that answers many times slower than the served one would take the service down with it.

Both are asked the same in turns, on this machine and now, so that only their quotient counts: an absolute bound would
fail on a busy machine and pass on a fast one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from indexer.checks.context import CheckContext
from indexer.checks.sample import spaced
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import Filters, LexicalQuery

_QUERIES = 30
_QUERY_CHARS = 10
"""As long as real queries are."""
_DEPTH = 100


def latency(context: CheckContext, clock: Callable[[], float] = time.perf_counter) -> list[str]:
    """The median of a search by words and by vector is not many times that of the served generation."""
    sample, gates = context.sample, context.gates
    if context.served is None or not len(sample) or not gates.latency_ratio:
        return []
    places = spaced(len(sample), _QUERIES).tolist()
    queries = [context.analyzer.query(str(sample.records[place]["title"])[:_QUERY_CHARS]).weights for place in places]
    times: tuple[list[float], list[float]] = ([], [])
    for warm in (True, False):
        for weights in queries:
            for reader, taken in zip((context.reader, context.served), times, strict=True):
                started = clock()
                _ask(reader, weights)
                if not warm:
                    taken.append(1000 * (clock() - started))
    now, before = (float(np.median(taken)) for taken in times)
    if now <= max(gates.latency_floor_ms, gates.latency_ratio * before):
        return []
    return [
        f"a search takes {now:.1f} ms at the median, in the published generation {before:.1f}; at most "
        f"{gates.latency_ratio:g} times as long is let through (gates.latency_ratio)"
    ]


def _ask(reader: IndexReader, weights: dict[str, float]) -> None:
    reader.lexical(LexicalQuery(weights, dict.fromkeys(PRODUCT.text, 1.0), (), 0), Filters(), _DEPTH)
    if dim := reader.manifest.dim:
        reader.semantic(np.eye(1, dim, dtype=np.float32)[0], Filters(), _DEPTH)
