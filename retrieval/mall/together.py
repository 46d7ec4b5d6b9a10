"""Which things go together: those that the same shoppers chose within a while, more often than popularity explains.

    together (i, j) = n_ij / sqrt ((n_i + DOUBT) · (n_j + DOUBT))

with n the numbers of distinct shoppers: the cosine of two things in the space of shoppers, drawn towards 0 while few
have spoken. It is symmetric, and what everybody buys goes with nothing in particular. A shopper counts once for a pair,
whatever the number of clicks, and reaches no further than the next few choices: whoever wants to push a pair
needs many shoppers, not many clicks.

Everything is counted in sorted arrays, a block of shoppers at a time, so memory is that of the pairs that are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from retrieval.types import FloatArray, IntArray

DOUBT = 3.0
_BLOCK = 200_000
"""Choices that are paired at once."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Who chose what, when: three arrays of shape (n,), shoppers and things by number, times in seconds."""

    shoppers: IntArray
    things: IntArray
    times: npt.NDArray[np.float64]

    def ordered(self) -> Choices:
        """By shopper, then by time, then by thing."""
        order = np.lexsort((self.things, self.times, self.shoppers))
        return Choices(self.shoppers[order], self.things[order], self.times[order])


@dataclass(frozen=True, slots=True)
class Together:
    """The best neighbours of n things: those of thing i are ``things[starts[i]:starts[i + 1]]``, the best first.

    Attributes:
        starts: shape (n + 1,).
        things, scores: shape (pairs,); scores are in (0, 1).
    """

    starts: IntArray
    things: IntArray
    scores: FloatArray

    def of(self, thing: int) -> tuple[IntArray, FloatArray]:
        """Its neighbours and their scores."""
        start, end = self.starts[thing], self.starts[thing + 1]
        return self.things[start:end], self.scores[start:end]


def together(
    choices: Choices, size: int, *, window: float, reach: int, least: int, neighbours: int, pairs: int
) -> Together:
    """The neighbours of `size` things.

    Args:
        window: seconds between two choices that belong together.
        reach: choices of a shopper that one is paired with, the next ones.
        least: shoppers that a pair needs.
        neighbours: kept of each thing; pairs: kept while counting, the most frequent.
    """
    ordered = choices.ordered()
    keys, counts = _counted(ordered, size, window, reach, pairs)
    enough = counts >= least
    first, second = np.divmod(keys[enough], max(size, 1))
    shoppers = _distinct(ordered, size) + DOUBT
    scores = counts[enough] / np.sqrt(shoppers[first] * shoppers[second])
    sources, targets = np.concatenate([first, second]), np.concatenate([second, first])
    return _best(sources, targets, np.concatenate([scores, scores]), size, neighbours)


def _counted(ordered: Choices, size: int, window: float, reach: int, most: int) -> tuple[IntArray, IntArray]:
    """Pairs as ``smaller · size + larger``, ascending, and how many shoppers made each."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for start, end in _blocks(ordered.shoppers):
        block = Choices(ordered.shoppers[start:end], ordered.things[start:end], ordered.times[start:end])
        made, times = np.unique(_pairs(block, size, window, reach), return_counts=True)
        keys, places = np.unique(np.concatenate([keys, made]), return_inverse=True)
        counts = np.bincount(places, np.concatenate([counts, times]), len(keys)).astype(np.int64)
        if len(keys) > most:
            kept = np.sort(np.argsort(-counts, kind="stable")[:most])
            keys, counts = keys[kept], counts[kept]
    return keys, counts


def _pairs(block: Choices, size: int, window: float, reach: int) -> IntArray:
    """The pairs of each shopper, each once a shopper."""
    found: list[IntArray] = []
    whose: list[IntArray] = []
    for step in range(1, min(reach, len(block.things) - 1) + 1):
        same = block.shoppers[step:] == block.shoppers[:-step]
        near = block.times[step:] - block.times[:-step] <= window
        one, other = block.things[:-step], block.things[step:]
        chosen = same & near & (one != other)
        found.append(np.minimum(one, other)[chosen] * size + np.maximum(one, other)[chosen])
        whose.append(block.shoppers[step:][chosen])
    if not found:
        return np.empty(0, np.int64)
    keys, shoppers = np.concatenate(found), np.concatenate(whose)
    order = np.lexsort((keys, shoppers))
    keys, shoppers = keys[order], shoppers[order]
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (shoppers[1:] != shoppers[:-1])
    return keys[fresh]


def _blocks(shoppers: IntArray) -> list[tuple[int, int]]:
    """Stretches of about `_BLOCK` choices that part no shopper; `shoppers` is ascending."""
    edges = np.flatnonzero(np.diff(shoppers)) + 1
    wanted = np.arange(_BLOCK, len(shoppers), _BLOCK)
    cuts = np.unique(edges[np.minimum(np.searchsorted(edges, wanted), len(edges) - 1)]) if len(edges) else edges
    bounds = np.concatenate([[0], cuts[cuts > 0], [len(shoppers)]]) if len(shoppers) else np.zeros(1, np.int64)
    return [(int(a), int(b)) for a, b in pairwise(bounds) if b > a]


def _distinct(ordered: Choices, size: int) -> IntArray:
    """How many shoppers chose each thing, shape (size,)."""
    return distinct_shoppers(ordered.shoppers, ordered.things, size)


def distinct_shoppers(shoppers: IntArray, things: IntArray, size: int) -> IntArray:
    """How many shoppers chose each of `size` things, shape (size,)."""
    once = np.unique(shoppers * max(size, 1) + things)
    return np.bincount(once % max(size, 1), minlength=size)


def _best(sources: IntArray, targets: IntArray, scores: FloatArray, size: int, most: int) -> Together:
    order = np.lexsort((targets, -scores, sources))
    sources, targets, scores = sources[order], targets[order], scores[order]
    starts = np.searchsorted(sources, np.arange(size + 1))
    kept = np.arange(len(sources)) - starts[sources] < most if len(sources) else np.zeros(0, np.bool_)
    starts = np.searchsorted(sources[kept], np.arange(size + 1))
    return Together(starts, targets[kept], scores[kept].astype(np.float32))
