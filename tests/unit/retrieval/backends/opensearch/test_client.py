"""The client, against a server that misbehaves as it is told:

1. What may be sent twice is sent again after 429, 502, 503 and 504, at most so many times; what may not is not.
2. 404, 409, 401 and other refusals are not sent again, and each is an error of its own that says what to do.
3. A deadline holds: a slow server is not waited for, and after the deadline nothing is sent.
4. A cluster that cannot be reached is one clear error; after enough of them calls are refused without trying.
5. Credentials are sent, and neither shown by the options nor by an error; bodies are compressed when asked.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable, Conflict, Missing
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded, XunhuoError
from tests.unit.retrieval.backends.opensearch.server import serving

OK = (200, b'{"ok":1}', 0.0)


@contextmanager
def connected(url: str, **options: object) -> Iterator[Cluster]:
    cluster = Cluster(ClusterOptions((url,), **options), jitter=lambda: 0.0)  # type: ignore[arg-type]
    yield cluster
    cluster.close()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_tried_again(status: int) -> None:  # 1
    with serving(lambda n, _: (status, b"{}", 0.0) if n < 2 else OK) as server, connected(server.url) as cluster:
        assert cluster.call("GET", "/") == {"ok": 1}
        assert len(server.seen) == 3
        with serving(lambda n, _: (status, b"{}", 0.0)) as worse, connected(worse.url, attempts=4) as other:
            with pytest.raises(ClusterUnavailable):
                other.call("GET", "/")
            assert len(worse.seen) == 4
            with pytest.raises(ClusterUnavailable):
                other.call("PUT", "/x", repeatable=False)
            assert len(worse.seen) == 5


@pytest.mark.parametrize(
    ("status", "reason", "error", "hint"),
    [
        (404, "no such index", Missing, ""),
        (409, "version conflict", Conflict, ""),
        (401, "who are you", ClusterUnavailable, "XUNHUO_OPENSEARCH_USER"),
        (403, "no permissions", ClusterUnavailable, "XUNHUO_OPENSEARCH_USER"),
        (403, "index read-only block", ClusterRefused, "disk"),
        (429, "read-only-allow-delete block", ClusterRefused, "disk"),
        (400, "mapping", ClusterRefused, "log"),
    ],
)
def test_refused(status: int, reason: str, error: type[XunhuoError], hint: str) -> None:  # 2
    body = f'{{"error":{{"root_cause":[{{"type":"x","reason":"{reason}"}}]}}}}'.encode()
    with serving(lambda n, _: (status, body, 0.0)) as server, connected(server.url) as cluster:
        with pytest.raises(error) as refused:
            cluster.call("GET", "/x", attempts=1 if status == 429 else None)
        assert type(refused.value) is error
        assert hint in str(refused.value.hint or "")
        assert len(server.seen) == 1


def test_the_deadline_holds() -> None:  # 3
    with serving(lambda n, _: (200, b"{}", 0.6)) as server, connected(server.url) as cluster:
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            cluster.call("GET", "/slow", deadline=Deadline.after_ms(100))
        assert time.monotonic() - started < 0.5
        with pytest.raises(DeadlineExceeded, match="time of this request is up"):
            cluster.call("GET", "/late", deadline=Deadline.after_ms(0))
        assert [seen.path for seen in server.seen if seen.path == "/late"] == []


def test_nobody_there() -> None:  # 4
    with serving(lambda n, _: OK) as server:
        url = server.url
    with connected(url, failures=2, attempts=1) as cluster:
        for message in ("cannot be reached", "cannot be reached", "did not answer 2 times in a row"):
            with pytest.raises(ClusterUnavailable, match=message) as refused:
                cluster.call("GET", "/")
            assert refused.value.hint


def test_refusals_leave_the_breaker_closed() -> None:  # 4
    with serving(lambda n, _: (400, b"{}", 0.0)) as server, connected(server.url, failures=2) as cluster:
        for _ in range(5):
            with pytest.raises(ClusterRefused):
                cluster.call("GET", "/")


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ({"user": "shop", "password": "geheim"}, "Basic " + base64.b64encode(b"shop:geheim").decode()),
        ({"api_key": "geheim"}, "ApiKey geheim"),
    ],
)
def test_credentials(options: dict[str, str], header: str) -> None:  # 5
    with serving(lambda n, _: (401, b'{"error":"no"}', 0.0)) as server, connected(server.url, **options) as cluster:
        with pytest.raises(ClusterUnavailable) as refused:
            cluster.call("GET", "/")
        assert server.seen[0].headers["authorization"] == header
        assert "geheim" not in str(refused.value) + repr(ClusterOptions((server.url,), **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("compress", [True, False])
def test_compression(compress: bool) -> None:  # 5
    with serving(lambda n, _: OK) as server, connected(server.url, compress=compress) as cluster:
        cluster.call("POST", "/_bulk", body=b"x" * 5000)
        assert server.seen[0].body == b"x" * 5000
        assert (server.seen[0].headers.get("content-encoding") == "gzip") is compress
