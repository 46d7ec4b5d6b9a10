"""What the doctor says of a real cluster:

1. A whole one is told in a line, with what it serves; before anything is published nothing is missing.
2. Copies that have no node to stand on are told, with how many nodes they need.
3. An index that can only be read, an alias that names nothing or two, and a disk over a watermark are told each.
4. A cluster that is not there is told. Each comes with what to do, and `xunhuo doctor` ends with 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.doctor import examine
from cli.doctor_cluster import look_at_cluster
from configs.settings import Settings, load_settings
from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.errors import XunhuoError
from tests import opensearch
from tests.contract.feeding import create, feed, many

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]
_DISK = "cluster.routing.allocation.disk.watermark"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    asked = Cluster(ClusterOptions((opensearch.URL,)))
    yield asked
    asked.close()


def settings(folder: Path, *more: str) -> Settings:
    return load_settings([], [*opensearch.settings_of(folder), *more], folder)


def publish(backend: OpenSearchBackend) -> str:
    with create(backend) as writer:
        feed(writer, many(5))
        manifest = writer.finish({}, None)
    backend.publish(manifest.generation)
    return f"-{manifest.generation.lower()}"


def trouble(folder: Path, *more: str) -> str:
    with pytest.raises(XunhuoError) as told:
        look_at_cluster(settings(folder, *more))
    return str(told.value)


def test_whole(tmp_path: Path) -> None:  # 1
    assert "0 indices" in look_at_cluster(settings(tmp_path))
    name = publish(opensearch.backend_at(tmp_path))
    told = look_at_cluster(settings(tmp_path))
    assert told.startswith("green, 1 nodes, ")
    assert told.endswith(name)
    publish(opensearch.backend_at(tmp_path / "another shop"))
    assert look_at_cluster(settings(tmp_path)) == told


def test_copies(tmp_path: Path, cluster: Cluster) -> None:  # 2
    publish(opensearch.backend_at(tmp_path))
    index = f"/{opensearch.prefix_of(tmp_path)}-products-g*"
    cluster.call("PUT", f"{index}/_settings", body={"index": {"number_of_replicas": 2}})
    told = trouble(tmp_path)
    assert told.startswith("yellow, ")
    assert "lack copies" in told
    assert "2 copies need 3 nodes" in told


def test_each_trouble(tmp_path: Path, cluster: Cluster) -> None:  # 3
    backend, prefix = opensearch.backend_at(tmp_path), opensearch.prefix_of(tmp_path)
    publish(backend)
    index, alias = f"/{prefix}-products-g*", f"{prefix}-products"
    block = "index.blocks.read_only_allow_delete"
    cluster.call("PUT", f"{index}/_settings", body={block: True})
    told = trouble(tmp_path)
    cluster.call("PUT", f"{index}/_settings", body={block: None})
    assert "can only be read" in told
    assert "lift the block" in told
    publish(backend)
    add = {"actions": [{"add": {"index": index[1:], "alias": alias}}]}
    cluster.call("POST", "/_aliases", body=add)
    assert "names 2 indices" in trouble(tmp_path)
    cluster.call("POST", "/_aliases", body={"actions": [{"remove": {"index": index[1:], "alias": alias}}]})
    assert "no index is behind the alias" in trouble(tmp_path)


@pytest.mark.parametrize("mark", ["0.01%", "999999tb"])
def test_disks(tmp_path: Path, cluster: Cluster, mark: str) -> None:  # 3
    wide = {f"{_DISK}.low": mark, f"{_DISK}.high": "99.98%", f"{_DISK}.flood_stage": "99.99%"}
    if "tb" in mark:
        wide |= {f"{_DISK}.high": "2b", f"{_DISK}.flood_stage": "1b"}
    keys = dict.fromkeys([*wide, "cluster.routing.allocation.disk.threshold_enabled"])
    cluster.call(
        "PUT",
        "/_cluster/settings",
        body={"transient": wide | {"cluster.routing.allocation.disk.threshold_enabled": True}},
    )
    try:
        told = trouble(tmp_path)
        assert f"over {mark}: no shard is put there any more" in told
        assert "make room" in told
    finally:
        cluster.call("PUT", "/_cluster/settings", body={"transient": keys})


def test_not_there(tmp_path: Path) -> None:  # 4
    told = trouble(tmp_path, "opensearch.urls=[http://127.0.0.1:9]", "opensearch.attempts=1")
    assert "cannot be reached" in told
    assert "is it running?" in told
    assert {one.what: one.ok for one in examine(settings(tmp_path))}["cluster"]
