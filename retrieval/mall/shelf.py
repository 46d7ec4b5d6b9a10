"""What a generation has to offer to anybody: its best things in a balanced order, its newest, and a sample to explore.

A thing of low quality is never offered by itself. The popular things stand so that each category has places by the
square root of what it is worth (Sainte-Laguë): the first of a small one comes before the twentieth of a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.forward_head import UNKNOWN
from retrieval.mall.columns import Columns
from retrieval.types import FloatArray, IntArray, Mask

SAMPLE = 4_000
"""Things that are explored."""
POPULAR, NEWEST = 20_000, 1_000
"""Things that are kept of each kind."""
_PIECES = 0.1
"""Shoppers that a piece sold in 30 days counts as: sales are told by everybody, and often in round numbers."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows of one generation; what is sold out, gone or of another category is left out when they are shown.

    Attributes:
        popular: the best first, balanced; newest: the newest first; sample: to explore, in no order.
        liking: how popular each row is, in [0, 1], shape (rows,).
        good: which rows have the quality that is asked for, shape (rows,).
    """

    columns: Columns
    popular: IntArray
    newest: IntArray
    sample: IntArray
    liking: FloatArray
    good: Mask

    def offered(self, rows: IntArray, chosen: bool) -> Mask:
        """Which of `rows` are good enough; what is sensitive only in a category that was `chosen`."""
        good = self.good[rows]
        return good if chosen else good & ~self.columns.sensitive[rows]

    def fresh(self, rows: IntArray, now: float, half_life_days: float) -> FloatArray:
        """How fresh `rows` are, in [0, 1]; 0 where nobody knows."""
        listed = self.columns.listed[rows].astype(np.float64)
        age = np.maximum(now - listed, 0) / 86_400.0 / half_life_days
        return np.where(listed != UNKNOWN, 0.5 ** np.minimum(age, 64), 0.0).astype(np.float32)


def stock_shelf(columns: Columns, liked: FloatArray, least_quality: float, seed: int) -> Shelf:
    """What is on offer.

    Args:
        liked: shoppers who liked each row, shape (rows,).
        least_quality: in [0, 1].
        seed: of the sample.
    """
    worth = np.log1p(liked + _PIECES * np.where(columns.sales == UNKNOWN, 0, columns.sales))
    good = columns.quality >= least_quality
    rows = np.flatnonzero(good)
    sample = np.random.default_rng(seed).permutation(rows)[:SAMPLE]
    listed = columns.listed.astype(np.int64)
    known = rows[listed[rows] != UNKNOWN]
    newest = known[np.lexsort((known, -listed[known]))][:NEWEST]
    top = float(worth.max(initial=0.0))
    liking = (worth / top if top else worth).astype(np.float32)
    return Shelf(columns, _balanced(rows, worth, columns)[:POPULAR], newest, sample, liking, good)


def _balanced(rows: IntArray, worth: FloatArray, columns: Columns) -> IntArray:
    if not len(rows):
        return rows
    order = rows[np.lexsort((rows, -columns.quality[rows], -worth[rows], columns.categories[rows]))]
    _, starts, groups = np.unique(columns.categories[order], return_index=True, return_inverse=True)
    places = np.arange(len(order)) - starts[groups]
    # One for being there: categories of which nothing is known share by how many things they have.
    mass = np.sqrt(np.bincount(groups, worth[order] + 1.0))
    return order[np.lexsort((order, -worth[order], (2 * places + 1) / mass[groups]))]
