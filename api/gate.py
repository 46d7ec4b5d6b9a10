"""Who may search: so many at once, and nobody who would wait longer than an answer is worth.

Searches hold the interpreter's lock for most of their time, so more of them at once are not more an hour: what comes
beyond is better told at once than after a second of waiting. How long one would wait is what work takes, times those
ahead, over the threads that do it. From some wait on answers are to be made cheaply, from a longer one whoever comes is
turned away and told when to come back.

A few may always wait: the clients of a small shop, or a page that asks several things at once. Once somebody had to be
turned away there are more than the threads can do, and a queue that is full stays full: each that is let in would wait
its whole length. So as long as that lasts it is kept just long enough for the threads to have work, which answers as
many, and each of them soon.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic, perf_counter
from typing import TypeVar

import anyio
from anyio import CapacityLimiter, to_thread

from api.errors import Overloaded
from retrieval.deadline import Deadline

T = TypeVar("T")

_NEW = 0.1
"""Share of the last piece of work in what one is expected to take."""
_FEW = 8
"""So many may be inside for each thread whatever that takes, and are answered in full."""
_SHORT = 1
"""So many wait for each thread while others are turned away …"""
_PRESSED_S = 0.5
"""… and for so long after the last of them."""
_OWN = ("budget", "late")
"""Reasons that lie with who asks: a small budget is no sign that many want in."""


class Gate:
    """Runs work in threads, first come, first served. One event loop uses it.

    `seconds` is what a piece of work is expected to take: a moving mean, 0 before the first.
    """

    def __init__(
        self, running: int, waiting: int, refused: Callable[[str], None], *,
        patience: float = math.inf, hurry: float = math.inf,
    ) -> None:  # fmt: skip
        """
        Args:
            running, waiting: pieces of work at once, and so many more.
            refused: is told why one is turned away: ``full`` (too many wait), ``wait`` (it would wait too long),
                ``budget`` (it would be done only after its own) or ``late`` (it was not begun within it).
            patience: seconds that one may be expected to wait; hurry: from so many on work is to be done cheaply.
        """
        self._running, self._waiting, self._refused = running, waiting, refused
        self._patience, self._hurry = patience, hurry
        self._limiter = CapacityLimiter(running)
        self._inside = 0
        self._pressed_until = -math.inf
        self.seconds = 0.0

    @property
    def waiting(self) -> int:
        """Pieces of work that wait for a thread."""
        return max(0, self._inside - self._running)

    @property
    def wait(self) -> float:
        """Seconds that whoever comes now is expected to wait."""
        return max(0, self._inside - self._running + 1) / self._running * self.seconds

    @property
    def hurried(self) -> bool:
        """Whether who comes now is to be answered cheaply."""
        return self._inside >= _FEW * self._running and self.wait >= self._hurry

    @property
    def crowded(self) -> bool:
        """Whether more than a few want in: so many are inside, or one waits and another was turned away just now."""
        return self._inside >= _FEW * self._running or (self.waiting > 0 and self._pressed)

    @property
    def closed(self) -> str | None:
        """Why nobody is let in now, as `refused` is told; None where one may be."""
        if self._inside >= self._running + self._waiting:
            return "full"
        if self.waiting >= _SHORT * self._running and self._pressed:
            return "wait"
        return "wait" if self._inside >= _FEW * self._running and self.wait > self._patience else None

    @property
    def _pressed(self) -> bool:
        return monotonic() < self._pressed_until

    def refuse(self, reason: str) -> Overloaded:
        """Counts one that is turned away; what to tell it."""
        self._refused(reason)
        if reason not in _OWN:
            self._pressed_until = monotonic() + _PRESSED_S
        return Overloaded("Too many searches are waiting.", field="timeout_ms", hint="Try again a little later.")

    async def run(self, work: Callable[[], T], deadline: Deadline, meanwhile: Callable[[], object] = lambda: None) -> T:
        """What `work` gives; `meanwhile` is called at once where it is let in, and must not block.

        Raises:
            Overloaded: too many wait, or for too long, or the budget would be over, or is.
        """
        self._admit(deadline.remaining())
        meanwhile()

        def timed() -> tuple[T, float]:
            started = perf_counter()
            return work(), perf_counter() - started

        self._inside += 1
        try:
            # The scope ends the wait for a thread only: once the work runs, anyio lets it finish.
            with anyio.fail_after(deadline.remaining()):
                answer, seconds = await to_thread.run_sync(timed, limiter=self._limiter)
        except TimeoutError:
            raise self.refuse("late") from None
        finally:
            self._inside -= 1
        self.seconds += (seconds - self.seconds) * (_NEW if self.seconds else 1.0)
        return answer

    def _admit(self, budget: float | None) -> None:
        if (reason := self.closed) is not None:
            raise self.refuse(reason)
        if self.wait and budget is not None and self.wait + self.seconds > budget:
            raise self.refuse("budget")
