"""The goods of a campaign: all there are, and which of some rows are among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.rules.campaign import Campaign
from retrieval.rules.products import Products
from retrieval.types import IntArray, Mask


def goods_of(reader: IndexReader, campaign: Campaign) -> IntArray:
    """All rows that are in stock, ascending."""
    return np.unique(np.concatenate([_in_stock(reader, products) for products in campaign.products]))


def belonging(reader: IndexReader, campaign: Campaign, rows: IntArray, ids: Sequence[str]) -> Mask:
    """Which of `rows`, whose ids these are, belong to it, in stock or not, shape (n,)."""
    found = np.zeros(len(rows), np.bool_)
    for products in campaign.products:
        meant = np.isin(ids, products.ids) if products.named else np.ones(len(rows), np.bool_)
        if not products.filters.empty and len(rows):
            meant = meant & np.isin(rows, reader.passing(products.filters, rows))
        found |= meant
    return found


def _in_stock(reader: IndexReader, products: Products) -> IntArray:
    filters = replace(products.filters, in_stock=True)
    if not products.named:
        return reader.rows_passing(filters)
    rows = np.array([row for row in reader.rows_of(products.ids) if row is not None], np.int64)
    return reader.passing(filters, rows)
