"""One cluster of three nodes for all fault tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from tests.faults.cluster import URLS, Nodes

PREFIX = "xhfault"


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    found = Nodes()
    mine = not found.command("status", check=False)
    if mine:
        found.command("start", "--nodes", "3", "--heap", "512m")
    found.whole()
    yield found
    if mine:
        found.command("stop")


@pytest.fixture
def prefix(nodes: Nodes, request: pytest.FixtureRequest) -> Iterator[str]:
    """A prefix of the test's own; what lies under it is taken away afterwards."""
    name = f"{PREFIX}-{abs(hash(request.node.name)) % 10**8}"
    yield name
    cluster = Cluster(ClusterOptions(URLS))
    for entry in cluster.call("GET", f"/_cat/indices/{name}-*", params={"format": "json", "h": "index"}):
        cluster.call("DELETE", f"/{entry['index']}")
    cluster.close()
