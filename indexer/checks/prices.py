"""Prices move, but not all at once: yuan read as fen are a hundred times too high for every product.

The same product is compared by id: q = price now / price in the served generation.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from indexer.checks.context import ENOUGH, CheckContext
from indexer.checks.sample import root_of

_FEW_LEAPS = 5
"""So many leaping prices are told of at least: two of twenty are no flood."""


def prices(context: CheckContext) -> list[str]:
    """The median of q lies near 1, over all and in each category, and few prices leap."""
    found = quotients_of(context, "price")
    if len(found) < ENOUGH:
        return []
    quotients, roots = np.array([quotient for quotient, _ in found], np.float64), [root for _, root in found]
    gates = context.gates
    problems = shifted("prices", quotients, gates.price_ratio, "gates.price_ratio")
    if not problems:
        groups: dict[str, list[float]] = defaultdict(list)
        for root, quotient in zip(roots, quotients.tolist(), strict=True):
            groups[root].append(quotient)
        for root, its in sorted(groups.items()):
            if root and len(its) >= ENOUGH:
                said = f"prices of category {root}"
                problems += shifted(said, np.array(its), gates.category_price_ratio, "gates.category_price_ratio")
    leaps = np.abs(np.log(quotients)) > np.log(gates.price_leap)
    if not problems and leaps.sum() >= _FEW_LEAPS and leaps.mean() > gates.price_leaps:
        problems.append(
            f"{leaps.sum():,} of {len(quotients):,} prices moved by more than {gates.price_leap:g} times; at most "
            f"{gates.price_leaps:.0%} may (gates.price_leaps)"
        )
    return problems


def quotients_of(context: CheckContext, name: str) -> list[tuple[float, str]]:
    """Of each pair that has a `name` above 0 in both: now / before, and the root of its category."""
    return [
        (float(now[name]) / float(before[name]), root_of(now))
        for now, before in zip(context.pairs.now.records, context.pairs.before.records, strict=True)
        if now.get(name) and before.get(name)
    ]


def shifted(what: str, quotients: npt.NDArray[np.float64], most: float, setting: str) -> list[str]:
    """What is wrong where the median moved by more than `most` times, up or down."""
    median = float(np.median(quotients))
    if 1 / most <= median <= most:
        return []
    return [
        f"{what} are {median:.3g} times those of the published generation (median of {len(quotients):,} products); "
        f"at most {most:g} times is let through ({setting})"
    ]
