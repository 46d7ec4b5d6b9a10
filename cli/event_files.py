"""What shoppers did, for commands that learn or measure: of files, kept nowhere, or what is in the store."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from configs.settings import Settings
    from retrieval.interest.store import EventStore


@contextmanager
def events_of(settings: Settings, files: Sequence[Path]) -> Iterator[EventStore]:
    """What shoppers did: of files, in a store that is thrown away afterwards, or what is kept already."""
    from retrieval.interest.sqlite_store import SqliteEventStore
    from retrieval.wiring.places import open_events

    if not files:
        with closing(open_events(settings)) as store:
            yield store
        return
    chosen = settings.interest
    with TemporaryDirectory(prefix="xunhuo-events-") as folder:
        place = Path(folder) / "events.db"
        with closing(
            SqliteEventStore(place, most=chosen.max_events_per_user, rewritten_bytes=chosen.rewritten_bytes)
        ) as store:
            _load(settings, files, store)
            yield store


def _load(settings: Settings, files: Sequence[Path], store: EventStore) -> None:
    """Keeps the events of the files; says how many are kept, and why others are not."""
    from cli.progress import RichObserver
    from indexer.events.loading import load_events
    from indexer.sources.limits import Limits
    from indexer.sources.readers import total_bytes
    from indexer.sources.rejects import RejectLog

    limits = Limits(settings.input.max_title_chars, settings.input.max_line_bytes)
    with RejectLog(None) as log, RichObserver() as observer:
        observer.stage("events", total_bytes(files))
        kept = load_events(
            files, store, now=time.time(), limits=limits, rejects=log,
            progress=lambda count: observer.advance(count, 0),
        )  # fmt: skip
    typer.echo(f"{kept.accepted:,} events, {log.total:,} rejected", err=True)
    for reason, count in sorted(log.counts.items()):
        typer.echo(f"  {reason}: {count:,}", err=True)
    log.check(settings.input.max_reject_share, settings.input.min_rows_for_share)
