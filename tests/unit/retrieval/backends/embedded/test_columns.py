"""Values by row.

1. A price band begins at its lower edge and ends a fen below the next; its name, read as a range, selects its rows.
2. Random columns: facets and filters equal a count by hand, with missing and repeated values, in any order of rows.
3. Numbers keep 64 bits; a missing one is told apart from every number.
4. Stock 0 is sold out, unknown stock is not.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from retrieval.backends.embedded.columns import ColumnsReader, ColumnsWriter
from retrieval.schema import PRODUCT
from retrieval.types import MISSING, Filters

ROWS = 300


def reader_of(folder: Path, rows: list[tuple[dict[str, tuple[str, ...]], dict[str, int]]]) -> ColumnsReader:
    writer = ColumnsWriter(folder / "columns", PRODUCT)
    for keywords, numbers in rows:
        writer.add(keywords, numbers)
    writer.finish()
    return ColumnsReader(folder / "columns", PRODUCT, len(rows))


def test_price_bands(tmp_path: Path) -> None:  # 1
    prices = [
        *sorted({fen for edge in PRODUCT.bands["price"] for fen in (edge - 1, edge, edge + 1)} - {-1}),
        10_000_000_000,
    ]
    columns = reader_of(tmp_path, [({}, {"price": fen}) for fen in prices] + [({}, {})])
    bands = columns.facet("price", np.arange(len(prices) + 1))
    names = ["0-19.99", "20-49.99", "50-99.99", "100-199.99", "200-499.99", "500-999.99", "1000-2999.99", "3000-"]
    assert [band.value for band in bands] == names
    assert sum(band.count for band in bands) == len(prices)
    for band in bands:
        low, high = (round(float(yuan) * 100) if yuan else None for yuan in band.value.split("-"))
        passing = columns.mask(Filters(price=(low, high)))
        assert passing.sum() == band.count
        assert [fen for fen, there in zip(prices, passing, strict=False) if there] == [
            fen for fen in prices if (low or 0) <= fen and (high is None or fen <= high)
        ]


def test_facets_and_filters_by_hand(tmp_path: Path) -> None:  # 2
    rng = np.random.default_rng(1)
    given = [
        {name: tuple(f"{name}{n}" for n in rng.integers(0, 6, rng.integers(0, 4))) for name in PRODUCT.keywords}
        for _ in range(ROWS)
    ]
    columns = reader_of(tmp_path, [(keywords, {}) for keywords in given])
    rows = rng.permutation(ROWS)[:120]
    for name in PRODUCT.keywords:
        counts = Counter(value for row in rows.tolist() for value in set(given[row][name]))
        expected = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        assert [(v.value, v.count) for v in columns.facet(name, rows)] == expected
        wanted = (f"{name}1", f"{name}4", "unknown")
        by_hand = [bool(set(wanted) & set(keywords[name])) for keywords in given]
        if name != "attributes":
            assert columns.mask(Filters({name: wanted})).tolist() == by_hand


def test_numbers(tmp_path: Path) -> None:  # 3
    values = [0, 2**63 - 1, 1]
    columns = reader_of(tmp_path, [({}, {"sales_30d": value}) for value in values] + [({}, {})])
    rows = np.array([3, 1, 0, 2])
    assert columns.number("sales_30d", rows).tolist() == [MISSING, 2**63 - 1, 0, 1]
    assert columns.number("price", rows).tolist() == [MISSING] * 4
    assert columns.mask(Filters(price=(None, 2**63 - 1))).tolist() == [False] * 4


def test_stock(tmp_path: Path) -> None:  # 4
    columns = reader_of(tmp_path, [({}, {"stock": 0}), ({}, {"stock": 1}), ({}, {})])
    assert columns.mask(Filters(in_stock=True)).tolist() == [False, True, True]
