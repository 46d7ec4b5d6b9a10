"""How late the event loop is: what comes in waits so long before anybody looks at it."""

from __future__ import annotations

import time
from collections import deque

import anyio

_EVERY_S = 0.01
_IN_A_ROW = 3
"""A single late look is the machine's breath; a loop that cannot keep up is late each time."""


class Lag:
    """One event loop uses it."""

    def __init__(self) -> None:
        self._late = deque([0.0] * _IN_A_ROW, _IN_A_ROW)

    @property
    def seconds(self) -> float:
        """By which each of the last looks was late at least; 0 where nobody looks."""
        return min(self._late)

    async def watch(self) -> None:
        """Looks until it is cancelled."""
        while True:
            due = time.perf_counter() + _EVERY_S
            await anyio.sleep(_EVERY_S)
            self._late.append(max(0.0, time.perf_counter() - due))
