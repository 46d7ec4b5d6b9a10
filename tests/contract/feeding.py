"""Rows to feed a cluster with, and what an index of them must hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import orjson

from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.writer import OpenSearchWriter
from retrieval.generations import Manifest
from retrieval.schema import PRODUCT
from retrieval.types import Sort
from tests.contract import world
from tests.contract.world import NO_FILTER, ROWS, Row, asking, direction

TOO_LONG = "长" * 20_000
"""60,000 bytes: Lucene takes no exact value above 32,766."""


def many(count: int) -> list[Row]:
    """Rows with an id, a number and a word of their own."""
    return [dataclasses.replace(ROWS[n % 12], id=f"n{n:04d}", title=f"商品 词{n}", price=n) for n in range(count)]


def spoiled(row: Row) -> Row:
    return dataclasses.replace(row, brand=TOO_LONG)


def angle(row: Row) -> float:
    return int(row.id[1:]) * 0.1


def feed(writer: OpenSearchWriter, rows: Sequence[Row], start: int = 0) -> None:
    for row in rows[start:]:
        writer.collection(PRODUCT.kind).add([world.document(row)], direction(angle(row))[None])


def create(backend: OpenSearchBackend) -> OpenSearchWriter:
    return backend.create(analyzer=world.ANALYZER, encoder=world.ENCODER, dim=world.DIM)


def assert_holds(backend: OpenSearchBackend, manifest: Manifest, rows: Sequence[Row]) -> None:
    """The generation is `rows`, in whatever order, in every respect."""
    assert manifest.documents == len(rows)
    assert manifest.collections[PRODUCT.kind].field_counts["title"] == len(rows)
    assert backend.verify(manifest.generation) == []
    reader, everywhere = backend.open(manifest.generation).collection(PRODUCT.kind), np.arange(len(rows))
    ids = [orjson.loads(source)["id"] for source in reader.sources(everywhere)]
    assert sorted(ids) == [row.id for row in rows]
    by_id = {row.id: row for row in rows}
    assert [reader.row_of(i) for i in ids] == everywhere.tolist()
    half = np.stack([direction(angle(by_id[i])) for i in ids]).astype(np.float16)
    assert reader.vectors(everywhere).tolist() == half.tolist()
    prices = reader.sort_keys(Sort.PRICE_DESC, everywhere)
    assert prices.tolist() == [by_id[i].price for i in ids]
    for place in range(0, len(rows), max(1, len(rows) // 20)):
        word = by_id[ids[place]].title.split()[1]
        assert reader.lexical(asking(word), NO_FILTER, 5).rows.tolist() == [place]
