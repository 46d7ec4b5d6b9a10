"""Feeds documents in parallel bulk requests, and slows down when the cluster says that it has enough.

An item that is refused because a queue is full (429) or a shard is away (503) is sent again after a pause; while it
waits, its thread sends nothing else, and `add` blocks when all threads are busy: that is the back-pressure. An item
that is refused for good is counted, and fails the generation: an index with holes is not what was built.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.documents import failed_items
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable

_TRIES = 8
_PAUSE_SECONDS = 0.25
_PARAMS = {"filter_path": "errors,items.*.status,items.*._id,items.*.error", "timeout": "30s"}


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """Bytes of one bulk request before compression, how many travel at once, and seconds that one may take."""

    bulk_bytes: int = 4_000_000
    threads: int = 2
    timeout: float = 60.0


@dataclass(slots=True)
class _Chunk:
    lines: dict[int, bytes] = field(default_factory=dict)
    bytes: int = 0


class Feeder:
    """Used by one thread. `jitter` gives numbers in [0, 1)."""

    def __init__(
        self, cluster: Cluster, index: str, options: FeedOptions, jitter: Callable[[], float] = random.random
    ) -> None:
        self._cluster, self._index, self._options, self._jitter = cluster, index, options, jitter
        self._chunk = _Chunk()
        self._pool = ThreadPoolExecutor(options.threads, thread_name_prefix="bulk")
        self._sent: deque[Future[list[str]]] = deque()
        self._refused: list[str] = []

    def add(self, row: int, lines: bytes) -> None:
        """Takes one document; blocks while as many requests travel as may.

        Raises:
            ClusterRefused: documents sent before were refused.
            ClusterUnavailable: the cluster did not take them after many tries.
        """
        self._chunk.lines[row] = lines
        self._chunk.bytes += len(lines)
        if self._chunk.bytes >= self._options.bulk_bytes:
            self._send()

    def finish(self) -> None:
        """Sends what is left and waits for all. Raises as `add`."""
        if self._chunk.lines:
            self._send()
        while self._sent:
            self._collect()

    def close(self) -> None:
        """Waits for what travels, whatever becomes of it; idempotent."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _send(self) -> None:
        chunk, self._chunk = self._chunk, _Chunk()
        self._sent.append(self._pool.submit(self._deliver, chunk.lines))
        # One more than threads, so that none waits for the next chunk to be made.
        while len(self._sent) > self._options.threads + 1:
            self._collect()

    def _collect(self) -> None:
        self._refused += self._sent.popleft().result()
        if self._refused:
            for waiting in self._sent:
                waiting.cancel()
            raise ClusterRefused(
                f"{len(self._refused)} documents were refused by the cluster; the first: {self._refused[0]}",
                field=self._index, hint="nothing was published; mend the input, or the cluster, and rebuild",
            )  # fmt: skip

    def _deliver(self, lines: dict[int, bytes]) -> list[str]:
        """Sends until every document is taken or refused; the reasons of the refused."""
        refused: list[str] = []
        for attempt in range(_TRIES):
            answer = self._cluster.call(
                "POST", f"/{self._index}/_bulk", body=b"".join(lines.values()), timeout=self._options.timeout,
                attempts=_TRIES, params=_PARAMS,
            )  # fmt: skip
            if not answer.get("errors"):
                return refused
            again, reasons = failed_items(answer)
            refused += reasons
            if not again:
                return refused
            lines = {row: lines[row] for row in again}
            time.sleep((0.5 + self._jitter() / 2) * _PAUSE_SECONDS * 2**attempt)
        raise ClusterUnavailable(
            f"the cluster did not take {len(lines)} documents in {_TRIES} tries",
            field=self._index, hint="see its load and its health, then rebuild: what is encoded is not encoded again",
        )  # fmt: skip
