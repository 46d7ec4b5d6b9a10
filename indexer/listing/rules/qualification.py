"""需要资质的类目: medicines, devices, food and books ask for a licence, tobacco and weapons are not sold online.

Whoever has the licence says so in `qualifications` of the product or its shop; missing says nothing but that it is
missing, so most of these are only shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product


def qualification(product: Product, context: ListingContext) -> Iterator[Finding]:
    """What asks for a licence that is not shown."""
    text = f"{product.title}\n{'/'.join(product.category)}"
    if not context.categories.somewhere(text):
        return
    shown = _shown(product)
    for rule in context.categories.rules:
        has = rule.decision is not Decision.BLOCK and any(rule.kind[:4] in each or each in rule.kind for each in shown)
        if not has and (matched := rule.matched(text)):
            matched = matched.strip("/")
            yield Finding("qualification", rule.decision, matched, f"“{matched}”：{rule.kind}")


def _shown(product: Product) -> list[str]:
    """The licences that the product or its shop names."""
    given: list[str] = []
    for holder in (product, product.shop):
        found = getattr(holder, "qualifications", None) or ()
        given += [found] if isinstance(found, str) else [str(each) for each in found]
    return [each.strip() for each in given if each.strip()]
