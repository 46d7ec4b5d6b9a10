"""A SQLite file that several processes share: who may write, who reads, and how what was deleted leaves no trace.

WAL mode: readers never wait, and `synchronous=FULL` makes a commit durable before it returns. One connection
of a process writes, others read. `secure_delete` writes zeros over what is deleted; a page that was split may still
hold a stale copy of a row that moved away, so the file is written anew after a deletion if it is small enough.
"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from retrieval.errors import StorageError

_CHECKPOINT_PAGES = 4_000
"""Pages of 4 KB that the log grows to before it is folded into the file."""
_MOST_IDLE = 16
"""Connections for reading that are kept open."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What lies in a file.

    Attributes:
        what: of which errors speak, in the plural: "events".
        setting: that says where the file lies.
        schema: statements, separated by semicolons; version: their number, ≥ 1.
        if_damaged: what to do then.
    """

    what: str
    setting: str
    schema: str
    version: int
    if_damaged: str


class SqliteFile:
    """Thread-safe; several processes may use one file. It is made by the first write.

    Args:
        patience_s: how long another process that writes is waited for.
        rewritten_bytes: a larger file is not written anew after a deletion.
    """

    def __init__(self, path: Path, layout: Layout, *, patience_s: float = 30.0, rewritten_bytes: int = 1 << 30) -> None:
        self._layout = layout
        self._path, self._patience_s, self._rewritten_bytes = path, patience_s, rewritten_bytes
        self._lock = Lock()
        self._writer: sqlite3.Connection | None = None
        self._idle: deque[sqlite3.Connection] = deque()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection that sees all that was committed; None where nothing was written yet."""
        with self._explained():
            try:
                connection: sqlite3.Connection | None = self._idle.pop()
            except IndexError:
                connection = self._reader()
            try:
                yield connection
            finally:
                if connection is not None:
                    self._idle.append(connection) if len(self._idle) < _MOST_IDLE else connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; it is durable when the block ends, and undone when it raises."""
        with self._lock, self._explained():
            writer = self._opened_writer()
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has undone it already
                    writer.execute("ROLLBACK")
                raise

    def forget(self) -> None:
        """Writes the file anew without what was deleted, and empties the log, which still held it.

        Raises:
            StorageError: another process reads for longer than we wait.
        """
        with self._lock, self._explained():
            writer = self._opened_writer()
            if self._path.stat().st_size <= self._rewritten_bytes:
                writer.execute("VACUUM")
            end = time.monotonic() + self._patience_s
            while writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > end:
                    raise sqlite3.OperationalError("others are reading; what was deleted is still in its log")
                time.sleep(0.01)

    def close(self) -> None:
        """Closes the connections that nobody uses; idempotent."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        while self._idle:
            self._idle.pop().close()

    def _reader(self) -> sqlite3.Connection | None:
        if not self._path.exists():
            return None
        connection = self._connected()
        if _version(connection) == 0:  # it is being made
            connection.close()
            return None
        self._check_version(connection)
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _opened_writer(self) -> sqlite3.Connection:
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # what people did is for the owner's eyes; the log takes over these rights
            writer = self._connected()
            for setting in ("synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
                writer.execute(f"PRAGMA {setting}")
            writer.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
            writer.execute("BEGIN IMMEDIATE")
            if _version(writer) == 0:
                for statement in self._layout.schema.split(";"):
                    writer.execute(statement)
                writer.execute(f"PRAGMA user_version={self._layout.version}")
            writer.execute("COMMIT")
            self._check_version(writer)
            self._writer = writer
        return self._writer

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=self._patience_s, cached_statements=64
        )
        end = time.monotonic() + self._patience_s
        while True:  # the switch to WAL does not wait for others by itself
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    connection.close()
                    raise
                time.sleep(0.01)
            except sqlite3.Error:
                connection.close()
                raise
            else:
                return connection

    def _check_version(self, connection: sqlite3.Connection) -> None:
        if (found := _version(connection)) != self._layout.version:
            connection.close()
            raise StorageError(
                f"{self._path} has format {found}; this version reads {self._layout.version}",
                field=self._layout.setting, hint="use the version that wrote it, or name another file",
            )  # fmt: skip

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"the {self._layout.what} in {self._path} cannot be kept or read: {error}", field=self._layout.setting,
                hint=_hint(str(error), self._layout.if_damaged),
            ) from error  # fmt: skip


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _hint(reason: str, if_damaged: str) -> str:
    if "full" in reason or "disk" in reason or "space" in reason:
        return "free some space; nothing of this call was kept"
    if "locked" in reason or "reading" in reason:
        return "another process holds on to it; try again"
    if "malformed" in reason or "not a database" in reason:
        return f"it is damaged: {if_damaged}"
    return "check the path and who may read and write there"
