"""A lock between processes that says who holds it. The system takes it from a process that dies."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

import orjson

from retrieval.errors import StorageError

_PAUSE_S = 0.002


class Held:
    """Of a file; between threads of this process, too, and a thread that holds it may take it again."""

    def __init__(self, path: Path, what: str, *, patience_s: float) -> None:
        """`what` is done under it, as errors say; `patience_s`: how long another is waited for."""
        self._path, self._what, self._patience_s = path, what, patience_s
        self._threads, self._depth = RLock(), 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Holds it.

        Raises:
            StorageError: somebody else did, all the time; said is who, and since when.
        """
        if not self._threads.acquire(timeout=self._patience_s):
            raise self._taken()
        try:
            if self._depth:
                yield
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                self._wait(file.fileno())
                file.truncate(0)
                holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}
                file.write(orjson.dumps(holder))
                file.flush()
                self._depth = 1
                try:
                    yield
                finally:
                    self._depth = 0
        finally:
            self._threads.release()

    def _wait(self, descriptor: int) -> None:
        end = time.monotonic() + self._patience_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise self._taken() from None
                time.sleep(_PAUSE_S)
            else:
                return

    def _taken(self) -> StorageError:
        try:
            who = orjson.loads(self._path.read_bytes())
            holder = f"process {who['pid']} on {who['host']} since {who['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            holder = "another process"
        return StorageError(
            f"{self._what}: {holder} holds {self._path.name}", field="data_dir",
            hint="try again; if that process is stuck, end it: its lock is then free by itself",
        )  # fmt: skip


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
