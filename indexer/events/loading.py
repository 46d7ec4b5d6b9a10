"""Events of files into the store, in batches: as the API would keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.events.reading import NotKept, shopper_event, why_not_kept
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress
from indexer.sources.readers import read_events
from indexer.sources.records import Event
from indexer.sources.rejects import RejectLog
from retrieval.interest.event import ShopperEvent
from retrieval.interest.store import EventStore

BATCH = 1_000


@dataclass(slots=True)
class Kept:
    """What became of events: new ones, known ones, those set back to now, and those not kept, by reason."""

    accepted: int = 0
    duplicates: int = 0
    clamped: int = 0
    not_kept: dict[str, int] = field(default_factory=dict)


class EventKeeper:
    """Used by one thread. Events are kept batch by batch; `finish` keeps the last.

    Args:
        store: None in a dry run: then nothing is kept, and what could be counts as accepted.
        now: later times are set back to it, in seconds since 1970.
    """

    def __init__(self, store: EventStore | None, now: float) -> None:
        self._store, self._now = store, now
        self._batch: list[ShopperEvent] = []
        self.kept = Kept()

    def add(self, record: Event) -> None:
        """Takes one record; one that names no shopper, or nothing that is known, is only counted."""
        read = shopper_event(record, self._now)
        if isinstance(read, NotKept):
            self._count(read.reason)
            return
        self.kept.clamped += read.clamped
        self._batch.append(read.event)
        if len(self._batch) >= BATCH:
            self.finish()

    def finish(self) -> None:
        """Keeps what waits."""
        batch, self._batch = self._batch, []
        if self._store is None:
            self.kept.accepted += len(batch)
            return
        added = self._store.add(batch)
        self.kept.accepted += added.accepted
        self.kept.duplicates += added.duplicates
        for event in batch:
            if event.id in added.refused:
                self._count(added.refused[event.id].value)

    def _count(self, reason: str) -> None:
        self.kept.not_kept[reason] = self.kept.not_kept.get(reason, 0) + 1


def load_events(
    paths: Sequence[Path], store: EventStore | None, *, now: float, limits: Limits, rejects: RejectLog,
    progress: Progress | None = None,
) -> Kept:  # fmt: skip
    """Keeps the events of these files; a row that is none goes to `rejects`.

    Raises:
        InputError: a file cannot be read.
        StorageError: the store cannot take them; what was kept before stays, and counts as known next time.
    """
    keeper = EventKeeper(store, now)
    for record in read_events(paths, limits=limits, rejects=rejects, progress=progress, judge=why_not_kept):
        keeper.add(record)
    keeper.finish()
    return keeper.kept
