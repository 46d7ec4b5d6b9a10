"""What is counted over the things of a page: its facets, and the tree of categories by demand.

Demand is what the crowd liked and what was sold, on the scale on which a shelf orders things
(`retrieval.mall.shelf.Shelf.liking`, in [0, 1], logarithmic), summed over the things of a category. So many things that
sell come before one that was pushed. An index only counts, so the sum is taken in steps:

    demand (category) = Σ liking ≈ 1/STEPS · Σ k=1…STEPS  things of it whose liking is at least (k - 1/2) / STEPS
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from retrieval.lists.facet_order import ordered
from retrieval.lists.facets import BANDS, FacetBounds, facets_of
from retrieval.mall.pages import Channel, Counted
from retrieval.mall.shelf import Shelf
from retrieval.protocols import IndexReader
from retrieval.types import FacetOrder, FacetValue, IntArray

FACETS = ("brand", "price", "quality", "labels", "services", "shop", "attributes")
"""What a page counts beside its categories."""
STEPS = 8
_LEVELS = 2
"""Of categories that a page shows below its own."""
_AT_ONCE = 50_000
"""Rows that are counted by one request: a cluster takes no more than 65,536 in a list."""


def counted(reader: IndexReader, names: Sequence[str], rows: IntArray) -> Mapping[str, tuple[FacetValue, ...]]:
    """Facet → its values among `rows`, as `IndexReader.facets` counts them, however many rows there are."""
    if len(rows) <= _AT_ONCE:
        return reader.facets(names, rows)
    parts = [reader.facets(names, rows[start : start + _AT_ONCE]) for start in range(0, len(rows), _AT_ONCE)]
    return {name: _added([part[name] for part in parts], name) for name in names}


def count(reader: IndexReader, names: Sequence[str], rows: IntArray, bounds: FacetBounds) -> Counted:
    """How many `rows` there are, and their first values of these facets."""
    facets, truncated = facets_of(counted(reader, names, rows), None, bounds)
    return Counted(len(rows), facets, truncated)


def channels_in(reader: IndexReader, shelf: Shelf, rows: IntArray, below: str = "") -> tuple[Channel, ...]:
    """The categories of `rows`, those of most demand first, and below each its own; `below`: under this path only."""
    counts = _by_category(reader, rows)
    liking, demand = shelf.liking[rows], Counter[str]()
    for step in range(1, STEPS + 1):
        demand.update(_by_category(reader, rows[liking >= (step - 0.5) / STEPS]))

    def under(path: str, levels: int) -> tuple[Channel, ...]:
        prefix = f"{path}/" if path else ""
        children = [each for each in counts if each.startswith(prefix) and "/" not in each[len(prefix) :]]
        children.sort(key=lambda each: (-demand[each], -counts[each], each))
        return tuple(
            Channel(each, counts[each], demand[each] / STEPS, under(each, levels - 1) if levels > 1 else ())
            for each in children
        )

    return under(below, _LEVELS)


def _by_category(reader: IndexReader, rows: IntArray) -> dict[str, int]:
    return {each.value: each.count for each in counted(reader, ("category",), rows)["category"]}


def _added(parts: Sequence[Sequence[FacetValue]], name: str) -> tuple[FacetValue, ...]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update({each.value: each.count for each in part})
    values = [FacetValue(value, count) for value, count in total.items()]
    return ordered(values, FacetOrder.VALUE if name in BANDS else FacetOrder.COUNT)
