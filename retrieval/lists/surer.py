"""The first place of a list is for what is surely an answer: of the first two the surer comes first.

The order is learned so that whole pages are good, and of two titles it may prefer the one that says more of the words:
for 戴森吹风机 a hood that fits it before the dryer. Whoever looks at one hit looks at the first. So a hit comes before
the one before it where

    score + points · ln (p / (1 - p))

is higher, p being its relevance. Further down this would cost more than it gains (docs/relevance.md). Nothing passes
what meets a wish better: the relevance does not see wishes and prices. And where the second look has read both
together, its score knows better.
"""

from __future__ import annotations

import numpy as np

from retrieval.lists.score import Scored
from retrieval.lists.second import FEATURE as READ
from retrieval.types import FloatArray, IntArray, Mask

_WISHES = ("wish_fit", "price_fit")
_LEAST = 1e-6
"""No relevance is surer than by so much."""


def surer_first(places: IntArray, scored: Scored, points: float, held: Mask, last: Mask) -> tuple[IntArray, Mask]:
    """The places (best first, all looked at) with the first two in turn, where the second is so much surer; and which
    moved up, by candidate, shape (n,).

    Args:
        points: of score, for a nat of relevance, ≥ 0; 0 moves nothing.
        held: what lets nothing pass, by candidate, shape (n,).
        last: what goes to the end anyway, and is none of the two.
    """
    moved = np.zeros(len(scored.rows), np.bool_)
    at = np.flatnonzero(~last[places])[:2]
    two = places[at]
    if not points or len(two) < 2 or held[two[0]] or READ in scored.features:
        return places, moved
    before, behind = (scored.parts(place) for place in two.tolist())
    if any(before.get(wish, 0.0) > behind.get(wish, 0.0) for wish in _WISHES):
        return places, moved
    first, second = scored.scores[two] + points * _nats(scored.relevance[two])
    if second <= first:
        return places, moved
    moved[two[1]] = True
    places = places.copy()
    places[at] = two[::-1]
    return places, moved


def _nats(relevance: FloatArray) -> FloatArray:
    sure = np.clip(relevance.astype(np.float64), _LEAST, 1 - _LEAST)
    return np.asarray(np.log(sure / (1 - sure)), np.float32)
