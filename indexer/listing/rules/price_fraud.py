"""价格欺诈: a crossed-out price that nobody ever paid, and 1 元 for what costs more once a variant is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product

_ORIGINAL = re.compile(r"(?:原价|吊牌价|专柜价|市场价|划线价)[:：]?\s*[¥￥]?\s*(\d+(?:\.\d+)?)")
_NO_THING = re.compile(
    "补差价|差价链接|差价专拍|(?:运费|邮费)(?:专拍|链接|补|差价)|补运费|补邮费|定金专拍|专拍链接|此项勿拍|勿拍此|单拍不发|拍下不发"
)
_MANY_TIMES = 4
"""So many times the ratio that is shown, a crossed-out price ranks a listing lower."""
_VARIANTS = 3


def price_fraud(product: Product, context: ListingContext) -> Iterator[Finding]:
    """The crossed-out price against the price, bait, and links that sell nothing."""
    if matched := _NO_THING.search(product.title):
        yield Finding("price_fraud", Decision.DEMOTE, matched.group(), f"“{matched.group()}”不是商品")
    price = product.price
    if not price:
        return
    yield from _crossed_out(product, price, context.bounds.list_price_ratio)
    if price <= Decimal(str(context.bounds.bait_price)):
        variants = max((len(values) for values in product.attributes.values()), default=0)
        dear = product.list_price is not None and product.list_price >= 20 * price
        if dear or variants >= _VARIANTS:
            yield Finding("price_fraud", Decision.DEMOTE, f"{price}", f"{price} 元引流，规格有 {variants} 种")


def _crossed_out(product: Product, price: Decimal, ratio: float) -> Iterator[Finding]:
    said = [Decimal(found) for found in _ORIGINAL.findall(product.title)]
    highest = max([*said, *([product.list_price] if product.list_price else [])], default=None)
    if highest is not None and highest >= Decimal(str(ratio)) * price:
        strict = highest >= Decimal(str(_MANY_TIMES * ratio)) * price
        message = f"原价 {highest} 元是售价 {price} 元的 {highest / price:.0f} 倍"
        yield Finding("price_fraud", Decision.DEMOTE if strict else Decision.FLAG, f"{highest}", message)
