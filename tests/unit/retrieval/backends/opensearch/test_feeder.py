"""Feeding:

1. Every document is sent once, in requests of about the size that was asked for.
2. Items that meet a full queue are sent again, and only they; at last all are there.
3. A document that is refused for good is set aside with the reason, and the others are taken; too many fail the feed.
4. An index that takes nothing fails the feed, with how many and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Lock

import orjson
import pytest

from retrieval.backends.opensearch import feeder
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterRefused
from retrieval.backends.opensearch.feeder import Feeder, FeedOptions
from retrieval.types import Refusal
from tests.unit.retrieval.backends.opensearch.server import Seen, serving


def rows_of(seen: Seen) -> list[int]:
    return [int(orjson.loads(line)["index"]["_id"]) for line in seen.body.splitlines()[::2]]


def lines(row: int) -> bytes:
    """100 bytes for a row below 1,000."""
    action = b'{"index":{"_id":"%d"}}\n' % row
    body = b'{"id":"p%d","text":{},"source":"%s"}\n'
    return action + body % (row, b"-" * (100 - len(action + body % (row, b""))))


def taken(seen: Seen) -> tuple[int, bytes, float]:
    return 200, b'{"errors":false}', 0.0


def feed(url: str, count: int) -> dict[int, Refusal]:
    cluster = Cluster(ClusterOptions((url,)), jitter=lambda: 0.0)
    feeding = Feeder(cluster, "i", FeedOptions(bulk_bytes=1000, threads=2), jitter=lambda: 0.0)
    try:
        for row in range(count):
            feeding.add(row, lines(row))
        feeding.finish()
        assert feeding.waiting == 0
        return feeding.refused
    finally:
        feeding.close()
        cluster.close()


def test_all_are_sent_once() -> None:  # 1
    with serving(lambda n, seen: taken(seen)) as server:
        feed(server.url, 95)
    sent = [rows_of(seen) for seen in server.seen]
    assert sorted(row for rows in sent for row in rows) == list(range(95))
    assert sorted(map(len, sent)) == [5] + 9 * [10]


def test_full_queues() -> None:  # 2
    tries: Counter[int] = Counter()
    lock = Lock()

    def answer(_: int, seen: Seen) -> tuple[int, bytes, float]:
        rows = rows_of(seen)
        with lock:
            tries.update(rows)
            full = [row for row in rows if row % 10 == 3 and tries[row] <= 2]
        items = [
            {"index": {"_id": str(row), "status": 429, "error": {"type": "rejected_execution_exception", "reason": ""}}}
            if row in full
            else {"index": {"_id": str(row), "status": 201}}
            for row in rows
        ]
        return 200, orjson.dumps({"errors": bool(full), "items": items}), 0.0

    with serving(answer) as server:
        feed(server.url, 20)
    assert tries == {row: 3 if row % 10 == 3 else 1 for row in range(20)}


def refusing(status: int, kind: str, bad: Callable[[int], bool]) -> Callable[[int, Seen], tuple[int, bytes, float]]:
    def answer(_: int, seen: Seen) -> tuple[int, bytes, float]:
        error = {"status": status, "error": {"type": kind, "reason": "no"}}
        items = [{"index": {"_id": str(row), **(error if bad(row) else {"status": 201})}} for row in rows_of(seen)]
        return 200, orjson.dumps({"errors": True, "items": items}), 0.0

    return answer


def test_refused_documents(monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    with serving(refusing(400, "mapper_parsing_exception", lambda row: row % 10 == 3)) as server:
        refused = feed(server.url, 40)
        assert list(refused) == [3, 13, 23, 33]
        assert (refused[13].id, refused[13].reason) == ("p13", "mapper_parsing_exception: no")
        monkeypatch.setattr(feeder, "_MOST_REFUSED", 3)
        with pytest.raises(ClusterRefused, match=r"4 documents were refused .* mapper_parsing_exception: no"):
            feed(server.url, 40)


def test_an_index_that_takes_nothing() -> None:  # 4
    answer = refusing(429, "cluster_block_exception", lambda row: True)
    with serving(answer) as server, pytest.raises(ClusterRefused, match="4 documents were refused") as refused:
        feed(server.url, 4)
    assert "row 0: cluster_block_exception: no" in refused.value.message
