"""As of which position of the journal an input file is: what was written later is laid over it, what was earlier is
taken to be in it.

A file was made at some time, and hours may pass until it is built: what was deleted in between must not come back. So
it is as of the time at which it was last written, unless somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from retrieval.changes.history import PRODUCT_CHANGES
from retrieval.changes.journal import Journal
from retrieval.errors import InputError

FILE, NOW = "file", "now"
_CHUNK = 10_000


def position_as_of(journal: Journal, as_of: str, files: Sequence[Path]) -> int:
    """The last position that `files` are taken to contain.

    Args:
        as_of: ``file``, ``now``, a position, or a time in ISO 8601 (UTC where it names no zone).

    Raises:
        InputError: it is none of these.
    """
    last = journal.position()
    if as_of == NOW:
        return last
    if as_of == FILE:
        return _before(journal, min((path.stat().st_mtime for path in files if path.exists()), default=0.0), last)
    if as_of.isascii() and as_of.isdigit():
        return min(int(as_of), last)
    try:
        time = datetime.fromisoformat(as_of)
    except ValueError:
        raise InputError(
            f"--as-of {as_of} is no position and no time", hint="file, now, 1234, or 2026-01-31T04:00:00+08:00"
        ) from None
    return _before(journal, (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp(), last)


def _before(journal: Journal, time: float, last: int) -> int:
    """The position before the first change that happened at `time` or later; a clock may have gone backwards."""
    after = 0
    while entries := journal.read(after, _CHUNK, PRODUCT_CHANGES):
        for entry in entries:
            if entry.change.at >= time:
                return entry.position - 1
        after = entries[-1].position
    return last
