"""What is bought again (复购): by how many shoppers each thing was ordered on several days.

A second piece in one order, or an order sent in two parts, is no coming back; what was given back was not wanted. What
fewer than a few shoppers bought again is not told: it would be a taste of theirs.
"""

from __future__ import annotations

import numpy as np

from retrieval.mall.together import Choices
from retrieval.types import IntArray

_DAY_S = 86_400.0


def bought_again(orders: Choices, size: int, least: int) -> IntArray:
    """Shoppers who ordered each of `size` things on several days, shape (size,); 0 where fewer than `least` did."""
    days = np.floor(orders.times / _DAY_S).astype(np.int64)
    each_day = np.unique(np.stack([orders.shoppers, orders.things, days]), axis=1)
    pairs, times = np.unique(each_day[:2], axis=1, return_counts=True)
    shoppers = np.bincount(pairs[1][times > 1], minlength=size)
    return np.where(shoppers >= least, shoppers, 0)
