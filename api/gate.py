"""Who may search: so many at once, so many waiting, and nobody who would be answered after their budget.

Searches hold the interpreter's lock for most of their time, so more of them at once are not more an hour: what comes
beyond is better told at once than after a second of waiting. Whoever is turned away is told when to come back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import CapacityLimiter, to_thread

from api.errors import Overloaded
from retrieval.deadline import Deadline

T = TypeVar("T")

_NEW = 0.1
"""Share of the last piece of work in what one is expected to take."""


class Gate:
    """Runs work in threads, first come, first served. One event loop uses it.

    `seconds` is what a piece of work is expected to take: a moving mean, 0 before the first.
    """

    def __init__(self, running: int, waiting: int, refused: Callable[[str], None]) -> None:
        """`running` pieces of work at once and `waiting` more; `refused` is told why one is turned away:
        ``full``, ``budget`` (it would take too long) or ``late`` (it did)."""
        self._running, self._waiting, self._refused = running, waiting, refused
        self._limiter = CapacityLimiter(running)
        self._inside = 0
        self.seconds = 0.0

    async def run(self, work: Callable[[], T], deadline: Deadline) -> T:
        """What `work` gives.

        Raises:
            Overloaded: too many wait, or the budget would be over, or is.
        """
        self._admit(deadline.remaining())

        def timed() -> tuple[T, float]:
            started = time.perf_counter()
            return work(), time.perf_counter() - started

        self._inside += 1
        try:
            # The scope ends the wait for a thread only: once the work runs, anyio lets it finish.
            with anyio.fail_after(deadline.remaining()):
                answer, seconds = await to_thread.run_sync(timed, limiter=self._limiter)
        except TimeoutError:
            raise self._overloaded("late") from None
        finally:
            self._inside -= 1
        self.seconds += (seconds - self.seconds) * (_NEW if self.seconds else 1.0)
        return answer

    def _admit(self, budget: float | None) -> None:
        ahead = self._inside - self._running + 1
        if ahead <= 0:
            return
        if ahead > self._waiting:
            raise self._overloaded("full")
        if budget is not None and (ahead / self._running + 1) * self.seconds > budget:
            raise self._overloaded("budget")

    def _overloaded(self, reason: str) -> Overloaded:
        self._refused(reason)
        return Overloaded("Too many searches are waiting.", field="timeout_ms", hint="Try again a little later.")
