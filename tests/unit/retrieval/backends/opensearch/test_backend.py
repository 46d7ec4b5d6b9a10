"""The backend, in front of a cluster that is too slow:

1. A deadline given bounds the look-up of the served generation, its opening, and the search for one that is not there.
2. So does the deadline of a reader, whatever it is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.reader import OpenSearchJourney, OpenSearchReader
from retrieval.backends.opensearch.view import View
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded
from retrieval.generations import Collection, Manifest
from retrieval.schema import PRODUCT
from retrieval.snapshot import Snapshot
from retrieval.types import Filters, Sort
from tests.contract.world import asking, direction
from tests.unit.retrieval.backends.opensearch.server import serving

GENERATION = "g20260101T120000.000Z-1a2b"
SLOW_SECONDS, ALLOWED_MS = 1.0, 100
ROWS = np.arange(3)


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    with serving(lambda n, _: (200, b"{}", SLOW_SECONDS)) as server:
        yield server.url


def assert_bounded(ask: Callable[[Deadline], object]) -> None:
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        ask(Deadline.after_ms(ALLOWED_MS))
    assert time.monotonic() - started < SLOW_SECONDS * 0.9


def test_the_backend(slow: str) -> None:  # 1
    backend = OpenSearchBackend(ClusterOptions((slow,)))
    assert_bounded(backend.current)
    assert_bounded(lambda deadline: backend.open(GENERATION, deadline))
    assert_bounded(lambda deadline: backend.open("no generation", deadline))
    backend.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda reader: reader.row_of("p01"),
        lambda reader: reader.sources(ROWS),
        lambda reader: reader.lexical(asking("红色"), Filters(), 5),
        lambda reader: reader.semantic(direction(0), Filters(), 5),
        lambda reader: reader.facets(PRODUCT.facets, ROWS),
        lambda reader: reader.sort_keys(Sort.SALES, ROWS),
        lambda reader: reader.passing(Filters(in_stock=True), ROWS),
        lambda reader: reader.by_id(ROWS),
    ],
)
def test_a_reader(slow: str, ask: Callable[[OpenSearchJourney], object]) -> None:  # 2
    cluster = Cluster(ClusterOptions((slow,)))
    manifest = Manifest(GENERATION, "2026-01-01", "a", "e", 8, {"product": Collection(12, {"title": 12}, {})}, {})
    reader = OpenSearchReader(
        View(cluster, "i", PRODUCT, manifest, "x", explored=100, shards=1, snapshot=Snapshot(GENERATION))
    )
    assert_bounded(lambda deadline: ask(reader.journey(deadline)))
    cluster.close()
