"""A category that is gone, or half gone, is a file that was forgotten; the total may look right all the same.

A category c with b of B served products is expected to have b / B of the new ones: what the whole catalogue lost or won
is judged by `counts`.
"""

from __future__ import annotations

import numpy as np

from indexer.checks.context import CheckContext
from retrieval.protocols import IndexReader

_AT_ONCE = 50_000
"""Rows of one question: a cluster takes no more than 65,536 terms."""


def categories(context: CheckContext) -> list[str]:
    """Each category that was large enough keeps its share of the products; of those inside each other the widest."""
    if context.served is None or not context.served.documents:
        return []
    now, before = counted(context.reader), counted(context.served)
    scale = min(1.0, context.reader.documents / context.served.documents)
    expected = {name: count * scale for name, count in before.items()}
    gates = context.gates
    lost = {
        name for name, wanted in expected.items()
        if wanted >= gates.category_least and now.get(name, 0) < gates.category_ratio * wanted
    }  # fmt: skip
    widest = sorted(name for name in lost if name.rpartition("/")[0] not in lost)
    return [
        f"category {name} has {now.get(name, 0):,} products, the published generation {before[name]:,}; at least "
        f"{gates.category_ratio:.0%} of its share are asked for (gates.category_ratio)"
        for name in widest
    ]


def counted(reader: IndexReader) -> dict[str, int]:
    """Category, as its path from the root, → products."""
    counts: dict[str, int] = {}
    for start in range(0, reader.rows, _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, reader.rows))
        for found in reader.facets(["category"], rows)["category"]:
            counts[found.value] = counts.get(found.value, 0) + found.count
    return counts
