"""疑似假货: a known brand far below what it costs everywhere else, in a shop that is not the brand's.

The level is the brand's own in that category, so that a cheap brand may be cheap; parts and fittings cost less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product

_PARTS = re.compile(
    "配件|适用|适配|兼容|替换|壳|膜|贴|套$|挂件|小样|试用|中样|体验装|二手|维修|空瓶|空盒|模型|周边|定金|补差|滤芯|刷头|电池|线$|旅行装"
)
_OFFICIAL = re.compile("旗舰|官方|自营|直营|专柜")
_GENUINE = re.compile("正品|专柜|保真|原装|官方")


def counterfeit(product: Product, context: ListingContext) -> Iterator[Finding]:
    """Too cheap for the brand; lower where the title swears that it is genuine."""
    if not product.brand or not product.price or product.shop is None or not product.shop.name:
        return
    category = "/".join(product.category)
    level = context.levels.of(product.brand, category)
    if level is None or float(product.price) >= context.bounds.counterfeit_ratio * level:
        return
    if _PARTS.search(product.title) or _OFFICIAL.search(f"{product.shop.name} {product.shop.kind or ''}"):
        return
    decision = Decision.DEMOTE if _GENUINE.search(product.title) else Decision.FLAG
    message = f"“{product.brand}”在{category or '全部类目'}一般 {level:.0f} 元，这里 {product.price} 元"
    yield Finding("counterfeit", decision, f"{product.price}", message)
