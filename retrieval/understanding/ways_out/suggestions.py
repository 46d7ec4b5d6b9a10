"""What could be searched instead: queries and product nouns of this shop that are near to a query, else popular ones.

Everything offered names a product or a brand that the catalogue has, so it leads to goods.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from retrieval.understanding.counted import Counts
from retrieval.understanding.kinds import Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Plan

OFFERED = 6
LOOKED_AT = 5_000
"""So many of the most frequent queries, and of the most frequent product nouns, are looked at."""
LONGEST = 12
"""Characters of a suggestion; longer queries are too special to be offered."""
LONGEST_NOUN = 6


def suggestions(plan: Plan, knowledge: Knowledge) -> tuple[str, ...]:
    """At most `OFFERED` texts, the nearest first, in the order of how often they are asked.

    First what holds the product that the query names, then what shares two neighbouring characters with it (the last
    ones first, where Chinese has its head noun), then what is popular. Empty only where nothing was learned.
    """
    asked = {plan.query, plan.text.normalized}
    named = plan.text.terms or not any(char.isalnum() for char in plan.query)
    wish = "" if named else f"{plan.query} "  # 便宜点的 … what?
    found: dict[str, None] = {}
    for text in _popular(knowledge) if wish else _nearest_first(plan, knowledge):
        if text not in asked and _has_goods(text, knowledge):
            found[wish + text] = None
            if len(found) == OFFERED:
                break
    return tuple(found)


def _nearest_first(plan: Plan, knowledge: Knowledge) -> Iterator[str]:
    tables = [Counts.of(counts).texts for counts in (knowledge.queries, knowledge.products)]
    products = [entity.value for entity in plan.entities if entity.kind is Kind.PRODUCT]
    shared = (
        table[place]
        for piece in (*products, *_pairs(plan.query))
        for table in tables
        for place in table.holding(piece, LOOKED_AT)
    )
    return (text for text in chain(shared, _popular(knowledge)) if 1 < len(text) <= LONGEST)


def _popular(knowledge: Knowledge) -> Iterator[str]:
    tables = (Counts.of(counts).texts for counts in (knowledge.queries, knowledge.products))
    return (text for table in tables for text in islice(table, LOOKED_AT) if 1 < len(text) <= LONGEST)


def _pairs(text: str) -> list[str]:
    pairs = (text[i : i + 2] for i in reversed(range(len(text) - 1)))
    return [pair for pair in pairs if pair.isalnum()]


def _has_goods(text: str, knowledge: Knowledge) -> bool:
    lengths = range(2, min(LONGEST_NOUN, len(text)) + 1)
    pieces = (text[end - length : end] for length in lengths for end in range(len(text), length - 1, -1))
    return text in knowledge.brands or any(piece in knowledge.products for piece in pieces)
