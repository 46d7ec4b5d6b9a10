"""The OpenSearch backend passes the contract of every backend, unchanged, on a real cluster.

1. Everything of `tests.contract.test_backend_contract`, with one shard and with three.
2. An index is built without copies and refreshes, and has both when it can be published.
3. A deleted generation is invisible at once, and taken away by a later build, after its grace.
4. What a killed builder left is taken away by a builder of another plan; a lock that nobody keeps alive can be taken.
5. A generation migrated to the cluster and back has the same records, vectors (to half precision) and tokens.
6. A clone whose amender was killed is no generation, and the next builder takes it away.
7. An index of another mapping version, or with documents missing, is refused or found.
8. `xunhuo migrate --dry-run` says what would go and where to, and feeds nothing; without it, what was published; what
   was changed since the rebuild goes along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from indexer.migrate import migrate
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.opensearch import lock
from retrieval.backends.opensearch.backend import GRACE_SECONDS, OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import Missing
from retrieval.backends.opensearch.journal import OpenSearchJournal
from retrieval.changes.products import ProductChanges
from retrieval.errors import GenerationError, NotFound
from retrieval.schema import PRODUCT, Schema
from retrieval.wiring import make_analyzer
from tests import opensearch
from tests import world as mall
from tests.contract import world
from tests.contract.test_backend_contract import BackendContract
from tests.contract.world import asking
from tests.e2e.command import HASHING, invoke

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    opened = Cluster(ClusterOptions((opensearch.URL,)))
    yield opened
    opened.close()


class TestOneShard(BackendContract):  # 1
    @classmethod
    def open_backend(cls, place: Path, schemas: Sequence[Schema] = (PRODUCT,)) -> OpenSearchBackend:
        return opensearch.backend_at(place, schemas)


class TestThreeShards(BackendContract):  # 1
    @classmethod
    def open_backend(cls, place: Path, schemas: Sequence[Schema] = (PRODUCT,)) -> OpenSearchBackend:
        return opensearch.backend_at(place, schemas, shards=3)


def index_of(backend: OpenSearchBackend, generation: str) -> str:
    return str(backend._names.index(PRODUCT.kind, generation))


def settings_of(cluster: Cluster, index: str) -> Any:
    return cluster.call("GET", f"/{index}/_settings")[index]["settings"]["index"]


def test_settings_while_building_and_after(tmp_path: Path, cluster: Cluster) -> None:  # 2
    backend = opensearch.backend_at(tmp_path, replicas=1)
    with backend.create(analyzer="a", encoder=None, dim=0) as writer:
        index = index_of(backend, writer.generation)
        before = settings_of(cluster, index)
        assert (before["number_of_replicas"], before["refresh_interval"]) == ("0", "-1")
        writer.collection(PRODUCT.kind).add([world.document(row) for row in world.ROWS], None)
        writer.finish({}, None)
    after = settings_of(cluster, index)
    assert (after["number_of_replicas"], after["refresh_interval"]) == ("1", "30s")


def test_deletion_has_a_grace(tmp_path: Path, cluster: Cluster) -> None:  # 3
    backend = opensearch.backend_at(tmp_path)
    first, _ = world.build(backend), world.build(backend)
    index = index_of(backend, first.generation)
    backend.delete(first.generation)
    with backend.building():
        assert settings_of(cluster, index)
    later = datetime.now(UTC) + timedelta(seconds=GRACE_SECONDS + 1)
    backend._now = lambda: later
    with backend.building():
        assert index not in cluster.call("GET", "/_mapping")
    with pytest.raises(NotFound):
        backend.open(first.generation).collection(PRODUCT.kind)


def test_a_builder_of_another_plan_takes_leftovers_away(tmp_path: Path, cluster: Cluster) -> None:  # 4
    backend = opensearch.backend_at(tmp_path)
    serving = world.build(backend).generation
    left = backend.create(analyzer="a", encoder=None, dim=0)
    left.collection(PRODUCT.kind).add([world.document(row) for row in world.ROWS], None)
    index = index_of(backend, left.generation)
    with backend.building():
        assert settings_of(cluster, index)
        with backend.create(analyzer="b", encoder=None, dim=0) as writer:
            assert writer.generation != left.generation
            assert index not in cluster.call("GET", "/_mapping")
    assert [m.generation for m in backend.manifests()] == [serving]
    left.collection(PRODUCT.kind).close()


def test_a_lock_of_a_killed_builder_is_taken_over(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:  # 4
    name = f"{opensearch.prefix_of(tmp_path)}-lock"
    monkeypatch.setattr(lock, "TTL", -1.0)  # dead on arrival
    lock._take(cluster, name, "killed")
    monkeypatch.setattr(lock, "TTL", 60.0)
    with opensearch.backend_at(tmp_path).building():
        assert cluster.call("GET", f"/{name}/_doc/build")["_source"]["owner"] != "killed"
        with pytest.raises(GenerationError, match="another rebuild"):
            lock._take(cluster, name, "third")


def test_a_clone_of_a_killed_amender(tmp_path: Path, cluster: Cluster) -> None:  # 6
    backend = opensearch.backend_at(tmp_path)
    old = world.build(backend).generation
    killed = backend.amend(old, analyzer="other")
    clone = killed._drafts[0]
    killed.replace(PRODUCT.kind, 0, world.document(world.ROWS[1]))
    assert [m.generation for m in backend.manifests()] == [old]
    with pytest.raises(NotFound):
        backend.open(clone.generation).collection(PRODUCT.kind)
    assert clone.index in cluster.call("GET", f"/{clone.index}/_settings")
    with opensearch.backend_at(tmp_path).building():
        pass
    with pytest.raises(Missing):
        cluster.call("GET", f"/{clone.index}/_settings")
    assert backend.verify(old) == []


def test_another_mapping_version_is_refused(tmp_path: Path, cluster: Cluster) -> None:  # 7
    backend = opensearch.backend_at(tmp_path)
    manifest = world.build(backend)
    index = index_of(backend, manifest.generation)
    meta = cluster.call("GET", f"/{index}/_mapping")[index]["mappings"]["_meta"]
    cluster.call("PUT", f"/{index}/_mapping", body={"_meta": {"xunhuo": {**meta["xunhuo"], "mapping": 99}}})
    with pytest.raises(GenerationError, match="mapping version 99") as refused:
        backend.open(manifest.generation).collection(PRODUCT.kind)
    assert "xunhuo rebuild" in str(refused.value.hint)
    assert "mapping version 99" in backend.verify(manifest.generation)[0]
    assert backend.manifests() == []


def test_verify_counts_documents_and_vectors(tmp_path: Path, cluster: Cluster) -> None:  # 7
    backend = opensearch.backend_at(tmp_path)
    manifest = world.build(backend)
    index = index_of(backend, manifest.generation)
    cluster.call("DELETE", f"/{index}/_doc/3", params={"refresh": "true"})
    assert backend.verify(manifest.generation) == [
        f"{part} has 11 rows, the manifest says 12" for part in ("product", "product/vectors")
    ]


def test_there_and_back(tmp_path: Path) -> None:  # 5
    mall.publish(tmp_path / "a", mall.products(120), gold_samples=0)
    first, last = EmbeddedBackend(tmp_path / "a"), EmbeddedBackend(tmp_path / "b")
    middle, analyzer = opensearch.backend_at(tmp_path), make_analyzer(mall.settings(tmp_path))
    migrate(first, middle, analyzer)
    migrate(middle, last, analyzer)
    readers = [backend.open(str(backend.current())).collection(PRODUCT.kind) for backend in (first, middle, last)]
    rows = np.arange(readers[0].rows)
    assert readers[1].sources(rows) == readers[2].sources(rows) == readers[0].sources(rows)
    assert (
        readers[1].facets(PRODUCT.facets, rows)
        == readers[2].facets(PRODUCT.facets, rows)
        == readers[0].facets(PRODUCT.facets, rows)
    )
    assert readers[2].vectors(rows).tobytes() == readers[0].vectors(rows).tobytes()
    asked = asking("保温 温杯 白色")
    scores = [reader.lexical_scores(asked, rows) for reader in readers]
    assert scores[0].any()
    assert scores[2].tolist() == scores[0].tolist() == pytest.approx(scores[1].tolist(), rel=1e-5)


def test_the_command(tmp_path: Path) -> None:  # 8
    mall.publish(tmp_path, mall.products(30), gold_samples=0)
    backend, source = opensearch.backend_at(tmp_path), EmbeddedBackend(tmp_path).current()
    place = (f"opensearch.urls=[{opensearch.URL}]", f"opensearch.prefix={opensearch.prefix_of(tmp_path)}")
    options = ("--data-dir", tmp_path, *HASHING, "--set", place[0], "--set", place[1], "--set", "opensearch.replicas=0")
    dry = invoke("migrate", "--to", "opensearch", "--dry-run", "--json", *options).json
    assert (dry["source"], dry["documents"], dry["dim"], dry["replaces"], dry["generation"]) == (
        source, 30, 32, None, None,
    )  # fmt: skip
    assert backend.manifests() == []
    done = invoke("migrate", "--to", "opensearch", "--json", *options).json
    assert done["generation"] == backend.current()
    assert backend.open(done["generation"]).collection(PRODUCT.kind).documents == 30
    _changed_and_moved(tmp_path, options)
    told = invoke("migrate", "--to", "opensearch", "--dry-run", *options).out
    assert told.startswith(f"dry run: 30 documents of {source} with vectors")
    assert told.endswith(f"would go to opensearch, which serves {backend.current()}\n")
    assert len(backend.manifests()) == 2


def _changed_and_moved(place: Path, options: tuple[Any, ...]) -> None:
    """What was changed here since the rebuild is there as it is now, and goes on being changed there."""
    here, *gone = [row["id"] for row in mall.products(30)][:3]
    changed, later = place / "changed.jsonl", place / "later.jsonl"
    rows = [{"op": "patch", "id": here, "price": 12.5}, *({"op": "delete", "id": each} for each in gone)]
    changed.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    later.write_bytes(orjson.dumps({"op": "patch", "id": here, "stock": 7}))
    invoke("apply", changed, *options)
    moved = invoke("migrate", "--to", "opensearch", "--json", *options).json
    there = opensearch.backend_at(place).open(moved["generation"]).collection(PRODUCT.kind)
    assert (there.documents, there.rows_of(gone)) == (28, [None, None])
    invoke("apply", later, "--set", "backend.name=opensearch", *options)
    journal = OpenSearchJournal(ClusterOptions((opensearch.URL,)), prefix=opensearch.prefix_of(place))
    now = ProductChanges(journal, opensearch.backend_at(place)).since_built(PRODUCT.kind, there, journal.head())
    record = orjson.loads(now.sources(np.array([now.row_of(here)]))[0])
    assert (record["price"], record["stock"], now.documents, now.rows) == (12.5, 7, 28, 29)
