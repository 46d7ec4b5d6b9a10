"""How long events are kept: so many days before the newest one, so that a log that is played back stays whole."""

from __future__ import annotations

from retrieval.interest.store import EventStore

_DAY_S = 86_400.0


def prune_old(store: EventStore, keep_days: int) -> int:
    """Turns what is older into counters; how many events."""
    newest = store.newest()
    return store.prune(newest - keep_days * _DAY_S) if newest else 0
