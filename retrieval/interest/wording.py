"""A sentence for the shopper: why a hit stands further in front than it would for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.interest.profile import Dimension, Interest
from retrieval.types import FloatArray

_SENTENCES: Mapping[Dimension, str] = {
    Dimension.CATEGORY: "因为你常看 {}",
    Dimension.BRAND: "因为你喜欢 {}",
    Dimension.WORD: "因为你常看 {}",
    Dimension.PRICE: "因为你常买这个价位",
    Dimension.AUDIENCE: "因为你常看 {}的商品",
    Dimension.SHOP: "因为你常逛 {}",
    Dimension.ITEM: "因为你买过，可能又需要了",
}
_JUST_SEEN = "因为你刚看过 {}"
_NAMED = frozenset({Dimension.CATEGORY, Dimension.BRAND, Dimension.WORD, Dimension.SHOP})

_NEARLY = 0.3
"""A reason that can be said stands for a stronger one that cannot, if it did at least so much of that."""


def because(interest: Interest) -> str:
    """In Chinese, e.g. 「因为你常看 露营装备」."""
    name = interest.called.rsplit("/", 1)[-1]
    sentence = _JUST_SEEN if interest.session and interest.dimension in _NAMED else _SENTENCES[interest.dimension]
    return sentence.format(name)


def strongest_reason(interests: Sequence[Interest], parts: FloatArray) -> str | None:
    """The sentence of what did most for a hit; None where nothing speaks for it that can be said.

    Args:
        parts: what each interest adds to the score of the hit, shape (interests,).
    """
    sayable = np.array([interest.sayable for interest in interests], np.bool_)
    said = np.where(sayable, parts, 0.0)
    best = int(np.argmax(said)) if len(said) else 0
    if not len(said) or said[best] <= 0 or said[best] < _NEARLY * float(parts.max()):
        return None
    return because(interests[best])
