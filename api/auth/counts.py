"""Where `limits` counts: a bounded table whose entries go by themselves.

The store that comes with the library sweeps all its entries in a thread every ten milliseconds: with ten thousand
callers a seventh of a core. Here the oldest go when others are counted, and there are never more than `MOST`.
"""

from __future__ import annotations

import time
from math import floor

from cachetools import TTLCache
from limits.storage.base import SlidingWindowCounterSupport, Storage, TimestampedSlidingWindow

MOST = 200_000
"""Counters of one process, about 300 bytes each; a caller has two at most."""
_KEPT_S = 120.0
"""Two windows of a minute: the one before still counts in part."""


class Counts(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """Counters in memory, `most` of them, used from one thread."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self._counts: TTLCache[str, int] = TTLCache(most, _KEPT_S)

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        count = self._counts.get(key, 0) + amount
        self._counts[key] = count
        return count

    def get(self, key: str) -> int:
        return self._counts.get(key, 0)

    def get_expiry(self, key: str) -> float:
        return time.time() + _KEPT_S

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        number = len(self._counts)
        self._counts.clear()
        return number

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        before, left, now, _ = self.get_sliding_window(key, expiry)
        if floor(before * left / expiry + now) + amount > limit:
            return False
        self.incr(self.sliding_window_keys(key, expiry, time.time())[1], expiry, amount)
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Requests of the window before, the seconds of it that still count, those of this window, and what is left."""
        now = time.time()
        before, current = self.sliding_window_keys(key, expiry, now)
        left = expiry - now % expiry
        return self.get(before), left if self.get(before) else 0.0, self.get(current), left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        for each in self.sliding_window_keys(key, expiry, time.time()):
            self.clear(each)
