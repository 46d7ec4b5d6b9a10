"""Answers that look right and are not, and writes that cannot be:

1. A shard is missing: no answer, one clear error; with the shard back, the whole answer.
2. A read-only index (a full disk): a build fails clearly and publishes nothing; a search goes on.
3. Fifty readers while the alias is switched: no failed request, and no answer of two generations.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import numpy as np
import pytest

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterRefused
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from tests import title_index
from tests.contract import world
from tests.contract.world import ROWS, asking
from tests.faults import cluster, load
from tests.faults.cluster import Nodes

pytestmark = [cluster.needs_nodes, pytest.mark.xdist_group("opensearch")]
TITLES = title_index.read_titles()


def test_a_shard_is_missing(nodes: Nodes, prefix: str) -> None:  # 1
    backend = cluster.backend(prefix, shards=3, replicas=0)
    cluster.build(backend, TITLES)
    engine = cluster.engine(backend)
    whole = load.ask(engine, "连衣裙", 30_000)
    assert whole.ids
    with nodes.killed(2):
        for _ in range(10):
            partial = load.ask(engine, "连衣裙", 1500)
            assert partial.error
            assert partial.ids == ()
    load.until(lambda: load.ask(engine, "连衣裙", 1500).ids == whole.ids)


def test_a_read_only_index(nodes: Nodes, prefix: str) -> None:  # 2
    backend = cluster.backend(prefix)
    serving = world.build(backend).generation
    connection = Cluster(ClusterOptions(cluster.URLS))
    block = {"index.blocks.read_only_allow_delete": True}
    with backend.create(analyzer="a", encoder=None, dim=0) as writer:
        connection.call("PUT", f"/{backend._names.index(PRODUCT.kind, writer.generation)}/_settings", body=block)
        writer.collection(PRODUCT.kind).add([world.document(row) for row in ROWS], None)
        with pytest.raises(ClusterRefused, match="12 documents were refused") as refused:
            writer.finish({}, None)
    assert "block" in refused.value.message
    assert ([m.generation for m in backend.manifests()], backend.current()) == ([serving], serving)
    connection.call("PUT", f"/{backend._names.index(PRODUCT.kind, serving)}/_settings", body=block)
    assert len(backend.open(serving).collection(PRODUCT.kind).lexical(asking("红色"), world.NO_FILTER, 12).rows) == 6


def _went_on(answered: list[str], seen: int, failed: list[Any]) -> bool:
    return len(answered) > seen + 60 or bool(failed)


def test_fifty_readers_and_a_switch(nodes: Nodes, prefix: str) -> None:  # 3
    backend = cluster.backend(prefix, connections=64)
    marks = ("甲版", "乙版")
    names = [cluster.build(backend, [f"{title} {mark}" for title in TITLES]) for mark in marks]
    mark_of = dict(zip(names, marks, strict=True))
    engine = cluster.engine(backend)
    done, mixed, failed, answered = threading.Event(), [], [], []

    def read() -> None:
        while not done.is_set():
            try:
                response = engine.search(SearchRequest("连衣裙", size=20, timeout_ms=30_000))
            except Exception as why:
                failed.append(why)
                return
            answered.append(response.generation)
            if not all(mark_of[response.generation] in str(hit.source["title"]) for hit in response.hits):
                mixed.append(response)

    readers = [threading.Thread(target=read) for _ in range(50)]
    for reader in readers:
        reader.start()
    for turn in np.arange(12):
        backend.publish(names[turn % 2])
        engine.refresh()
        seen = len(answered)
        load.until(partial(_went_on, answered, seen, failed))
    done.set()
    for reader in readers:
        reader.join()
    assert (failed, mixed) == ([], [])
    assert set(answered) == set(names)
