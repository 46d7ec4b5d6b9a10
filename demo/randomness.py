"""Seeded chance that gives the same bytes on every machine.

Every step draws from its own stream, named by what it makes, so adding a product does not reshuffle the videos.
Streams are seeded with text (CPython hashes it with SHA-512, not with ``hash``), and every continuous draw uses only
+, -, x, / and the square root: IEEE 754 fixes the result of these to the last bit, while exp, log and pow may differ
from one C library to the next.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *names: object) -> random.Random:
    """A generator of its own for the thing called ``names``; same seed and names, same draws."""
    return random.Random("/".join(str(part) for part in (seed, *names)))


def deal(values: Sequence[T], count: int, rng: random.Random) -> list[T]:
    """``count`` values, every value used before one comes again; empty when there are no values."""
    dealt: list[T] = []
    while values and len(dealt) < count:
        dealt.extend(rng.sample(values, len(values)))
    return dealt[:count]


def heavy_tail(median: float, ceiling: float, rng: random.Random) -> float:
    """A Lomax draw of shape 1, ``x = median * (1/u - 1)`` with u uniform in (0, 1): P(X > x) = median / (median + x).

    Half of all draws lie under ``median``, one in a hundred is 99 times as large; cut off at ``ceiling``.
    """
    uniform = 1.0 - rng.random()
    return min(median * (1.0 / uniform - 1.0), ceiling)


def around(low: float, high: float, rng: random.Random) -> float:
    """The mean of two uniform draws from [low, high]: a triangular distribution around the middle."""
    return low + (high - low) * (rng.random() + rng.random()) / 2.0


def weighted(weights: Mapping[T, float], rng: random.Random) -> T:
    """One key, drawn in proportion to its weight; keys are taken in the mapping's own order."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def scaled(count: int, scale: float) -> int:
    """``count`` times ``scale``, rounded, and never less than one."""
    return max(1, round(count * scale))
