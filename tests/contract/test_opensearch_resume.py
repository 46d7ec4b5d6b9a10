"""Going on with a feed into a real cluster:

1. A builder that was killed (SIGKILL): the next one of the same plan goes on in its index and sends only what is not
   there yet; nothing of it can be told from a build in one piece.
2. The same after other input: what differs is sent again, what is too much is gone. Another plan begins anew.
3. A builder that was replaced while it hung neither finishes nor takes the index away.
4. An interruption keeps what was fed, any other error takes it away.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.backends.opensearch import retention
from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable
from retrieval.backends.opensearch.writer import OpenSearchWriter
from retrieval.errors import GenerationError, InputError
from retrieval.generations import Manifest
from retrieval.schema import PRODUCT
from tests import opensearch
from tests.contract.feeding import assert_holds, create, feed, many
from tests.contract.world import Row, asking

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does not wait for replaced documents to be forgotten: they only change scores a little."""
    monkeypatch.setattr(retention, "PATIENCE", 0.0)


CHILD = """
import sys, time
from pathlib import Path
from retrieval.backends.opensearch import lock
from tests import opensearch
from retrieval.schema import PRODUCT
from tests.contract import feeding
lock.TTL = 2.0
backend = opensearch.backend_at(Path(sys.argv[1]), bulk_bytes=2_000)
with backend.building(), feeding.create(backend) as writer:
    feeding.feed(writer, feeding.many(int(sys.argv[2])))
    print(writer.generation, flush=True)
    feeding.feed(writer, feeding.many(100_000), int(sys.argv[2]))
"""


def killed(place: Path, count: int) -> str:
    """The generation of a builder that was killed when it had fed more than `count` documents."""
    command = [sys.executable, "-c", CHILD, str(place), str(count)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"XUNHUO_OPENSEARCH_URL": opensearch.URL}
    ) as child:
        assert child.stdout is not None
        generation = child.stdout.readline().strip()
        time.sleep(0.2)
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    return generation


def indexed(writer: OpenSearchWriter) -> int:
    """How many documents the cluster has indexed into it so far, as the cluster counts them."""
    cluster = Cluster(ClusterOptions((opensearch.URL,)))
    stats = cluster.call("GET", f"/{writer._draft.index}/_stats/indexing")
    cluster.close()
    return int(stats["_all"]["primaries"]["indexing"]["index_total"])


def going_on(backend: OpenSearchBackend, generation: str, rows: Sequence[Row]) -> tuple[Manifest, int]:
    """What the next builder makes of it, and how many documents it sent."""
    until = time.monotonic() + 30
    while True:
        try:
            with backend.building(), create(backend) as writer:
                assert writer.generation == generation
                before = indexed(writer)
                feed(writer, rows)
                writer.refused()
                sent = indexed(writer) - before
                manifest = writer.finish({}, None)
            backend.publish(manifest.generation)
            return manifest, sent
        except GenerationError as why:  # the lock of the dead
            if "another rebuild" not in why.message or time.monotonic() > until:
                raise
            time.sleep(0.3)


@pytest.mark.usefixtures("_impatient")
def test_a_killed_builder(tmp_path: Path) -> None:  # 1 2
    generation, rows = killed(tmp_path, 1_000), many(1_500)
    backend = opensearch.backend_at(tmp_path, bulk_bytes=2_000)
    assert backend.manifests() == []
    changed = [dataclasses.replace(row, price=10**6 + n) if n % 100 == 0 else row for n, row in enumerate(rows)][:900]
    manifest, sent = going_on(backend, generation, changed)
    assert sent == 9
    assert_holds(backend, manifest, changed)
    assert backend.current() == manifest.generation == generation


def test_another_plan_begins_anew(tmp_path: Path) -> None:  # 2
    left = create(opensearch.backend_at(tmp_path))
    feed(left, many(5))
    left.refused()
    with create(opensearch.backend_at(tmp_path, shards=3)) as writer:
        assert writer.generation != left.generation
        assert indexed(writer) == 0


def test_going_on_is_as_in_one_piece(tmp_path: Path) -> None:  # 1
    generation, rows = killed(tmp_path / "a", 500), many(700)
    backend, whole = opensearch.backend_at(tmp_path / "a", bulk_bytes=2_000), opensearch.backend_at(tmp_path / "b")
    rows[3] = dataclasses.replace(rows[3], title="别的商品 词3")
    manifest, sent = going_on(backend, generation, rows)
    assert sent < 250
    with create(whole) as writer:
        feed(writer, rows)
        expected = writer.finish({}, None)
    assert_holds(backend, manifest, rows)
    one, other = (
        backend.open(manifest.generation).collection(PRODUCT.kind),
        whole.open(expected.generation).collection(PRODUCT.kind),
    )
    everywhere = np.arange(700)
    assert one.sources(everywhere) == other.sources(everywhere)
    asked = asking("商品 词3 词40", title=1.0, brand=0.5)
    scores = one.lexical_scores(asked, everywhere)
    assert scores.all()
    assert scores.tolist() == other.lexical_scores(asked, everywhere).tolist()


@pytest.mark.usefixtures("_impatient")
def test_a_builder_that_was_replaced(tmp_path: Path) -> None:  # 3
    backend, rows = opensearch.backend_at(tmp_path), many(20)
    hung = create(backend)
    feed(hung, rows[:10])
    with backend.building(), create(backend) as writer:
        assert writer.generation == hung.generation
        feed(writer, rows)
        feed(hung, rows, 10)
        with pytest.raises(GenerationError, match=r"has taken .* over"), hung:
            hung.finish({}, None)
        manifest = writer.finish({}, None)
    assert_holds(backend, manifest, rows)


def interrupted(writer: OpenSearchWriter, error: type[BaseException]) -> None:
    feed(writer, many(10))
    raise error("stopped")


@pytest.mark.parametrize("error", [ClusterUnavailable, KeyboardInterrupt, InputError])
def test_interruptions(tmp_path: Path, error: type[BaseException]) -> None:  # 4
    kept = error is not InputError
    backend, cluster = opensearch.backend_at(tmp_path), Cluster(ClusterOptions((opensearch.URL,)))
    writer = create(backend)
    with pytest.raises(error), writer:
        interrupted(writer, error)
    assert (str(backend._names.index(PRODUCT.kind, writer.generation)) in cluster.call("GET", "/_mapping")) is kept
    assert backend.manifests() == []
    with backend.building(), create(backend) as again:
        assert (again.generation == writer.generation) is kept
    cluster.close()
