"""What shoppers search after they watched a video, counted as events go by in order of time.

Only what several shoppers asked after the same video is kept; who they are is forgotten with the counting.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

WINDOW_S = 1800.0
"""Seconds after a video in which a search may be about it."""


class AfterWatching:
    """Counts; of each shopper the last video is remembered."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, float]] = {}
        self._asked: dict[tuple[str, str], set[str]] = defaultdict(set)

    def watched(self, shopper: str, video: str, ts: float) -> None:
        """Somebody watched a video at `ts`, seconds since 1970."""
        self._last[shopper] = (video, ts)

    def searched(self, shopper: str, query: str, ts: float) -> None:
        """Somebody searched."""
        video, at = self._last.get(shopper, ("", 0.0))
        if video and 0 <= ts - at <= WINDOW_S:
            self._asked[video, query].add(shopper)

    def counts(self, least: int) -> Mapping[str, tuple[str, ...]]:
        """Video → what at least so many shoppers asked after it, the most frequent first."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for (video, query), shoppers in self._asked.items():
            if len(shoppers) >= least:
                found[video][query] = len(shoppers)
        return {
            video: tuple(sorted(counted, key=lambda query: (-counted[query], query)))
            for video, counted in found.items()
        }
