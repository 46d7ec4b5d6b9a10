"""A number that is the same for nearly all products, where it was not, was lost on its way: no sales, five stars, the
time of the import. Every product still has a value, so no field is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from indexer.checks.context import CheckContext, surely_fewer
from indexer.checks.sample import Record

_FIELDS = (
    "list_price", "stock", "sales_30d", "rating", "reviews", "return_rate", "complaint_rate",
    "fulfilment_rate", "created_at",
)  # fmt: skip


def spread(context: CheckContext) -> list[str]:
    """Of each number about as many products say another than the commonest one as in the served generation."""
    n, of = len(context.sample), len(context.before)
    if not n or not of:
        return []
    share, problems = context.gates.field_ratio, []
    for name in _FIELDS:
        (now, commonest), (before, _) = (differing(s.records, name) for s in (context.sample, context.before))
        if surely_fewer(now, share * n * before / of):
            problems.append(
                f"{now:,} of {n:,} sampled products have another {name} than {commonest} ({now / n:.0%}), in the "
                f"published generation {before / of:.0%} differ from the commonest; at least {share:.0%} of that are "
                "asked for (gates.field_ratio)"
            )
    return problems


def differing(records: Sequence[Record], name: str) -> tuple[int, object]:
    """How many records have a value that is not the commonest one, and that one; None where no record has a value."""
    values = Counter(str(record[name]) for record in records if record.get(name) is not None)
    if not values:
        return 0, None
    ((commonest, count),) = values.most_common(1)
    return values.total() - count, commonest
