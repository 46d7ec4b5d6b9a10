"""The journal on a real cluster passes the contract of every journal, and what only a cluster can do to it.

1. Everything of `tests.contract.journals`.
2. Far behind, it finds the head without reading what is between.
3. A position is never older than promised; younger ones cost no request.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.journal import OpenSearchJournal
from retrieval.changes.journal import Journal
from tests import opensearch
from tests.contract.journals import JournalContract, numbered, positions

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]
OPTIONS = ClusterOptions((opensearch.URL,))


class TestOpenSearch(JournalContract):  # 1
    @classmethod
    def open_journal(cls, place: Path) -> Journal:
        return OpenSearchJournal(OPTIONS, prefix=opensearch.prefix_of(place), look_s=0.1)

    @classmethod
    def damage(cls, place: Path, position: int) -> None:
        cluster, path = Cluster(OPTIONS), f"/{opensearch.prefix_of(place)}-journal/_doc/{position}"
        call = cluster.call("GET", path)["_source"]
        call["entries"][0]["body"] = b64encode(b'{"stock":9}').decode()
        cluster.call("PUT", path, body=call)
        cluster.close()


def test_far_behind(tmp_path: Path) -> None:  # 2
    prefix = opensearch.prefix_of(tmp_path)
    writer, reader = (OpenSearchJournal(OPTIONS, prefix=prefix, look_s=0) for _ in range(2))
    for change in numbered(12):
        writer.append([change])
    Cluster(OPTIONS).call("POST", f"/{prefix}-journal/_refresh")
    asked: list[str] = []
    ask = reader._cluster.call
    reader._cluster.call = lambda method, path, **more: asked.append(path) or ask(method, path, **more)  # type: ignore[func-returns-value,method-assign]
    assert reader.position() == 12
    assert [path.rpartition("/")[2] for path in asked] == ["1", "2", "3", "_search", "13"]
    assert positions(reader, 10) == [11, 12]


def test_how_old_a_position_is(tmp_path: Path) -> None:  # 3
    time = [100.0]
    prefix = opensearch.prefix_of(tmp_path)
    writer = OpenSearchJournal(OPTIONS, prefix=prefix)
    reader = OpenSearchJournal(OPTIONS, prefix=prefix, look_s=0.25, now=lambda: time[0])
    assert reader.position() == 0
    writer.append(numbered(1))
    time[0] = 100.24
    assert reader.position() == 0
    time[0] = 100.25
    assert (reader.position(), reader.seen_after) == (1, 0.25)
