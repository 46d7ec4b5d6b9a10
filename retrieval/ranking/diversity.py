"""Diversity: at most so many hits of one seller or brand in each stretch of a list; what is too many moves down.

A setting, not a truth: somebody who asks for a brand wants the brand. Nothing is lost, and the order inside a seller
and among those that fit does not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from retrieval.types import IntArray

UNKNOWN = 0
"""The key of a document whose seller or brand is not known; it is never too many."""


def spread(keys: Sequence[npt.NDArray[np.uint32]], *, window: int, most: int) -> IntArray:
    """Places of a list in their new order, shape (n,).

    Greedy: each stretch of `window` hits takes the next documents in order, passing over those of which it already has
    `most` by any of the keys. When nothing else is left it takes them all the same.

    Args:
        keys: one array (n,) a kind of key (shop, brand), in the order of the list.
        window, most: ≥ 1.
    """
    size = len(keys[0]) if keys else 0
    waiting = list(range(size))
    placed: list[int] = []
    while waiting:
        counts: Counter[tuple[int, int]] = Counter()
        taken: list[int] = []
        for place in waiting:
            own = [(kind, int(key[place])) for kind, key in enumerate(keys) if key[place] != UNKNOWN]
            if all(counts[one] < most for one in own):
                counts.update(own)
                taken.append(place)
                if len(taken) == window:
                    break
        gone = set(taken)
        waiting = [place for place in waiting if place not in gone]
        short = min(window - len(taken), len(waiting))
        placed += taken + waiting[:short]
        waiting = waiting[short:]
    return np.array(placed, np.int64)
