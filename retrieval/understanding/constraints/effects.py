"""What the constraints of a plan do to a request: its filters and its order. What the caller chose always wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.types import Filters, Sort
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint

Price = tuple[int | None, int | None]

RELAXED_FIRST = (
    ConstraintKind.SERVICE, ConstraintKind.LABEL, ConstraintKind.STOCK, ConstraintKind.AMOUNT, ConstraintKind.PRICE,
    ConstraintKind.NEGATION,
)  # fmt: skip
"""Which kind gives way first when too little is left; what a shopper excludes gives way last."""


def with_constraints(chosen: Filters, constraints: Sequence[Constraint]) -> tuple[Filters, tuple[str, ...]]:
    """`chosen` with the filters of the constraints, and the ids of those that filter.

    A field that the caller filters by stays as it is; several constraints on one field must all hold. Prices meet in
    the narrower, so that the count of a price facet is what a click on it shows.
    """
    filters, applied = chosen, []
    for constraint in constraints:
        wish = constraint.filters
        wished = {name: values for name, values in wish.keywords.items() if name not in chosen.keywords}
        keywords = {name: values for name, values in wished.items() if name not in filters.keywords}
        merged = replace(
            filters,
            keywords={**filters.keywords, **keywords},
            price=within(filters.price, wish.price),
            in_stock=filters.in_stock or wish.in_stock,
            without=tuple(dict.fromkeys((*filters.without, *wish.without))),
            having=(*filters.having, *wish.having),
            also=(*filters.also, *((name, values) for name, values in wished.items() if name not in keywords)),
        )
        if merged.key != filters.key:
            filters = merged
            applied.append(constraint.id)
    return filters, tuple(applied)


def with_sort(chosen: Sort, constraints: Sequence[Constraint]) -> Sort:
    """The order the caller chose, else the first that the words ask for."""
    if chosen is not Sort.RELEVANCE:
        return chosen
    return next((c.sort for c in constraints if c.sort is not None), chosen)


def relaxations(constraints: Sequence[Constraint]) -> list[tuple[Constraint, ...]]:
    """What may be kept when all together leave too little: one kind less at a time, each tried before none is kept."""
    filtering = [c for c in constraints if not c.filters.empty]
    kinds = [kind for kind in RELAXED_FIRST if any(c.kind == kind for c in filtering)]
    kinds += sorted({c.kind for c in filtering} - set(kinds))
    without_one = [tuple(c for c in constraints if c.filters.empty or c.kind != kind) for kind in kinds]
    none = tuple(c for c in constraints if c.filters.empty)
    return [*without_one, none] if len(kinds) > 1 else without_one


def within(one: Price, other: Price) -> Price:
    """Bounds that keep both."""
    lows = [low for low in (one[0], other[0]) if low is not None]
    highs = [high for high in (one[1], other[1]) if high is not None]
    return (max(lows) if lows else None, min(highs) if highs else None)
