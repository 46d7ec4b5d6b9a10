"""What was bought: the price and the quality of products, as the served generation has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import orjson

from retrieval.protocols import IndexReader
from retrieval.ranking.quality import offer_quality

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Goods:
    """A product: `price` in yuan, None where it has none; `quality` in [0, 1] (`retrieval.ranking.quality`)."""

    price: float | None
    quality: float


def goods_of(ids: Iterable[str], reader: IndexReader | None) -> Mapping[str, Goods]:
    """Id → what it is, of those that are there."""
    asked, found = sorted(set(ids)), dict[str, Goods]()
    for start in range(0, len(asked) if reader else 0, _AT_ONCE):
        assert reader is not None
        part = asked[start : start + _AT_ONCE]
        there = [(id, row) for id, row in zip(part, reader.rows_of(part), strict=True) if row is not None]
        for (id, _), source in zip(there, reader.sources(np.array([row for _, row in there], np.int64)), strict=True):
            record = orjson.loads(source)
            price = record.get("price")
            found[id] = Goods(float(price) if price is not None else None, offer_quality(record))
    return found
