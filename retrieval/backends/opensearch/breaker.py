"""A circuit breaker: while a cluster is down, calls are refused at once instead of holding threads until they are late.

After `failures` failed calls in a row it is open for `seconds`; then one call may try, and closes it or opens it again.
Calls that were under way together fail together and count once, so that the breath that a busy cluster takes when a
node leaves or comes back is not held for its end because many waited for it.
Source: M. Nygard, "Release It!", 2nd ed. 2018, "Circuit Breaker".
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from threading import Lock

from retrieval.backends.opensearch.errors import ClusterUnavailable


class Breaker:
    """Thread-safe. `clock` gives seconds that only grow."""

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures, self._seconds, self._clock = failures, seconds, clock
        self._failed = 0
        self._failed_at = -math.inf
        self._closed_at = 0.0
        self._lock = Lock()

    def check(self) -> None:
        """Lets a call through.

        Raises:
            ClusterUnavailable: while it is open.
        """
        with self._lock:
            if self._failed < self._failures:
                return
            left = self._closed_at - self._clock()
            if left > 0:
                raise ClusterUnavailable(
                    f"the search cluster did not answer {self._failed} times in a row",
                    hint=f"it is tried again in {left:.1f} s; is it running, and is opensearch.urls right?",
                )
            self._closed_at = self._clock() + self._seconds  # this call tries; the others wait for what it finds

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0

    def failed(self, began: float) -> None:
        """Of a call that began at this time of `clock`."""
        with self._lock:
            if began < self._failed_at:
                return
            self._failed, self._failed_at = self._failed + 1, self._clock()
            if self._failed >= self._failures:
                self._closed_at = self._clock() + self._seconds
