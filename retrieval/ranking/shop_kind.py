"""What kind of shop it is: as it says, or as its name ends (摩飞电器旗舰店)."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.analysis.normalize import normalize

FLAGSHIP = "旗舰店"
"""A brand's own shop."""
_NAMED = (FLAGSHIP, "专卖店", "专营店", "企业店", "自营店")
_SAME = {"flagship": FLAGSHIP, "旗舰": FLAGSHIP, "官方旗舰店": FLAGSHIP, "品牌旗舰店": FLAGSHIP}


def shop_kind(shop: object) -> str | None:
    """The kind of the shop of a product record (docs/input.md); None where nothing tells it."""
    if not isinstance(shop, Mapping):
        return None
    if given := normalize(str(shop.get("kind") or "")).strip():
        return _SAME.get(given, given)
    name = str(shop.get("name") or "").strip()
    return next((kind for kind in _NAMED if name.endswith(kind)), None)
