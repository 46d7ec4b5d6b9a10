"""Work of operators, in threads of its own beside those of searches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")


class Aside:
    """Calls what blocks; at most `threads` at once, and others wait."""

    def __init__(self, threads: int = 1) -> None:
        self._limiter = CapacityLimiter(threads)

    async def __call__(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(work, limiter=self._limiter)
