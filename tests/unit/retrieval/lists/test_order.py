"""Orders:

1. Relevance is by score, best first; equal scores by id, whatever the order of the rows.
2. Each column is in its direction; equal values by id, whatever their scores; a missing value is last in every order.
3. Zero is a value like any other, and so are the largest and the least.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from retrieval.lists.order import order
from retrieval.types import Sort
from tests.unit.retrieval.tiny_reader import Item, TinyReader

BIG = 2**63 - 1
READER = TinyReader(
    [
        Item("d", price=0, sales=5, created=300),
        Item("a", price=100, sales=0, created=200),
        Item("c", price=BIG, sales=BIG, created=BIG),
        Item("b", price=100, sales=None, created=100),
        Item("f", price=None, sales=None, created=None),
        Item("e", price=None, sales=5, created=None),
    ]
)
SCORES = {"a": 0.1, "b": 0.9, "c": 0.5, "d": 0.5, "e": 0.5, "f": 0.7}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.RELEVANCE, "bfcdea"),
        (Sort.PRICE_ASC, "dabcef"),
        (Sort.PRICE_DESC, "cabdef"),
        (Sort.SALES, "cdeabf"),
        (Sort.NEWEST, "cdabef"),
    ],
)
def test_orders(sort: Sort, expected: str) -> None:
    for rows in itertools.permutations(range(READER.rows)):
        given = np.array(rows, np.int64)
        scores = np.array([SCORES[READER.items[row].id] for row in rows], np.float32)
        assert "".join(READER.items[row].id for row in given[order(READER.reader, sort, given, scores)]) == expected


@pytest.mark.parametrize("sort", list(Sort))
def test_all_equal_is_by_id(sort: Sort) -> None:
    reader = TinyReader([Item(name, price=1, sales=1, created=1) for name in ("p10", "p1", "p9", "P2")])
    best = order(reader.reader, sort, np.arange(4), np.ones(4, np.float32))
    assert [reader.items[row].id for row in best] == ["P2", "p1", "p10", "p9"]


@pytest.mark.parametrize("sort", list(Sort))
def test_no_rows(sort: Sort) -> None:
    assert order(READER.reader, sort, np.empty(0, np.int64), np.empty(0, np.float32)).tolist() == []
