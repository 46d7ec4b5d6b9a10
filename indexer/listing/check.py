"""All rules, in a fixed order, over one listing: in a rebuild and live, the same listing gets the same findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding, decided
from indexer.listing.rules.absolute_words import absolute_words
from indexer.listing.rules.brand_misuse import brand_misuse
from indexer.listing.rules.brushing import brushing
from indexer.listing.rules.copied import copied
from indexer.listing.rules.counterfeit import counterfeit
from indexer.listing.rules.low_quality import low_quality
from indexer.listing.rules.price_fraud import price_fraud
from indexer.listing.rules.qualification import qualification
from indexer.listing.rules.title_stuffing import title_stuffing
from indexer.sources.records import Product

Rule = Callable[[Product, ListingContext], Iterator[Finding]]

RULES: dict[str, Rule] = {
    "absolute_words": absolute_words,
    "qualification": qualification,
    "price_fraud": price_fraud,
    "title_stuffing": title_stuffing,
    "copied": copied,
    "brand_misuse": brand_misuse,
    "counterfeit": counterfeit,
    "brushing": brushing,
    "low_quality": low_quality,
}

FIELD = "listing"
"""Field of a record that holds its findings; what a feed says there is not believed."""

__all__ = ["FIELD", "RULES", "Decision", "Finding", "ListingContext", "check", "decided", "listed"]


def check(product: Product, context: ListingContext) -> tuple[Finding, ...]:
    """What is wrong with a listing; changes nothing."""
    return tuple(finding for rule in RULES.values() for finding in rule(product, context))


def listed(product: Product, findings: Sequence[Finding], context: ListingContext | None = None) -> Product:
    """The product with its findings in its record; what somebody found to be right is flagged instead of demoted.

    Raises:
        StorageError: what was decided cannot be read.
    """
    demoted = any(each.decision is Decision.DEMOTE for each in findings)
    right = context.right().get((product.id, product.title)) if context and demoted else None
    lifted = right is not None and {each.rule for each in findings} <= right
    told: list[dict[str, Any]] = [
        {
            "rule": each.rule,
            "decision": str(Decision.FLAG if lifted and each.decision is Decision.DEMOTE else each.decision),
            "matched": each.matched,
        }
        for each in findings
    ]
    if not told and FIELD not in (product.model_extra or {}):
        return product
    given = {name: value for name, value in product.source().items() if name != FIELD}
    return Product.model_validate({**given, FIELD: told} if told else given)
