"""质量底线: what shoppers are so unhappy with that a platform would rather not sell it; off unless a floor is set."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.documents.analysed import record_of
from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product
from retrieval.ranking.quality import offer_quality


def low_quality(product: Product, context: ListingContext) -> Iterator[Finding]:
    """Below the floor; what a feed says of earlier findings does not count."""
    quality = offer_quality({**record_of(product), "listing": None})
    if quality < context.bounds.least_quality:
        message = f"质量分 {quality:.2f}，底线 {context.bounds.least_quality:.2f}"
        yield Finding("low_quality", Decision.BLOCK, f"{quality:.2f}", message)
