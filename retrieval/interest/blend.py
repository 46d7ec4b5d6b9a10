"""The best order within a bound: what a hit gains, discounted by its place, and no hit further than so many places.

    maximise  Σ d(place) · gain(hit),   d(place) = 1 / log2 (place + 2)        the discount of nDCG
    such that |place - neutral place| ≤ shift for every hit

This is an assignment problem; a solver needs n³ steps. Two greedy ways are near the optimum, each where the other is
not, and the better of their lists is taken:

* **By place**, from the first on: the best hit that may stand there, unless one may stand no further behind. Neutral
  places are all different, so at each place at most one hit is due, and some order is always found.
* **By hit**, the best first: each takes the first place that leaves room for all others. Windows of equal width that
  begin in order are filled in order, so the others have room where the k-th of them may take the k-th place left.

Equal gains stand in the neutral order, so gains that fall with the neutral place leave it as it is. Of 200 hits: less
than 0.1 % below the optimum on gains as they are, 1.5 % at worst on gains made to fool it (tests), in half a
millisecond.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from retrieval.types import IntArray

Gains = npt.NDArray[np.float64]


def blended(gains: Gains, shift: int) -> IntArray:
    """Neutral places (from 0) in their new order, shape (n,).

    Args:
        gains: of the hits in the neutral order, shape (n,).
        shift: places, ≥ 0.
    """
    size = len(gains)
    if shift <= 0 or size < 2 or not (np.diff(gains) > 0).any():
        return np.arange(size)
    best_first = np.argsort(-gains, kind="stable")
    if shift >= size - 1:
        return best_first
    costs = (-gains).tolist()
    orders = [np.array(order) for order in (_by_place(costs, shift), _by_hit(best_first.tolist(), shift))]
    discount = 1 / np.log2(np.arange(size) + 2)
    return max(orders, key=lambda order: float(discount @ gains[order]))


def _by_place(costs: Sequence[float], shift: int) -> list[int]:
    size = len(costs)
    placed = bytearray(size)
    waiting: list[tuple[float, int]] = []
    order: list[int] = []
    come = 0
    for place in range(size):
        while come < size and come <= place + shift:
            heappush(waiting, (costs[come], come))
            come += 1
        due = place - shift
        if due >= 0 and not placed[due]:
            hit = due
        else:
            hit = heappop(waiting)[1]
            while placed[hit]:
                hit = heappop(waiting)[1]
        placed[hit] = 1
        order.append(hit)
    return order


def _by_hit(best_first: Sequence[int], shift: int) -> list[int]:
    left = list(range(len(best_first)))  # hits without a place, and places without a hit, both ascending
    free = left.copy()
    order = left.copy()
    for hit in best_first:
        at = place = bisect_left(left, hit)
        while place and hit - free[place - 1] <= shift and free[place] - left[place - 1] <= shift:
            place -= 1
        order[free[place]] = hit
        del left[at], free[place]
    return order
