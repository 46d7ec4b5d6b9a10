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
    quotients, roots = _moved(context)
    if len(quotients) < ENOUGH:
        return []
    gates = context.gates
    problems = _shifted("prices", quotients, gates.price_ratio, "gates.price_ratio")
    if not problems:
        groups: dict[str, list[float]] = defaultdict(list)
        for root, quotient in zip(roots, quotients.tolist(), strict=True):
            groups[root].append(quotient)
        for root, found in sorted(groups.items()):
            if root and len(found) >= ENOUGH:
                said = f"prices of category {root}"
                problems += _shifted(said, np.array(found), gates.category_price_ratio, "gates.category_price_ratio")
    leaps = np.abs(np.log(quotients)) > np.log(gates.price_leap)
    if not problems and leaps.sum() >= _FEW_LEAPS and leaps.mean() > gates.price_leaps:
        problems.append(
            f"{leaps.sum():,} of {len(quotients):,} prices moved by more than {gates.price_leap:g} times; at most "
            f"{gates.price_leaps:.0%} may (gates.price_leaps)"
        )
    return problems


def _moved(context: CheckContext) -> tuple[npt.NDArray[np.float64], list[str]]:
    """q of each pair that has both prices, shape (n,), and the root of its category."""
    both = [
        (float(now["price"]) / float(before["price"]), root_of(now))
        for now, before in zip(context.pairs.now.records, context.pairs.before.records, strict=True)
        if now.get("price") and before.get("price")
    ]
    return np.array([quotient for quotient, _ in both], np.float64), [root for _, root in both]


def _shifted(what: str, quotients: npt.NDArray[np.float64], most: float, setting: str) -> list[str]:
    median = float(np.median(quotients))
    if 1 / most <= median <= most:
        return []
    return [
        f"{what} are {median:.3g} times those of the published generation (median of {len(quotients):,} products); "
        f"at most {most:g} times is let through ({setting})"
    ]
