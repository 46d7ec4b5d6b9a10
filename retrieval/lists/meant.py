"""Which rows of a list the rules of an operator speak of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrieval.rules.edition import Ruled
from retrieval.rules.model import Action, Rule
from retrieval.rules.products import Products
from retrieval.search import Search
from retrieval.types import IntArray, Mask


def products_of(ruled: Ruled, action: Action) -> Iterator[tuple[Rule, Products]]:
    """All that rules do this to, what counts first before."""
    return ((rule, products) for rule in ruled.rules for what, products in rule.selectors if what is action)


def meant(search: Search, products: Products, rows: IntArray) -> Mask:
    """Which of the rows are meant, shape (n,)."""
    reader, filters, found = search.reader, products.filters, np.ones(len(rows), np.bool_)
    if products.named:
        ids = sorted(search.ruled.edition.rules.ids_of(products))
        found &= np.isin(rows, [row for row in reader.rows_of(ids) if row is not None])
    if not filters.empty and len(rows):
        found &= np.isin(rows, reader.passing(filters, rows))
    return found


def any_meant(search: Search, action: Action, rows: IntArray) -> Mask:
    """Which of the rows some rule does this to, shape (n,)."""
    found = np.zeros(len(rows), np.bool_)
    for _, products in products_of(search.ruled, action):
        found |= meant(search, products, rows)
    return found


def let_in(search: Search, rows: IntArray) -> Mask:
    """Which of the rows are among all that a list is restricted to by name, shape (n,); what else a rule filters by is
    in force when a list is selected."""
    found = np.ones(len(rows), np.bool_)
    for _, products in products_of(search.ruled, Action.FILTER):
        if products.named:
            found &= meant(search, Products(products.ids, products.set), rows)
    return found
