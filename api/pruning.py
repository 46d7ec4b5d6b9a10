"""Keeps the store of events within its days while the service runs."""

from __future__ import annotations

import logging

import anyio
from anyio import to_thread

from retrieval.errors import XunhuoError
from retrieval.interest.keeping import prune_old
from retrieval.interest.store import EventStore

_FIRST_S, _EVERY_S = 60.0, 3600.0

log = logging.getLogger("xunhuo.events")


async def prune_now_and_then(store: EventStore, keep_days: int) -> None:
    """Runs until it is cancelled; what cannot be done now is done later."""
    await anyio.sleep(_FIRST_S)
    while True:
        try:
            if pruned := await to_thread.run_sync(prune_old, store, keep_days):
                log.info("%d events older than %d days became counters", pruned, keep_days)
        except XunhuoError as error:
            log.warning("old events stay for now: %s", error.message)
        await anyio.sleep(_EVERY_S)
