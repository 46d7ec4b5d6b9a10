"""A load that does not wait:

1. Every request is asked once, with its status, and whether its answer lacks something; connections are kept.
2. A request's time counts from when it was due: behind a service that answers one after the other, the last has waited
   for all before it.
3. A replay repeats six of ten requests, out of those before, and asks each of the others once.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from benchmarks.flood import driven, flooded, p
from benchmarks.overload import path_of, replayed


@contextmanager
def service(answer: Callable[[str], tuple[int, bytes]], *, kept: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Answers one request after the other; its port, and who asked."""
    callers: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            callers.append(str(self.client_address))
            status, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "keep-alive" if kept else "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port, callers
        server.shutdown()
        thread.join()


def test_each_is_asked_once() -> None:  # 1
    answers = {"/a": (200, b'{"degraded":[]}'), "/b": (200, b'{"degraded":["semantic"]}'), "/c": (503, b"{}")}
    with service(answers.__getitem__) as (port, callers):
        got = driven(port, itertools.cycle("/" + name for name in "abc"), 1, 0.5)
    assert [(each.status, each.degraded) for each in got[:3]] == [(200, False), (200, True), (503, False)]
    assert len(got) == len(callers)
    assert len(set(callers)) == 1


def test_time_counts_from_when_it_was_due() -> None:  # 2
    def slowly(_: str) -> tuple[int, bytes]:
        time.sleep(0.05)
        return 200, b"{}"

    with service(slowly, kept=False) as (port, _):
        got = flooded(port, itertools.repeat("/"), 100, 0.05)
    assert len(got) == 5
    # The fifth is due after 40 ms, and done after five times 50.
    assert (p(100, got, bool) or 0) >= 5 * 50 - 40
    assert p(100, [], bool) is None


def test_a_service_that_is_not_there() -> None:  # 1
    assert [each.status for each in flooded(9, itertools.repeat("/"), 20, 0.1)] == [0, 0]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_replay(seed: int) -> None:  # 3
    queries = [f"q{n}" for n in range(2100)]
    asked = list(replayed(queries, seed))
    assert list(dict.fromkeys(asked)) == [path_of(query) for query in queries[100:]]
    assert len(asked) == pytest.approx(2000 / 0.4, rel=0.05)
