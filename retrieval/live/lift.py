"""How far a product that is on a screen right now moves up: at most so many places, the fewer the more was said.

    reach = ⌈ widest · max (0, 1 - strength / full) ⌉            in places

    key   = max (place - reach, one behind the last exact hit before it)   of a hit on screen that is not exact itself
          = place - reach                                                  of one that is
          = place                                                          of any other

and hits stand by their key, those on screen first among equals. No hit moves further than `reach`, up or down: one
that is on screen passes only hits of the `reach` places before it, and any other is passed only from there. Who names
a model has chosen, so nothing moves; and what answers exactly is passed by nothing that does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from retrieval.types import IntArray, Mask


@dataclass(frozen=True, slots=True)
class LiftOptions:
    """How much being on screen may do.

    Attributes:
        widest: places, ≥ 0; where nothing is said.
        full: in (0, 1]; an intent of this strength, and any stronger one, moves nothing.
    """

    widest: int
    full: float


def reach_of(strength: float | None, options: LiftOptions) -> int:
    """Places, in ``[0, widest]``; 0 for an intent that is not known.

    Args:
        strength: of the intent, in [0, 1].
    """
    if strength is None:
        return 0
    return ceil(options.widest * max(0.0, 1 - strength / options.full))


def lifted(on_screen: Mask, reach: int, exact: Mask | None = None) -> IntArray:
    """Neutral places (from 0) in their new order, shape (n,).

    Args:
        on_screen: of the hits in the neutral order, shape (n,).
        reach: places, ≥ 0.
        exact: hits that answer exactly what was asked, shape (n,); None: none does.
    """
    places = np.arange(len(on_screen))
    if reach <= 0 or not on_screen.any():
        return places
    highest = places - reach
    if exact is not None:
        behind = np.maximum.accumulate(np.where(exact, places + 1, 0))
        highest = np.where(exact, highest, np.maximum(highest, behind))
    keys = np.where(on_screen, highest, places)
    return np.lexsort((places, ~on_screen, keys))
