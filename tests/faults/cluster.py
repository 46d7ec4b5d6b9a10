"""Three real nodes that a test may kill, pause and start again, and a shop on them.

Needs XUNHUO_OPENSEARCH_DIR, a folder with the `opensearch` command of docs/opensearch.md. A cluster that already runs
on `PORT` is used and left running.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.feeder import FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions
from retrieval.engine import Engine
from retrieval.errors import XunhuoError
from retrieval.schema import PRODUCT
from retrieval.serving.understandings import words_only
from retrieval.types import IndexedDocument
from retrieval.wiring.options import engine_options, make_fuser_of
from tests import title_index, world

FOLDER = os.environ.get("XUNHUO_OPENSEARCH_DIR", "")
PORT = int(os.environ.get("XUNHUO_TEST_FAULTS_PORT", "9381"))
needs_nodes = pytest.mark.skipif(
    not (Path(FOLDER) / "opensearch").is_file(), reason="XUNHUO_OPENSEARCH_DIR names no OpenSearch: docs/opensearch.md"
)
NODES = (1, 2, 3)
URLS = tuple(f"http://127.0.0.1:{PORT + node - 1}" for node in NODES)


class Nodes:
    """What can be done to them."""

    def command(self, *words: str, check: bool = True) -> bool:
        done = subprocess.run(
            [str(Path(FOLDER) / "opensearch"), *words, "--port", str(PORT)], check=check, capture_output=True
        )
        return done.returncode == 0

    def kill(self, node: int) -> None:
        self.command("kill", str(node))

    @contextmanager
    def killed(self, *nodes: int) -> Iterator[None]:
        """They are dead inside the block and back, with every copy of every shard, after it."""
        for node in nodes:
            self.kill(node)
        try:
            yield
        finally:
            starting = [threading.Thread(target=self._restart, args=(node,)) for node in nodes]
            for thread in starting:
                thread.start()
            for thread in starting:
                thread.join()
            self.whole()

    @contextmanager
    def paused(self, node: int) -> Iterator[None]:
        self.command("pause", str(node))
        try:
            yield
        finally:
            self.command("resume", str(node))
            self.whole()

    def _restart(self, node: int) -> None:
        """A node that was just killed may take a moment to be gone."""
        for _ in range(10):
            if self.command("restart", str(node), check=False):
                return
            time.sleep(1)

    def whole(self, seconds: float = 120) -> None:
        """Waits until all nodes are there and no shard is missing."""
        cluster, until = Cluster(ClusterOptions(URLS, attempts=1, failures=10**6)), time.monotonic() + seconds
        params = {"wait_for_status": "green", "wait_for_nodes": ">=3", "timeout": "2s"}
        while time.monotonic() < until:
            with suppress(XunhuoError):
                if cluster.call("GET", "/_cluster/health", params=params)["status"] == "green":
                    return
            time.sleep(0.5)
        raise AssertionError(f"the cluster is not whole after {seconds} s")


def backend(prefix: str, *, shards: int = 1, replicas: int = 2, **options: float) -> OpenSearchBackend:
    """A backend that knows all three nodes; `options` are of the connection."""
    connection = ClusterOptions(URLS, **options)  # type: ignore[arg-type]
    return OpenSearchBackend(
        connection, prefix=prefix, index=IndexOptions(shards=shards, replicas=replicas), feed=FeedOptions(50_000, 2)
    )


def build(on: OpenSearchBackend, titles: list[str]) -> str:
    """A published generation of these titles, with vectors; its name."""
    analyzer, encoder = title_index.built_in_analyzer(), world.encoder_of(world.settings(Path("unused")))
    documents = title_index.title_documents(titles)
    with on.create(analyzer=analyzer.fingerprint, encoder=encoder.fingerprint, dim=encoder.dim) as writer:
        for start in range(0, len(documents), 200):
            batch = documents[start : start + 200]
            tokens = [IndexedDocument(d, {name: analyzer.tokens(t) for name, t in d.text.items()}) for d in batch]
            writer.collection(PRODUCT.kind).add(tokens, encoder.encode_documents([d.embedded_text for d in batch]))
        generation = writer.finish({}, None).generation
    on.publish(generation)
    return generation


def engine(on: OpenSearchBackend) -> Engine:
    """An engine without caches, so that every search asks the cluster."""
    of = world.settings(Path("unused"), "search.lists_kept=0", "search.pages_kept=0", "search.threads=8")
    return Engine(
        on, world.encoder_of(of), make_fuser_of(of), engine_options(of), words_only(title_index.built_in_analyzer())
    )
