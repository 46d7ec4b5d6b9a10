"""What livestreams add to a page: hits that are on a screen right now get a badge, and move up a little.

They move among the hits of their page alone: a list that is paged while products come and go on screens shows each hit
once all the same. None crosses the divider.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from retrieval.answer import Hit, ScoreParts
from retrieval.live.lift import LiftOptions, lifted, reach_of
from retrieval.live.view import OnScreen, Rooms

PLACED = "on_screen"
"""What `explain` says of a hit that moved."""


@dataclass(frozen=True, slots=True)
class Airing:
    """Thread-safe. `rooms` is None where nobody knows of livestreams."""

    rooms: Rooms | None
    lift: LiftOptions

    @property
    def air(self) -> object:
        """What is on air; the same object as long as nothing of it changes."""
        return self.rooms.on_air(time.time()) if self.rooms else None

    def on_air(self) -> frozenset[str]:
        """Ids of the livestreams that are on air."""
        return frozenset(self.rooms.on_air(time.time())) if self.rooms else frozenset()

    def page(
        self, hits: tuple[Hit, ...], strength: float | None, withheld: Collection[str] = ()
    ) -> tuple[Hit, ...]:  # fmt: skip
        """The hits of a page with their badges, in their order.

        Args:
            strength: of the intent, in [0, 1]; None: nothing moves.
            withheld: livestreams that may not be seen.
        """
        on = self.rooms.on_screen(time.time()) if self.rooms else {}
        shown = {product: screen for product, screen in on.items() if screen.video_id not in withheld}
        if not any(hit.id in shown for hit in hits):
            return hits
        badged, reach = [_badged(hit, shown) for hit in hits], reach_of(strength, self.lift)
        parts = ([hit for hit in badged if hit.near is near] for near in (False, True))
        return tuple(hit for part in parts if part for hit in _moved(part, reach))


def _badged(hit: Hit, shown: Mapping[str, OnScreen]) -> Hit:
    return replace(hit, live=shown[hit.id]) if hit.id in shown else hit


def _moved(hits: list[Hit], reach: int) -> tuple[Hit, ...]:
    order, first = np.arange(len(hits)), hits[0].rank
    free = np.flatnonzero([not hit.pinned for hit in hits])
    order[free] = free[lifted(np.array([hits[at].live is not None for at in free], np.bool_), reach)]
    return tuple(
        replace(hits[at], rank=first + place, explain=_placed(hits[at], moved=at != place))
        for place, at in enumerate(order.tolist())
    )


def _placed(hit: Hit, *, moved: bool) -> ScoreParts | None:
    return replace(hit.explain, placed=PLACED) if hit.explain and moved else hit.explain
