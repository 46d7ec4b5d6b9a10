"""A profile in words, for the shopper it is about."""

from __future__ import annotations

from retrieval.interest.profile import Dimension, Interest, Profile

_BANDS = {"low": "实惠的", "middle": "中等价位的", "high": "高档的"}
_LIKED = {
    Dimension.CATEGORY: "常看「{}」", Dimension.BRAND: "喜欢品牌「{}」", Dimension.WORD: "常看「{}」",
    Dimension.PRICE: "常选{}", Dimension.AUDIENCE: "常看给「{}」的商品", Dimension.SHOP: "常逛店铺「{}」",
    Dimension.ITEM: "可能又需要商品 {}",
}  # fmt: skip
_AVOIDED = {
    Dimension.CATEGORY: "不想看「{}」", Dimension.BRAND: "不喜欢品牌「{}」", Dimension.WORD: "不想看「{}」",
    Dimension.PRICE: "不选{}", Dimension.AUDIENCE: "不看给「{}」的商品", Dimension.SHOP: "不去店铺「{}」",
    Dimension.ITEM: "买过或不要商品 {}",
}  # fmt: skip
_MOST = 10


def sentence(interest: Interest) -> str:
    """In Chinese, with its evidence: 「常看「露营」（12 次行为）」."""
    words = _LIKED if interest.weight >= 0 else _AVOIDED
    value = _BANDS.get(interest.value, interest.value) if interest.dimension is Dimension.PRICE else interest.value
    just = "刚才" if interest.session else ""
    return f"{just}{words[interest.dimension].format(value)}（{interest.evidence} 次行为）"


def describe(profile: Profile) -> list[str]:
    """The strongest interests first; one line that says so where nothing is known."""
    strongest = sorted(profile.interests, key=lambda one: (-abs(one.weight), one.dimension, one.value))[:_MOST]
    return [sentence(one) for one in strongest] or ["还不了解你的喜好"]
