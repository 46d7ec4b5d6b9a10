"""Sales, reviews and ratings of the same products move, but not all at once: stars of five read as shares are a fifth.

The same product is compared by id, as in `prices`.
"""

from __future__ import annotations

import numpy as np

from indexer.checks.context import ENOUGH, CheckContext
from indexer.checks.prices import quotients_of, shifted


def scale(context: CheckContext) -> list[str]:
    """The median of value now / value before lies near 1."""
    gates, problems = context.gates, []
    for name, most, setting in (
        ("sales_30d", gates.number_ratio, "gates.number_ratio"),
        ("reviews", gates.number_ratio, "gates.number_ratio"),
        ("rating", gates.price_ratio, "gates.price_ratio"),
    ):
        quotients = np.array([quotient for quotient, _ in quotients_of(context, name)], np.float64)
        if len(quotients) >= ENOUGH:
            problems += shifted(name, quotients, most, setting)
    return problems
