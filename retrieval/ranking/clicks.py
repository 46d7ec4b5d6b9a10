"""What clicks say of relevance once the place of a hit is taken out: people click what stands first.

Position-based model: P(click at rank k on d for q) = θ_k · γ_qd, with θ_k the chance that rank k is looked at (θ_1 = 1)
and γ_qd that a document looked at is clicked. Both are estimated by expectation maximisation: of a hit without a click

    P(looked at) = θ (1 - γ) / (1 - θ γ),   P(attractive) = γ (1 - θ) / (1 - θ γ)

and θ_k, γ_qd are the means of these over their impressions. θ can be told from γ only where documents were shown at
different ranks. A click is then worth 1 / θ (inverse propensity), which makes its expected worth the same at any rank.

Sources: Chuklin, Markov, de Rijke 2015, “Click Models for Web Search” (position-based model);
Joachims, Swaminathan, Schnabel 2017, doi:10.1145/3018661.3018699 (inverse propensity).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.errors import InputError
from retrieval.types import FloatArray

LEAST_PROPENSITY = 0.05
"""Smaller chances count as this, so that one lucky click far down does not outweigh all others."""
_START, _EDGE = 0.5, 1e-4


@dataclass(frozen=True, slots=True)
class Impression:
    """A document shown for a query at `rank` (1 = first), and whether it was clicked."""

    query: str
    document: str
    rank: int
    clicked: bool


def propensities(impressions: Sequence[Impression], *, rounds: int = 50) -> FloatArray:
    """θ of the ranks 1 … n, shape (n,), in (0, 1], the first 1; a rank nobody saw has the θ of the one before.

    Raises:
        InputError: there is no impression, or a rank is less than 1.
    """
    ranks, pairs, clicks = _arrays(impressions)
    look, attract = np.full(ranks.max() + 1, _START), np.full(pairs.max() + 1, _START)
    shown, seen = np.bincount(ranks), np.bincount(pairs)
    for _ in range(rounds):
        theta, gamma = look[ranks], attract[pairs]
        missed = 1 - theta * gamma
        look = np.bincount(ranks, np.where(clicks, 1.0, theta * (1 - gamma) / missed)) / np.maximum(shown, 1)
        attract = np.bincount(pairs, np.where(clicks, 1.0, gamma * (1 - theta) / missed)) / np.maximum(seen, 1)
        # Only products θ·γ are seen: θ of the first rank is 1 by definition.
        first = max(look[0], _EDGE)
        look, attract = np.clip(look / first, _EDGE, 1.0), np.clip(attract * first, _EDGE, 1 - _EDGE)
    for rank in np.flatnonzero(shown == 0):
        look[rank] = look[rank - 1]
    return np.asarray(look, np.float32)


def gains(impressions: Iterable[Impression], looked_at: FloatArray) -> dict[str, dict[str, float]]:
    """Query → document → gain: clicks, each worth 1 / θ of its rank, divided by the times it was shown.

    Args:
        looked_at: θ of the ranks 1 … n; ranks beyond count as the last.

    Raises:
        InputError: `looked_at` is empty or has a value outside [0, 1].
    """
    if not len(looked_at) or not ((looked_at >= 0) & (looked_at <= 1)).all():
        raise InputError("the chances of being looked at must be in [0, 1]", field="propensities")
    worth, shown = dict[tuple[str, str], float](), dict[tuple[str, str], int]()
    for one in impressions:
        pair = one.query, one.document
        theta = max(float(looked_at[min(one.rank, len(looked_at)) - 1]), LEAST_PROPENSITY)
        worth[pair] = worth.get(pair, 0.0) + (1 / theta if one.clicked else 0.0)
        shown[pair] = shown.get(pair, 0) + 1
    found: dict[str, dict[str, float]] = {}
    for (query, document), value in worth.items():
        found.setdefault(query, {})[document] = value / shown[query, document]
    return found


def _arrays(
    impressions: Sequence[Impression],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Ranks from 0, numbers of the (query, document) pairs, and clicks."""
    if not impressions or min(one.rank for one in impressions) < 1:
        raise InputError("impressions with ranks from 1 on are needed", field="events", hint="give type, position")
    numbers: dict[tuple[str, str], int] = {}
    pairs = [numbers.setdefault((one.query, one.document), len(numbers)) for one in impressions]
    ranks = np.array([one.rank for one in impressions], np.int64) - 1
    return ranks, np.array(pairs, np.int64), np.array([one.clicked for one in impressions], bool)
