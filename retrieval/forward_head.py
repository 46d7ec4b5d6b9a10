"""The numbers at the head of a forward row (`retrieval.ranking.forward`), so that a patch can lay others over them."""

from __future__ import annotations

from struct import calcsize, pack

from retrieval.types import MISSING

HEAD = "<QIIIIIHHH"
"""Group, brand, shop, sales, price, listed; quality, title characters, words."""
UNKNOWN = 0xFFFFFFFF
"""A number that the record does not give."""
_BEFORE = "<QII"
"""What stands before sales and price."""


def told(number: int | None) -> int:
    """A number as it stands there."""
    return UNKNOWN if number is None or number == MISSING else min(max(number, 0), UNKNOWN)


def with_numbers(row: bytes, sales: int, price: int) -> bytes:
    """A row that says these, `MISSING` where there is none; one without a head stays as it is."""
    if len(row) < calcsize(HEAD):
        return row
    return row[: calcsize(_BEFORE)] + pack("<II", told(sales), told(price)) + row[calcsize(_BEFORE) + 8 :]
