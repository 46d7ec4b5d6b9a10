"""Feeds documents in parallel bulk requests, and slows down when the cluster says that it has enough.

An item that meets a full queue (429) or an absent shard (503) is sent again after a pause; while it waits, its thread
sends nothing else, and `add` blocks when all threads are busy: that is the back-pressure. A document that cannot be
indexed (400) is set aside with the reason. Where the index takes nothing at all, or too little, the feed fails.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.documents import failed_items, refusal
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable
from retrieval.types import Refusal

_TRIES = 8
_PAUSE_SECONDS = 0.25
_PARAMS = {"filter_path": "errors,items.*.status,items.*._id,items.*.error", "timeout": "30s"}
_MOST_REFUSED = 10_000
"""More than these are no single bad documents, and their places could not be filled within little memory."""


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
    """Used by one thread. `jitter` gives numbers in [0, 1).

    Attributes:
        refused: row → the document that the cluster does not take, as far as is known.
        waiting: rows that were added and of which nothing is known yet.
    """

    def __init__(
        self, cluster: Cluster, index: str, options: FeedOptions, jitter: Callable[[], float] = random.random
    ) -> None:
        self._cluster, self._index, self._options, self._jitter = cluster, index, options, jitter
        self._chunk = _Chunk()
        self._pool = ThreadPoolExecutor(options.threads, thread_name_prefix="bulk")
        self._sent: deque[tuple[int, Future[dict[int, Refusal]]]] = deque()
        self.refused: dict[int, Refusal] = {}
        self.waiting = 0

    def add(self, row: int, lines: bytes) -> None:
        """Takes one document; blocks while as many requests travel as may.

        Raises:
            ClusterRefused: the index is read-only, or too many documents were refused.
            ClusterUnavailable: the cluster did not take them after many tries.
        """
        self._chunk.lines[row] = lines
        self._chunk.bytes += len(lines)
        self.waiting += 1
        if self._chunk.bytes >= self._options.bulk_bytes:
            self._send()

    def finish(self) -> None:
        """Sends what is left and waits for all; more may be added afterwards. Raises as `add`."""
        if self._chunk.lines:
            self._send()
        while self._sent:
            self._collect()

    def close(self) -> None:
        """Waits for what travels, whatever becomes of it; idempotent."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _send(self) -> None:
        chunk, self._chunk = self._chunk, _Chunk()
        self._sent.append((len(chunk.lines), self._pool.submit(self._deliver, chunk.lines)))
        # One more than threads, so that none waits for the next chunk to be made.
        while len(self._sent) > self._options.threads + 1:
            self._collect()

    def _collect(self) -> None:
        count, future = self._sent.popleft()
        try:
            self.refused |= future.result()
            if len(self.refused) > _MOST_REFUSED:
                raise self._fail(f"{len(self.refused):,} documents", next(iter(self.refused.values())).reason)
        except BaseException:
            for _, waiting in self._sent:
                waiting.cancel()
            raise
        self.waiting -= count

    def _deliver(self, lines: dict[int, bytes]) -> dict[int, Refusal]:
        """Sends until every document is taken or refused; the refused, with the reason."""
        refused: dict[int, Refusal] = {}
        for attempt in range(_TRIES):
            answer = self._cluster.call(
                "POST", f"/{self._index}/_bulk", body=b"".join(lines.values()), timeout=self._options.timeout,
                attempts=_TRIES, params=_PARAMS,
            )  # fmt: skip
            if not answer.get("errors"):
                return refused
            failed = failed_items(answer)
            if failed.broken:
                raise self._fail(f"{len(failed.broken):,} documents", failed.broken[0])
            refused |= {row: refusal(lines[row], why) for row, why in failed.refused.items()}
            if not failed.again:
                return refused
            lines = {row: lines[row] for row in failed.again}
            time.sleep((0.5 + self._jitter() / 2) * _PAUSE_SECONDS * 2**attempt)
        raise ClusterUnavailable(
            f"the cluster did not take {len(lines)} documents in {_TRIES} tries",
            field=self._index, hint="see its load and its health, then go on with the same command",
        )  # fmt: skip

    def _fail(self, what: str, why: str) -> ClusterRefused:
        return ClusterRefused(
            f"{what} were refused by the cluster; the first: {why}",
            field=self._index, hint="nothing was published; mend the input, or the cluster, and rebuild",
        )  # fmt: skip
