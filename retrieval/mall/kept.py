"""What is made once for the place that serves, and forgotten with it: else it would keep the memory of old places."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from retrieval.mall.place import Place
from retrieval.serving.once import Once

_Made = TypeVar("_Made")


class Kept(Generic[_Made]):
    """Thread-safe; the last `most` of what was made."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._place: Place | None = None
        self._made: Once[Hashable, _Made] = Once(most)

    def of(self, place: Place, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What `make` gave for this place and key, now or before. Raises whatever `make` raises."""
        with self._lock:
            if place is not self._place:
                self._place, self._made = place, Once(self._most)
            made = self._made
        return made.of(key, make)
