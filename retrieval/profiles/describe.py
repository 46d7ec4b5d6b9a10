"""A profile in words and with its evidence, for the shopper it is about; nothing is called by its id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from retrieval.interest.profile import Dimension, Interest, Profile

_BANDS = {"low": "实惠的", "middle": "中等价位的", "high": "高档的"}
_LIKED = {
    Dimension.CATEGORY: "常看「{}」", Dimension.BRAND: "喜欢品牌「{}」", Dimension.WORD: "常看「{}」",
    Dimension.PRICE: "常选{}", Dimension.AUDIENCE: "常看给「{}」的商品", Dimension.SHOP: "常逛店铺「{}」",
    Dimension.ITEM: "可能又需要「{}」",
}  # fmt: skip
_AVOIDED = {
    Dimension.CATEGORY: "不想看「{}」", Dimension.BRAND: "不喜欢品牌「{}」", Dimension.WORD: "不想看「{}」",
    Dimension.PRICE: "不选{}", Dimension.AUDIENCE: "不看给「{}」的商品", Dimension.SHOP: "不去店铺「{}」",
    Dimension.ITEM: "买过或不要「{}」",
}  # fmt: skip
_OWNED = "已经买过「{}」，暂时不需要"
_MOST = 10


def sentence(interest: Interest) -> str:
    """In Chinese, with its evidence: 「常看「露营」（12 次行为）」."""
    words = (_LIKED if interest.weight >= 0 else _AVOIDED)[interest.dimension]
    name = _BANDS.get(interest.value, interest.value) if interest.dimension is Dimension.PRICE else interest.called
    just = "刚才" if interest.session else ""
    return f"{just}{(_OWNED if interest.owned else words).format(name)}（{interest.evidence} 次行为）"


def described(profile: Profile, unnamed: Callable[[Interest], bool] = lambda _: False) -> dict[str, Any]:
    """As JSON values: what is believed most in sentences, then every interest, the strongest first.

    `interest` is the name by which one can be removed or pinned (`retrieval.interest.rights`). What is `unnamed`, since
    it is taken down, stands nowhere.
    """
    named = [one for one in profile.interests if not unnamed(one)]
    strongest = sorted(named, key=lambda one: (-abs(one.weight), one.dimension, one.value))
    return {
        "in_words": [sentence(one) for one in [one for one in strongest if one.sayable][:_MOST]]
        or ["还不了解你的喜好"],
        "confidence": round(profile.confidence, 4),
        "as_of": profile.as_of,
        "interests": [_shown(one) for one in strongest],
    }


def _shown(one: Interest) -> dict[str, Any]:
    return {
        "interest": f"{one.dimension}:{one.value}",
        "name": one.called,
        "in_words": sentence(one),
        "weight": round(one.weight, 4),
        "confidence": round(one.confidence, 4),
        "evidence": one.evidence,
        "last_seen": one.last_seen,
        "session": one.session,
        "events": list(one.events),
    }
