"""Several nodes change the products of one shop on a real cluster, and bad things happen meanwhile.

1. Nodes that write in turn, and at once, each go on from what the other wrote: nothing is lost, and all see the same.
2. Lost between documents and journal: nothing is acknowledged, nobody sees anything of it, and it can be sent again.
3. Kept, but the answer was lost: sent again with its key it is once in the journal.
4. A tail that was taken away is made again from the journal by a node that starts; until then nobody answers in part.
5. A writer that was silent loses the right to write, and what it still sends replaces nothing.
6. A document that the cluster refuses stands in the way of its batch, which says so, and of nothing else.
7. A generation that is taken away takes its tail along.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from indexer.changes.catch_up import CatchUp
from indexer.changes.writer import Outcome, ProductWriter
from indexer.documents.analysed import analysed
from indexer.sources.limits import Limits
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import Lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.backends.opensearch import writer_lock
from retrieval.backends.opensearch.backend import GRACE_SECONDS, OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable
from retrieval.backends.opensearch.journal import OpenSearchJournal
from retrieval.backends.opensearch.writer_lock import WriterLock
from retrieval.changes.journal import Change
from retrieval.changes.products import ProductChanges
from retrieval.errors import NotReady, StorageError
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import Filters
from tests import opensearch

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]
OPTIONS = ClusterOptions((opensearch.URL,))
ANALYZER = Analyzer(open_segmenter("auto", ()), Lexicon())
IDS = [f"p{number}" for number in range(4)]


@dataclass
class Node:
    """A process of its own, but for the lock between threads."""

    place: Path
    backend: OpenSearchBackend = field(init=False)
    journal: OpenSearchJournal = field(init=False)

    def __post_init__(self) -> None:
        self.backend = opensearch.backend_at(self.place)
        self.journal = OpenSearchJournal(OPTIONS, prefix=opensearch.prefix_of(self.place), look_s=0.05)
        self.changes = ProductChanges(self.journal, self.backend)
        catch_up = CatchUp(self.backend, self.changes, lambda _: ANALYZER, lambda: None)
        self.changes.catch_up = catch_up
        self.writer = ProductWriter(catch_up, limits=Limits(200, 1_000_000))
        self.base = self.backend.open(str(self.backend.current())).collection(PRODUCT.kind)

    def write(self, *given: dict[str, Any], key: str = "") -> list[Outcome]:
        return self.writer.apply(given, key=key)

    def now(self) -> IndexReader:
        return self.changes.since_built(PRODUCT.kind, self.base, self.journal.head())

    def records(self) -> dict[str, dict[str, Any]]:
        """Of all products that can be found."""
        reader = self.now()
        found = [orjson.loads(source) for source in reader.sources(reader.rows_passing(Filters()))]
        return {record["id"]: record for record in found}


@pytest.fixture
def nodes(tmp_path: Path) -> tuple[Node, Node]:
    """Two, over a generation of four products."""
    built_at(tmp_path, datetime.now(UTC))
    return Node(tmp_path), Node(tmp_path)


def built_at(place: Path, now: datetime) -> str:
    backend = OpenSearchBackend(OPTIONS, prefix=opensearch.prefix_of(place), schemas=(PRODUCT,), now=lambda: now)
    products = [Product.model_validate({"id": name, "title": f"红色 连衣裙 {name}", "price": 10}) for name in IDS]
    with backend.building(), backend.create(analyzer=ANALYZER.fingerprint, encoder=None, dim=0) as writer:
        writer.collection(PRODUCT.kind).add([analysed(each, ANALYZER).indexed for each in products], None)
        generation = writer.finish({}, None).generation
    backend.publish(generation)
    return generation


def patch(name: str, **fields: Any) -> dict[str, Any]:
    return {"op": "patch", "id": name, **fields}


def positions(outcomes: Sequence[Outcome]) -> list[int]:
    return [outcome.position for outcome in outcomes]


def test_nodes_go_on_from_each_other(nodes: tuple[Node, Node]) -> None:  # 1
    one, two = nodes
    assert positions(one.write(patch("p0", stock=3), {"op": "delete", "id": "p1"})) == [1, 2]
    assert positions(two.write(patch("p0", price=20), {"op": "upsert", "id": "p9", "title": "绿茶"})) == [3, 4]
    assert positions(one.write(patch("p9", stock=1), patch("p1", stock=1))) == [5, 0]
    assert one.records() == two.records()
    assert {name: (r.get("price"), r.get("stock")) for name, r in one.records().items()} == {
        "p0": (20, 3), "p2": (10, None), "p3": (10, None), "p9": (None, 1),
    }  # fmt: skip
    assert (one.now().rows, one.now().documents) == (8, 4)

    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda n: nodes[n % 2].write(patch("p2", **{("stock", "sales_30d")[n % 2]: n})), range(6)):
            pass
    record = two.records()["p2"]
    assert (record["stock"], record["sales_30d"], record["price"]) == (4, 5, 10)
    assert one.records() == two.records()


def test_lost_before_the_journal(nodes: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    one, two = nodes

    def lost(_: Sequence[Change]) -> list[int]:
        raise ClusterUnavailable("the cluster is gone")

    with monkeypatch.context() as broken:
        broken.setattr(one.journal, "append", lost)
        with pytest.raises(ClusterUnavailable):
            one.write(patch("p0", price=99), patch("p1", price=99))
    assert (two.journal.head(), two.records()["p0"]["price"], two.now().documents) == (0, 10, 4)
    two.write(patch("p2", price=30))
    assert positions(one.write(patch("p0", price=40))) == [2]
    assert [one.records()[name]["price"] for name in IDS] == [two.records()[name]["price"] for name in IDS]
    assert [one.records()[name]["price"] for name in IDS] == [40, 10, 30, 10]


def test_the_answer_is_lost(nodes: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    one, two = nodes
    append = one.journal.append

    def kept(changes: Sequence[Change]) -> list[int]:
        append(changes)
        raise ClusterUnavailable("the answer was lost")

    with monkeypatch.context() as broken:
        broken.setattr(one.journal, "append", kept)
        with pytest.raises(ClusterUnavailable):
            one.write(patch("p0", price=50), key="k")
    two.write(patch("p0", stock=5))
    assert positions(two.write(patch("p0", price=50), key="k")) == [1]
    assert (two.records()["p0"]["price"], two.records()["p0"]["stock"], one.journal.head()) == (50, 5, 2)


def test_a_tail_that_is_gone(nodes: tuple[Node, Node], tmp_path: Path) -> None:  # 4
    one, two = nodes
    one.write(patch("p0", price=60), patch("p1", price=61))
    before = two.records()
    assert one.records() == before
    tail = two.now()._view.tail  # type: ignore[attr-defined]
    Cluster(OPTIONS).call("DELETE", f"/{tail}")
    with pytest.raises(NotReady, match="is gone, with what was changed") as told:
        two.records()
    assert "from the journal" in str(told.value.hint)
    assert positions(one.write(patch("p2", price=62))) == [3]  # who writes makes it again
    after = before | {"p2": before["p2"] | {"price": 62}}
    for node in (one, two, Node(tmp_path)):
        assert node.records() == after


def test_a_silent_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 5
    monkeypatch.setattr(writer_lock, "SILENCE", 0.4)
    cluster, index = Cluster(OPTIONS), f"{opensearch.prefix_of(tmp_path)}-lock"
    late, next_one, third = (WriterLock(cluster, index, patience_s=2.0) for _ in range(3))
    monkeypatch.setattr(late, "_keep", lambda lease: lease.stop.wait())
    with late() as old, late() as again:
        assert again is old
        with next_one() as new:
            assert new.fence > old.fence
            with pytest.raises(ClusterUnavailable, match="the right to write was lost"):
                late.check(old)
            third._patience_s = 0.8
            with pytest.raises(StorageError, match=r"process \d+ on .* holds the right to write"), third():
                pass
            next_one.check(new)
    started = time.monotonic()
    with third():
        assert time.monotonic() - started < 0.4


def test_what_a_late_writer_sends(nodes: tuple[Node, Node]) -> None:  # 5
    one, two = nodes
    one.write(patch("p0", price=70))
    overlay = two.backend.overlay(two.base.manifest.generation)
    before = one.records()
    made = [analysed(Product.model_validate({"id": "p0", "title": "别的"}), ANALYZER).indexed]
    with overlay._lock() as lease:
        fence, lease.fence = lease.fence, 1
        with pytest.raises(ClusterUnavailable, match="another writer has taken over"):
            overlay.append(0, made, None, [b"12345678"])
        lease.fence = fence
    assert Node(one.place).records() == before


def test_a_refused_document(nodes: tuple[Node, Node]) -> None:  # 6
    one, two = nodes
    with pytest.raises(ClusterRefused, match="p8 is refused by the cluster"):
        one.write(patch("p0", price=1), {"op": "upsert", "id": "p8", "title": "绿茶", "brand": "茶" * 20_000})
    assert positions(one.write(patch("p0", price=80))) == [1]
    assert two.records()["p0"]["price"] == 80


def test_the_tail_goes_along(tmp_path: Path) -> None:  # 7
    old = built_at(tmp_path, datetime.now(UTC) - timedelta(seconds=2 * GRACE_SECONDS))
    node = Node(tmp_path)
    node.write(patch("p0", price=90))
    tails = f"/{opensearch.prefix_of(tmp_path)}-products-tail-*"
    assert len(Cluster(OPTIONS).call("GET", f"{tails}/_alias")) == 1
    built_at(tmp_path, datetime.now(UTC))
    past = datetime.now(UTC) - timedelta(seconds=2 * GRACE_SECONDS)
    hidden = OpenSearchBackend(OPTIONS, prefix=opensearch.prefix_of(tmp_path), schemas=(PRODUCT,), now=lambda: past)
    hidden.delete(old)
    with node.backend.building():
        pass
    assert Cluster(OPTIONS).call("GET", f"{tails}/_alias") == {}
    assert np.isin(["p0"], [*Node(tmp_path).records()]).all()
