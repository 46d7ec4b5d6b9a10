"""刷单嫌疑: orders that shoppers of flesh and blood would not make (`indexer.listing.brushed`)."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product


def brushing(product: Product, context: ListingContext) -> Iterator[Finding]:
    """What was noticed of its orders."""
    if why := context.brushed.get(product.id):
        yield Finding("brushing", Decision.DEMOTE, "", why)
