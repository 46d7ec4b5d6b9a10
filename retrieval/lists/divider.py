"""The divider: what of a list stands above it, as an answer, and what stands under it, only near.

What was looked at closely stands above where its relevance reaches the bar, whatever else is in the list: so no filter
moves it. What nobody looked at (the far end of a long list by words) is taken to be what the last by words that were
looked at are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.lists.score import Scored
from retrieval.recall.lexical import CHANNEL as LEXICAL
from retrieval.types import Mask

TAIL = 20
"""So many of the last by words speak for what comes after them."""
MOST = 0.8
"""Share of them that must stand above: where it is less, hardly any of the rest does (docs/relevance.md)."""


@dataclass(frozen=True, slots=True)
class Divided:
    """What of a list stands above.

    Attributes:
        above: of its candidates, shape (n,).
        relation: of their number to that of all there are: ``eq``; ``gte``, where the list was cut at its depth or some
            of what nobody looked at may be an answer, too; ``about``, where all of that is counted.
    """

    above: Mask
    relation: str


def divide(scored: Scored, bar: float) -> Divided:
    """Everything stands above without a bar, or where nobody looked closely.

    Args:
        bar: least relevance, in [0, 1]; 0: there is no divider.
    """
    whole = "eq" if scored.complete else "gte"
    looked_at = scored.looked_at
    if not bar or not looked_at.any():
        return Divided(np.ones(len(scored.rows), np.bool_), whole)
    above = scored.relevance >= bar
    if looked_at.all():
        return Divided(above, whole)
    if not _goes_on(scored, above):
        return Divided(above, "gte")
    return Divided(above | ~looked_at, "about")


def _goes_on(scored: Scored, above: Mask) -> bool:
    """Whether the last by words that were looked at stand above, for the most part."""
    ranks = np.where(scored.looked_at, scored.channels[LEXICAL].ranks, 0)
    last = np.argsort(-ranks, kind="stable")[:TAIL]
    last = last[ranks[last] > 0]
    return bool(len(last)) and float(above[last].mean()) >= MOST
