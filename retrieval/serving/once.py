"""What is made once for each key, the last few kept: who asks for the same waits for it, others do not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Made = TypeVar("_Made")


class Once(Generic[_Key, _Made]):
    """Thread-safe. Keeps what was made for the `kept` keys asked for last; what could not be made is tried again."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._made: OrderedDict[_Key, Future[_Made]] = OrderedDict()
        self._lock = Lock()

    def of(self, key: _Key, make: Callable[[], _Made]) -> _Made:
        """What `make` gave for this key, now or before. Raises whatever `make` raises."""
        with self._lock:
            future = self._made.get(key)
            first = future is None
            if future is None:
                future = self._made[key] = Future()
                while len(self._made) > self._kept:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
        if first:
            try:
                future.set_result(make())
            except BaseException as why:
                with self._lock:
                    if self._made.get(key) is future:
                        del self._made[key]
                future.set_exception(why)
        return future.result()

    def clear(self) -> None:
        """Keeps nothing any more."""
        with self._lock:
            self._made.clear()

    def made(self) -> list[_Made]:
        """All that is kept and was made."""
        with self._lock:
            futures = list(self._made.values())
        return [future.result() for future in futures if future.done() and not future.exception()]
