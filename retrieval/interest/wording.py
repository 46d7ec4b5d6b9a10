"""A sentence for the shopper: why a hit stands further in front than it would for others."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.interest.profile import Dimension, Interest

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


def because(interest: Interest) -> str:
    """In Chinese, e.g. 「因为你常看 露营装备」."""
    name = interest.called.rsplit("/", 1)[-1]
    sentence = _JUST_SEEN if interest.session and interest.dimension in _NAMED else _SENTENCES[interest.dimension]
    return sentence.format(name)
