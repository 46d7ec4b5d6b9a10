"""A field that most products had and most lack now was lost on its way: no brand to filter, no price to sort by."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.checks.context import CheckContext, surely_fewer
from indexer.checks.sample import Record

_FIELDS = ("brand", "price", "category", "shop", "stock", "sales_30d", "attributes", "description", "images", "rating")


def fields(context: CheckContext) -> list[str]:
    """Of each field about as large a share of the products has a value as in the served generation."""
    if not len(context.sample) or not len(context.before):
        return []
    n, share = len(context.sample), context.gates.field_ratio
    now, before = filled(context.sample.records), filled(context.before.records)
    return [
        f"{now[name]:,} of {n:,} sampled products have a {name} ({now[name] / n:.0%}), in the published generation "
        f"{before[name] / len(context.before):.0%} have; at least {share:.0%} of that are asked for (gates.field_ratio)"
        for name in _FIELDS
        if surely_fewer(now[name], share * n * before[name] / len(context.before))
    ]


def filled(records: Sequence[Record]) -> dict[str, int]:
    """Field → records that have a value; a price of nothing is none."""
    return {
        name: sum(record.get(name) not in (None, "", [], {}) for record in records)
        - (sum(record.get(name) == 0 for record in records) if name == "price" else 0)
        for name in _FIELDS
    }
