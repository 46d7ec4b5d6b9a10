"""Does the bound close where taste stops to help? What it gained, and what the best fixed weight would have.

By the strength of the intent: where it is right, the best weight falls as the words say more, and the bound with it. By
what the shopper had done: confidence is right where the gain grows with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from eval.personal.types import NEUTRAL, PERSONAL, Asked, Bin
from eval.personal.ways import WEIGHTS, fixed
from eval.slices import TINY
from eval.statistics import Values, bootstrap_means

STRENGTH, ACTS = "intent strength", "acts before"
_STRENGTHS = (0.2, 0.4, 0.6, 0.8)
_ACTS = (4, 16, 64)


def calibration(
    judged: Sequence[Asked], values: Mapping[str, Values], *, seed: int, resamples: int
) -> tuple[Bin, ...]:  # fmt: skip
    """Of both; bins without a query are left out.

    Args:
        values: way → nDCG@10 of each query, shape (n,).
    """
    gains = values[PERSONAL] - values[NEUTRAL]
    total = float(gains.sum())

    def one(of: str, label: str, places: list[int]) -> Bin:
        [gain] = bootstrap_means(gains[places][:, None], seed=seed, resamples=resamples)
        means = {weight: float((values[fixed(weight)] - values[NEUTRAL])[places].mean()) for weight in WEIGHTS}
        best = max(means, key=means.__getitem__)
        helps = means[best] > 0
        return Bin(
            of, label, len(places), len(places) < TINY,
            shift=round(float(np.mean([judged[i].shown[PERSONAL].shift for i in places])), 3),
            gain=gain,
            share=round(float(gains[places].sum()) / total, 6) if total else None,
            best_weight=best if helps else 0.0,
            best_gain=round(means[best], 6) if helps else 0.0,
        )  # fmt: skip

    return (
        *(one(STRENGTH, *each) for each in _bins(judged, lambda a: a.shown[NEUTRAL].strength, _STRENGTHS)),
        *(one(ACTS, *each) for each in _bins(judged, lambda a: float(a.acts), _ACTS)),
    )


def _bins(
    judged: Sequence[Asked], value: Callable[[Asked], float | None], edges: Sequence[float]
) -> list[tuple[str, list[int]]]:
    """Label → places of the queries in each bin that has any; those without a value are in none."""
    labels = [
        f"< {edges[0]:g}",
        *(f"{a:g} – {b:g}" for a, b in pairwise(edges)),
        f"≥ {edges[-1]:g}",
    ]
    found: list[list[int]] = [[] for _ in labels]
    for i, one in enumerate(judged):
        if (known := value(one)) is not None:
            found[bisect_right(edges, known)].append(i)
    return [(label, places) for label, places in zip(labels, found, strict=True) if places]
