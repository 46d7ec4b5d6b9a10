"""One writer of changes at a time, over all machines: a document that only one can create, and that its holder renews.

A holder that died is found by its silence: who waits sees that the document does not change for `SILENCE` by its own
clock, and takes it over naming the version it saw, so of several only one does. Every holder has a higher number than
the one before; what is written under it (`external_gte`) stands against a late one that does not know yet.
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from threading import Event, RLock, Thread
from typing import Any

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable, Conflict, Missing
from retrieval.errors import StorageError, XunhuoError

SILENCE = 10.0
"""Seconds after which a lock that is not renewed is nobody's."""
_PAUSE_SECONDS = 0.02
_TERM_BITS = 40


@dataclass(slots=True)
class _Lease:
    """What is held: the version of the document as it was written last, and when.

    Attributes:
        fence: higher than that of any holder before.
    """

    owner: str
    seq_no: int
    term: int
    fence: int
    renewed: float
    stop: Event = field(default_factory=Event)


class WriterLock:
    """Between threads of this process, too; a thread that holds it may take it again.

    Args:
        patience_s: how long another is waited for.
    """

    def __init__(self, cluster: Cluster, index: str, *, patience_s: float = 15.0) -> None:
        self._cluster, self._path, self._patience_s = cluster, f"/{index}/_doc/changes", patience_s
        self._threads = RLock()
        self._lease: _Lease | None = None

    @contextmanager
    def __call__(self) -> Iterator[_Lease]:
        """Holds it.

        Raises:
            StorageError: somebody else did, all the time; said is who, and since when.
        """
        if not self._threads.acquire(timeout=self._patience_s):
            raise _taken("another thread of this process")
        try:
            if self._lease is not None:
                yield self._lease
                return
            self._lease = lease = self._taken()
            keeper = Thread(target=self._keep, args=(lease,), daemon=True, name="writer-lock")
            keeper.start()
            try:
                yield lease
            finally:
                self._lease = None
                lease.stop.set()
                keeper.join()
                self._give_back(lease)
        finally:
            self._threads.release()

    def check(self, lease: _Lease) -> None:
        """Raises ClusterUnavailable where it may be somebody else's by now."""
        if time.monotonic() - lease.renewed >= SILENCE:
            raise ClusterUnavailable(
                "the right to write was lost: the cluster did not answer in time", hint="try again; nothing was changed"
            )

    def _taken(self) -> _Lease:
        owner, end = secrets.token_hex(8), time.monotonic() + self._patience_s
        seen, silent_since = (-1, -1), 0.0
        version: dict[str, Any] = {"op_type": "create"}
        while True:
            with suppress(Conflict):
                return self._write(owner, version)
            version = {"op_type": "create"}
            while held := self._held():
                now, found = time.monotonic(), (held["_seq_no"], held["_primary_term"])
                if found != seen:
                    seen, silent_since = found, now
                mine = held["_source"]["owner"] == owner  # sent again, it met itself
                if mine or now - silent_since >= SILENCE:
                    version = {"if_seq_no": seen[0], "if_primary_term": seen[1]}
                    break
                if now >= end:
                    raise _taken(f"{held['_source']['who']}, since {held['_source']['since']},")
                time.sleep(_PAUSE_SECONDS * (0.5 + random.random()))

    def _write(self, owner: str, version: dict[str, Any]) -> _Lease:
        asked = time.monotonic()
        body = {"owner": owner, "who": f"process {os.getpid()} on {socket.gethostname()}", "since": _now()}
        kept = self._cluster.call("PUT", self._path, params=version, body=body)
        seq_no, term = kept["_seq_no"], kept["_primary_term"]
        return _Lease(owner, seq_no, term, (term << _TERM_BITS) + seq_no + 1, asked)

    def _keep(self, lease: _Lease) -> None:
        while not lease.stop.wait(SILENCE / 4):
            with suppress(XunhuoError):
                kept = self._write(lease.owner, {"if_seq_no": lease.seq_no, "if_primary_term": lease.term})
                lease.seq_no, lease.term, lease.renewed = kept.seq_no, kept.term, kept.renewed

    def _give_back(self, lease: _Lease) -> None:
        version = {"if_seq_no": lease.seq_no, "if_primary_term": lease.term}
        with suppress(XunhuoError):  # it runs out by itself
            self._cluster.call("DELETE", self._path, params=version)

    def _held(self) -> Any:
        try:
            return self._cluster.call("GET", self._path)
        except Missing:
            return None


@cache
def lock_of(options: ClusterOptions, index: str) -> WriterLock:
    """One for this process, however many backends it has: a thread that holds it may come by another of them."""
    return WriterLock(Cluster(options), index)


def _taken(holder: str) -> StorageError:
    return StorageError(
        f"nothing was changed: {holder} holds the right to write", field="opensearch.prefix",
        hint=f"try again; a writer that died is found after {SILENCE:.0f} s",
    )  # fmt: skip


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
