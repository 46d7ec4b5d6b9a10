"""What `xunhuo doctor` says of the journal: whether it is whole, what lies over the served generation, the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

from configs.settings import Settings
from retrieval.changes.journal import Entry, Journal
from retrieval.errors import NotReady, StorageError

AHEAD_S = 60.0
"""So far ahead of the clock an entry may stand: clocks of several machines differ."""
_CHUNK = 10_000


def look_at_changes(settings: Settings) -> str:
    """How many changes there are, and how many since the generation was built.

    Raises:
        StorageError: an entry is damaged or missing, or was written later than it is now; or the served generation was
            built with more than there is.
    """
    from indexer.publish import served_by
    from retrieval.changes.products import check_goes_on
    from retrieval.wiring.places import make_backend, open_journal

    with closing(open_journal(settings)) as journal:
        last = last_whole(journal)
    if served := served_by(make_backend(settings)):
        check_goes_on(served, last.position if last else 0)
    if last is None:
        return "none yet"
    if (ahead := last.change.at - time.time()) > AHEAD_S:
        raise StorageError(
            f"change {last.position} was written {ahead:,.0f} s later than the clock says now", field="clock",
            hint="set the clock; the order of changes does not hang on it, but expiries and schedules run by it",
        )  # fmt: skip
    return f"{last.position:,} changes, each as it was written{_over(settings)}"


def last_whole(journal: Journal) -> Entry | None:
    """Reads all of it; the last entry, None where there is none.

    Raises:
        StorageError: at the first that is damaged or missing, saying up to where it is whole.
    """
    last: Entry | None = None
    whole = 0
    try:
        for entry in _each(journal):
            if entry.position != whole + 1:
                raise StorageError(f"entry {whole + 1} of the journal is missing", field="data_dir")
            whole, last = entry.position, entry
    except StorageError as why:
        hint = "restore a copy of the journal: what it says of take-downs must not be guessed"
        raise StorageError(f"{why.message}; it is whole up to entry {whole}", field=why.field, hint=hint) from None
    return last


def _each(journal: Journal) -> Iterator[Entry]:
    """All entries up to the first that cannot be read, at which it raises."""
    after, size = 0, _CHUNK
    while True:
        try:
            entries = journal.read(after, size)
        except StorageError:
            if size == 1:
                raise
            size //= 2  # a chunk is refused as a whole
            continue
        if not entries:
            return
        yield from entries
        after = entries[-1].position


def _over(settings: Settings) -> str:
    from indexer.changes.compact import Bounds, load_of
    from retrieval.wiring.changes import open_changes
    from retrieval.wiring.places import make_backend

    backend, chosen = make_backend(settings), settings.changes
    try:
        load = load_of(backend, open_changes(settings, backend=backend))
    except NotReady:
        return ""
    due = load.due(Bounds(chosen.compact_share, chosen.compact_changes))
    told = f"; {load.changes:,} since {load.generation}: {load.appended:,} rows appended, {load.gone:,} gone"
    return told + (": time for xunhuo compact" if due else "")
