"""What may be suggested, and which documents stand for it: no entry is offered whose documents are all gone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

WITNESSES = 4
"""Documents that are kept of those that answer an entry: the best sold of good quality."""


class Kind(StrEnum):
    """Where an entry comes from; of a text that comes from several places, the first of these."""

    CATEGORY = "category"
    BRAND = "brand"
    PRODUCT = "product"
    """A noun for what is sold."""
    SHOP = "shop"
    QUERY = "query"
    """Asked by shoppers."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text that may be offered.

    Attributes:
        text: normalised.
        demand: how often it is asked for, ≥ 0, in searches; what nobody asked counts by what it finds.
        quality: of what it finds, in [0, 1].
        found: how many documents say all of its words in their title.
        rows: a few of them, at most `WITNESSES`.
        asks: what is searched where it is taken; "": its text.
        shop: the shop in which it is searched; "": in all.
        category: where it is also offered to be searched in, a path; "" where that is not sure.
        inside: a document that stands for it there, -1 without a category.
    """

    text: str
    kind: Kind
    demand: float
    quality: float
    found: int
    rows: tuple[int, ...]
    asks: str = ""
    shop: str = ""
    category: str = ""
    inside: int = -1
