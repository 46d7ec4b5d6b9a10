"""盗图盗文: the title and the picture of a listing that another shop had first."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product


def copied(product: Product, context: ListingContext) -> Iterator[Finding]:
    """The same title is shown, with the same picture it ranks lower; offers of one SPU may well look the same."""
    shop = product.shop
    seller = str((shop.id or shop.name) or "") if shop else ""
    if not seller or product.spu_id:
        return
    picture = product.images[0] if product.images else ""
    title, same_picture = context.originals.copied(product.id, seller, product.title, picture)
    if title or same_picture:
        what = "标题和主图" if title and same_picture else "标题" if title else "主图"
        decision = Decision.DEMOTE if title and same_picture else Decision.FLAG
        yield Finding("copied", decision, product.title if title else picture, f"{what}和别的店铺一样")
