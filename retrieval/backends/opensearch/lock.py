"""One builder at a time, over all machines: a document that only one can create, and that its owner keeps alive.

A builder that was killed stops keeping it alive; after `TTL` its lock may be taken over. Who takes over names the
version it saw (``if_seq_no``), so of several only one does. Clocks may differ by less than `TTL`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.errors import Conflict, Missing
from retrieval.backends.opensearch.small_index import unchanged_since
from retrieval.errors import GenerationError, XunhuoError

TTL = 60.0
"""Seconds after which a lock that is not kept alive is nobody's."""


@contextmanager
def hold(cluster: Cluster, index: str) -> Iterator[None]:
    """Holds the lock in `index`.

    Raises:
        GenerationError: when somebody else does.
    """
    owner = secrets.token_hex(8)
    _take(cluster, index, owner)
    stop = Event()
    keeper = Thread(target=_keep, args=(cluster, index, owner, stop), daemon=True, name="build-lock")
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
        with suppress(XunhuoError):  # it runs out by itself
            if _owner(_read(cluster, index)) == owner:
                cluster.call("DELETE", f"/{index}/_doc/build", params={"refresh": "true"})


def _take(cluster: Cluster, index: str, owner: str) -> None:
    with suppress(Conflict):
        cluster.call("PUT", f"/{index}/_create/build", body=_lock(owner), repeatable=False)
        return
    held = _read(cluster, index)
    if held and float(held["_source"]["until"]) > time.time():
        raise GenerationError("another rebuild is running on this cluster", hint="wait for it, or use another prefix")
    try:
        cluster.call("PUT", f"/{index}/_doc/build", body=_lock(owner), params=unchanged_since(held), repeatable=False)
    except Conflict:
        raise GenerationError("another rebuild has just begun on this cluster", hint="wait for it") from None


def _keep(cluster: Cluster, index: str, owner: str, stop: Event) -> None:
    while not stop.wait(TTL / 4):
        with suppress(XunhuoError):
            held = _read(cluster, index)
            if held and _owner(held) == owner:
                cluster.call("PUT", f"/{index}/_doc/build", body=_lock(owner), params=unchanged_since(held))


def _read(cluster: Cluster, index: str) -> Any:
    try:
        return cluster.call("GET", f"/{index}/_doc/build")
    except Missing:
        return None


def _owner(held: Any) -> str | None:
    return str(held["_source"]["owner"]) if held else None


def _lock(owner: str) -> dict[str, Any]:
    return {"owner": owner, "until": time.time() + TTL}
