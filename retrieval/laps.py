"""How long each step of a search took: laps on one clock, so that they follow each other without a gap."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lap:
    """A step: when it began, in seconds on the clock of `time.perf_counter`, and how many it took."""

    name: str
    began: float
    seconds: float


class Laps:
    """One thread uses it."""

    def __init__(self) -> None:
        self._began = self._at = time.perf_counter()
        self._done: list[Lap] = []

    def lap(self, name: str) -> None:
        """A step has ended, and the next one begins."""
        now = time.perf_counter()
        self._done.append(Lap(name, self._at, now - self._at))
        self._at = now

    @property
    def done(self) -> tuple[Lap, ...]:
        """Those that have ended, in their order."""
        return tuple(self._done)

    @property
    def seconds(self) -> float:
        """From the beginning until now."""
        return time.perf_counter() - self._began
