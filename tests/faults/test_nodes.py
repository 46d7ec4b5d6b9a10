"""Nodes of a real cluster are killed, paused and brought back while it is searched, fed and switched:

1. A node is killed under load: every whole answer is the right one, and the search goes on from the copies.
2. A node hangs: every request ends by its deadline, with an answer or one clear error.
3. The whole cluster is gone: errors that come at once, not after the deadline; back, it answers as before.
4. A node is killed during a feed: either all documents are there, or nothing is published.
5. The elected node is killed during switches of the alias: it names one of the two generations, always.
"""

from __future__ import annotations

import threading
import time

import pytest

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.engine import Engine
from retrieval.errors import XunhuoError
from retrieval.schema import PRODUCT
from tests import title_index
from tests.faults import cluster, load
from tests.faults.cluster import Nodes

pytestmark = [cluster.needs_nodes, pytest.mark.xdist_group("opensearch")]
TITLES = title_index.read_titles()
LIMIT_MS = 1500.0
SLACK = 0.1
"""Seconds that an answer may come after its deadline."""


def expected(engine: Engine) -> dict[str, tuple[str, ...]]:
    """The right answers: the third time that the cluster gives all of them, when it is warm."""
    whole: list[list[load.Outcome]] = []

    def warm() -> bool:
        asked = [load.ask(engine, query, 30_000) for query in load.QUERIES]
        whole.extend([asked] if not any(outcome.error or outcome.degraded for outcome in asked) else [])
        return len(whole) == 3

    load.until(warm)
    return {outcome.query: outcome.ids for outcome in whole[-1]}


def test_a_node_is_killed_under_load(nodes: Nodes, prefix: str) -> None:  # 1
    backend = cluster.backend(prefix)
    cluster.build(backend, TITLES)
    engine = cluster.engine(backend)
    right = expected(engine)
    with load.searching(engine, LIMIT_MS) as under:
        load.until(lambda: len(under.answers) > 20)
        with nodes.killed(2):
            before = len(under.answers)
            load.until(lambda: len(under.answers) > before + 100)
    assert under.wrong(right) == []
    assert under.slowest < LIMIT_MS / 1000 + SLACK
    assert expected(engine) == right


def test_a_node_hangs(nodes: Nodes, prefix: str) -> None:  # 2
    backend = cluster.backend(prefix)
    cluster.build(backend, TITLES)
    engine = cluster.engine(backend)
    right = expected(engine)
    with nodes.paused(2), load.searching(engine, LIMIT_MS) as under:
        time.sleep(6)
    assert under.wrong(right) == []
    assert under.slowest < LIMIT_MS / 1000 + SLACK
    load.until(lambda: load.ask(engine, "连衣裙", LIMIT_MS).ids == right["连衣裙"])


def test_the_cluster_is_gone_and_back(nodes: Nodes, prefix: str) -> None:  # 3
    backend = cluster.backend(prefix, failures=3, rest_seconds=1.0)
    generation = cluster.build(backend, TITLES)
    engine = cluster.engine(backend)
    right = expected(engine)
    with nodes.killed(1, 2, 3):
        asked = [load.ask(engine, "连衣裙", LIMIT_MS) for _ in range(30)]
        assert all(outcome.error for outcome in asked)
        assert sum("in a row" in str(outcome.error) for outcome in asked) > 15  # the breaker answers
        assert max(outcome.seconds for outcome in asked) < LIMIT_MS / 1000 + SLACK
    load.until(lambda: load.ask(engine, "连衣裙", LIMIT_MS).ids == right["连衣裙"])
    assert expected(engine) == right
    assert (backend.current(), backend.verify(generation)) == (generation, [])


def test_a_node_is_killed_during_a_feed(nodes: Nodes, prefix: str) -> None:  # 4
    backend = cluster.backend(prefix, shards=3)
    serving = cluster.build(backend, TITLES[:20])
    titles = [f"{title} {i}" for i in range(40) for title in TITLES]
    failures: list[XunhuoError] = []

    def feed() -> None:
        try:
            cluster.build(backend, titles)
        except XunhuoError as why:
            failures.append(why)

    feeding = threading.Thread(target=feed)
    feeding.start()
    time.sleep(1.0)
    with nodes.killed(3):
        time.sleep(2)
    feeding.join()
    current = str(backend.current())
    if failures:
        assert failures[0].hint
        assert current == serving
    else:
        assert current != serving
    assert backend.open(current).collection(PRODUCT.kind).documents == (20 if failures else len(titles))
    assert backend.verify(current) == []


def test_the_elected_node_is_killed_during_switches(nodes: Nodes, prefix: str) -> None:  # 5
    backend = cluster.backend(prefix, attempts=8)
    names = [cluster.build(backend, TITLES[:20]) for _ in range(2)]
    elected = Cluster(ClusterOptions(cluster.URLS)).call("GET", "/_cat/cluster_manager", params={"format": "json"})
    seen: set[str | None] = set()
    done = threading.Event()

    def switch() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            try:
                backend.publish(names[turn % 2])
                seen.add(backend.current())
            except XunhuoError:
                continue  # no master for a moment: it could not be switched, or not be seen

    switching = threading.Thread(target=switch)
    switching.start()
    with nodes.killed(int(elected[0]["node"].removeprefix("node-"))):
        time.sleep(3)
    done.set()
    switching.join()
    assert seen <= set(names)
    backend.publish(names[0])
    assert backend.current() == names[0]
