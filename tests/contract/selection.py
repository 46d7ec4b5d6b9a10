"""Filters, facets, orders and records: what is answered from exact values."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.protocols import IndexReader
from retrieval.schema import MARKS, PRODUCT
from retrieval.types import MISSING, FacetValue, Filters, IntArray, Sort
from tests.contract import world
from tests.contract.world import IDS, ROWS, asking, direction, ids, rows_of

EVERYWHERE = asking("红色 蓝色 保温杯 绿茶 毛巾 收纳袋")
"""Matches every product."""

FILTERS: dict[str, tuple[Filters, str]] = {
    "none": (Filters(), "p01 p02 p03 p04 p05 p06 p07 p08 p09 p10 p11 p12"),
    "brand": (Filters({"brand": ("山风",)}), "p03 p06 p10"),
    "one of two brands": (Filters({"brand": ("山风", "茶里")}), "p02 p03 p06 p10 p11"),
    "the same brand twice": (Filters({"brand": ("山风", "山风")}), "p03 p06 p10"),
    "unknown brand": (Filters({"brand": ("没有",)}), ""),
    "unknown and known brand": (Filters({"brand": ("没有", "恒温")}), "p05 p09"),
    "no accepted value": (Filters({"brand": ()}), ""),
    "category leaf": (Filters({"category": ("女装/裙装/半身裙",)}), "p01"),
    "category subtree": (Filters({"category": ("女装/裙装",)}), "p01 p03 p06 p07 p12"),
    "category root": (Filters({"category": ("女装",)}), "p01 p03 p06 p07 p12"),
    "a part of a name is no subtree": (Filters({"category": ("女",)}), ""),
    "two subtrees": (Filters({"category": ("女装/裙装/半身裙", "食品")}), "p01 p02 p11"),
    "shop": (Filters({"shop": ("山风店",)}), "p03 p06 p08 p10"),
    "labels": (Filters({"labels": ("新品",)}), "p01 p11 p12"),
    "services": (Filters({"services": ("退换",)}), "p05 p07 p09 p12"),
    "a band of quality": (Filters({"quality": ("60-80",)}), "p04 p10 p11"),
    "attribute": (Filters({"attributes": ("颜色=红",)}), "p01 p03 p09 p10 p12"),
    "alternatives of one attribute": (Filters({"attributes": ("颜色=蓝", "颜色=白")}), "p01 p07 p08"),
    "two attributes": (Filters({"attributes": ("颜色=红", "材质=棉")}), "p12"),
    "two attributes, alternatives": (Filters({"attributes": ("颜色=红", "颜色=蓝", "材质=棉")}), "p07 p12"),
    "two fields": (Filters({"brand": ("花田",), "labels": ("热卖",)}), "p01 p07"),
    "without a word": (Filters(without=("红色",)), "p02 p04 p05 p07 p08 p11"),
    "without two words": (Filters(without=("红色", "绿茶")), "p04 p05 p07 p08"),
    "without a word of the description": (Filters(without=("绿茶",)), "p01 p03 p04 p05 p07 p08 p09 p10 p12"),
    "without nothing": (Filters(without=("", "、")), "p01 p02 p03 p04 p05 p06 p07 p08 p09 p10 p11 p12"),
    "without an unknown word": (Filters(without=("没有",)), "p01 p02 p03 p04 p05 p06 p07 p08 p09 p10 p11 p12"),
    "two wishes for one field": (Filters({"services": ("包邮",)}, also=(("services", ("退换",)),)), "p05 p12"),
    "a wish that nothing fits": (Filters({"services": ("包邮",)}, also=(("services", ("没有",)),)), ""),
    "having one of two tokens": (Filters(having=(("半身裙", "运动鞋"),)), "p01 p10"),
    "having one of each group": (Filters(having=(("红色",), ("保温杯", "运动鞋"))), "p09 p10"),
    "having an unknown token": (Filters(having=(("没有",),)), ""),
    "words and price": (Filters(price=(None, 9999), without=("红色",)), "p05 p08"),
    "price, both bounds met exactly": (Filters(price=(5000, 9999)), "p01 p03 p05 p09"),
    "price, a fen too narrow": (Filters(price=(5001, 9998)), "p03 p05"),
    "price from": (Filters(price=(29900, None)), "p06 p07 p10"),
    "price to": (Filters(price=(None, 5000)), "p01 p08"),
    "price from 0: a missing price passes no bound": (
        Filters(price=(0, None)),
        "p01 p02 p03 p05 p06 p07 p08 p09 p10 p11 p12",
    ),
    "price upside down": (Filters(price=(9000, 100)), ""),
    "in stock, or not known": (Filters(in_stock=True), "p01 p02 p04 p05 p06 p07 p08 p10 p11 p12"),
    "everything at once": (
        Filters({"category": ("女装",), "services": ("包邮",), "attributes": ("材质=棉", "材质=麻")}, (0, 30000), True),
        "p12",
    ),
}


class Selection:
    """Needs a fixture `reader`: the world, opened."""

    @pytest.mark.parametrize(("filters", "expected"), FILTERS.values(), ids=FILTERS)
    def test_filters(self, reader: IndexReader, filters: Filters, expected: str) -> None:
        passing = expected.split()
        assert sorted(ids(reader.lexical(EVERYWHERE, filters, 12))) == passing
        assert sorted(ids(reader.semantic(direction(30), filters, 12))) == passing
        backwards = np.arange(12)[::-1]
        assert [IDS[row] for row in reader.passing(filters, backwards)] == [i for i in IDS[::-1] if i in passing]
        # the second answer may come from a cache
        assert sorted(ids(reader.semantic(direction(30), filters, 12))) == passing

    @pytest.mark.parametrize(("filters", "expected"), FILTERS.values(), ids=FILTERS)
    def test_all_rows_that_pass(self, reader: IndexReader, filters: Filters, expected: str) -> None:
        rows = sorted(rows_of(*expected.split()).tolist())
        assert reader.rows_passing(filters).tolist() == rows
        gone = rows_of("p03", "p12")
        assert reader.without(gone, epoch=1).rows_passing(filters).tolist() == [r for r in rows if r not in gone]

    @pytest.mark.parametrize("marks", [("shop:山风店",), ("shop:山风店", "shop:茶里店"), ("shop:没有",)])
    def test_marks_are_looked_up(self, reader: IndexReader, marks: tuple[str, ...]) -> None:
        rows = [place for place, row in enumerate(ROWS) if f"shop:{row.shop}" in marks]
        assert reader.rows_passing(Filters({MARKS: marks})).tolist() == rows
        assert reader.manifest.collections[PRODUCT.kind].marked

    @pytest.mark.parametrize(("filters", "expected"), FILTERS.values(), ids=FILTERS)
    def test_filtered_vector_search_is_exact(self, reader: IndexReader, filters: Filters, expected: str) -> None:
        for degrees in (0.0, 52.0, 118.0):
            rows = rows_of(*expected.split())
            cosines = world.VECTORS[rows] @ direction(degrees)
            best = rows[np.argsort(-cosines, kind="stable")][:3]
            found = reader.semantic(direction(degrees), filters, 3)
            assert found.rows.tolist() == best.tolist()
            assert found.complete == (len(rows) <= 3)

    @pytest.mark.parametrize("name", ["category", "brand", "labels", "services", "quality", "shop", "attributes"])
    def test_facets(self, reader: IndexReader, name: str) -> None:
        rng = np.random.default_rng(5)
        for size in (0, 1, 4, 12):
            rows = rng.permutation(12)[:size]
            assert [(v.value, v.count) for v in reader.facets((name,), rows)[name]] == world.facet(name, rows)

    def test_price_bands(self, reader: IndexReader) -> None:
        expected = [("0-19.99", 1), ("50-99.99", 4), ("100-199.99", 2), ("200-499.99", 4)]

        def bands(rows: IntArray) -> tuple[FacetValue, ...]:
            return reader.facets(("price",), rows)["price"]

        assert bands(np.arange(12)) == tuple(FacetValue(*pair) for pair in expected)
        assert bands(rows_of("p04")) == ()
        assert bands(rows_of("p10", "p09")) == (FacetValue("50-99.99", 1), FacetValue("200-499.99", 1))

    @pytest.mark.parametrize(
        ("sort", "sign", "column"),
        [
            (Sort.SALES, 1, [row.sales for row in ROWS]),
            (Sort.NEWEST, 1, [row.created for row in ROWS]),
            (Sort.PRICE_ASC, -1, [row.price for row in ROWS]),
            (Sort.PRICE_DESC, 1, [row.price for row in ROWS]),
        ],
    )
    def test_sort_keys(self, reader: IndexReader, sort: Sort, sign: int, column: list[int | None]) -> None:
        rows = np.array([9, 0, 2, 1, 11, 6])  # with a missing price, sales or date in each
        expected = [MISSING if (value := column[row]) is None else sign * value for row in rows]
        assert MISSING in expected
        assert reader.sort_keys(sort, rows).tolist() == expected

    def test_ids_order_rows(self, reader: IndexReader) -> None:
        order = np.argsort(reader.by_id(np.arange(12)))
        assert [IDS[row] for row in order] == sorted(IDS)

    def test_records(self, reader: IndexReader) -> None:
        rows = rows_of("p06", "p12", "p05")
        assert reader.sources(rows) == [world.document(ROWS[row]).document.source for row in rows]
        assert reader.forward(rows) == [world.document(ROWS[row]).forward for row in rows]
        assert reader.forward(rows[:0]) == []
        assert [reader.row_of(i) for i in IDS] == list(range(12))
        for unknown in ("", "p", "p13", "P01", "p01 ", "\ud800", "红" * 300):
            assert reader.row_of(unknown) is None
        assert reader.rows_of(["p12", "p13", "\ud800", IDS[3], "p12"]) == [0, None, None, 3, 0]
        assert reader.rows_of([]) == []

    def test_vectors_are_sound(self, reader: IndexReader) -> None:
        assert reader.check_vectors() == []
