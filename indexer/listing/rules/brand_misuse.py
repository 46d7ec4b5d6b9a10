"""冒用品牌: 官方旗舰店 in the title, and another shop behind it.

A shop that is not known is not judged. A flagship shop names the brand. One that is authorised (专卖店, 专营店) sells
genuine things of it, but is not the brand: 官方正品 is shown where the shop does not name the brand, 旗舰店 wherever
the shop is none, and it ranks lower where the shop is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product
from retrieval.analysis.normalize import normalize

_CLAIM = re.compile("官方旗舰店?|旗舰店|官方正品|官方直营|品牌直营|官方自营|厂家直营店")
_FLAGSHIP = re.compile("旗舰|flagship|官方|自营|直营", re.IGNORECASE)
_GENUINE = "官方正品"


def brand_misuse(product: Product, context: ListingContext) -> Iterator[Finding]:
    """The title claims to be the brand, the shop is somebody else."""
    shop = product.shop
    if shop is None or not shop.name or (claim := _CLAIM.search(product.title)) is None:
        return
    brand = (product.brand or next(iter(context.brands_in(normalize(product.title)).values()), "")).strip()
    if not brand:
        return
    named = context.names_brand(shop.name, brand)
    official = bool(_FLAGSHIP.search(f"{shop.name} {shop.kind or ''}"))
    genuine = claim.group() == _GENUINE
    if named and (official or genuine):
        return
    decision = Decision.FLAG if named or genuine else Decision.DEMOTE
    yield Finding("brand_misuse", decision, claim.group(), f"标题自称“{brand}”的{claim.group()}，店铺是“{shop.name}”")
