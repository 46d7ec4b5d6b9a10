"""Which moments keep to what was asked of products: who wants to pay 100 yuan is shown nothing dearer in a video.

A moment that shows no product for sure says nothing about filters, and stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.spoken.moment import MomentRow
from retrieval.types import Filters, Mask


def fitting(products: IndexReader, moments: Sequence[MomentRow], filters: Filters, surely: float) -> Mask:
    """Those that show none for sure, or one that passes, shape (len(moments),)."""
    if filters.empty:
        return np.ones(len(moments), np.bool_)
    shown = [[product.id for product in moment.products if product.confidence >= surely] for moment in moments]
    ids = list(dict.fromkeys(id for each in shown for id in each))
    at = {id: row for id, row in zip(ids, products.rows_of(ids), strict=True) if row is not None}
    passing = set(products.passing(filters, np.array(sorted(at.values()), np.int64)).tolist())
    return np.array([not each or any(at.get(id) in passing for id in each) for each in shown], np.bool_)
