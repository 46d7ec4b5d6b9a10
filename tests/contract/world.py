"""Twelve products known by heart, as the backend sees them: tokens, exact values, numbers and vectors.

The vectors lie on a half circle, 15° apart: the cosine of a query at angle q with a product at angle a is cos(a − q).
The order of adding is not the order of the ids, so that a tie broken by the wrong one shows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from retrieval.generations import Manifest
from retrieval.protocols import Backend, IndexReader
from retrieval.schema import MARKS, PRODUCT
from retrieval.types import Candidates, Document, Filters, FloatArray, IndexedDocument, IntArray, LexicalQuery, Sort

ANALYZER, ENCODER, DIM = "analyzer-of-the-world", "encoder-of-the-world", 8
NO_FILTER = Filters()
SORTS = tuple(sort for sort in Sort if sort is not Sort.RELEVANCE)


@dataclass(frozen=True, slots=True)
class Row:
    """One product; lists are written with spaces, a category with slashes, None is missing."""

    id: str
    title: str
    category: str
    brand: str
    shop: str
    price: int | None
    sales: int | None
    created: int | None
    stock: int | None
    labels: str
    services: str
    attributes: str
    description: str = ""


ROWS = (
    # id, title, category, brand, shop
    #     price, sales, created, stock, labels, services, attributes
    Row("p12", "红色 连衣裙", "女装/裙装/连衣裙", "花田", "花田店",
        19900, 300, 500, 9, "新品", "包邮 退换", "颜色=红 材质=棉"),
    Row("p03", "红色 连衣裙", "女装/裙装/连衣裙", "山风", "山风店",
        9900, None, 400, 0, "", "包邮", "颜色=红 材质=麻"),
    Row("p07", "蓝色 连衣裙", "女装/裙装/连衣裙", "花田", "花田店",
        29900, 120, None, 3, "热卖", "退换", "颜色=蓝 材质=棉"),
    Row("p01", "红色 半身裙", "女装/裙装/半身裙", "花田", "花田店",
        5000, 50, 100, None, "热卖 新品", "包邮", "颜色=红 颜色=白"),
    Row("p10", "红色 运动鞋", "鞋/运动鞋", "山风", "山风店",
        49900, 900, 200, 1, "", "", "颜色=红 尺码=42"),
    Row("p05", "保温杯 500ml", "厨具/水具/保温杯", "恒温", "恒温店",
        5999, 2000, 300, 20, "热卖", "包邮 退换", "材质=钢"),
    Row("p09", "红色 保温杯", "厨具/水具/保温杯", "恒温", "恒温店",
        9999, 700, None, 0, "", "退换", "材质=钢 颜色=红"),
    Row("p02", "龙井 绿茶", "食品/茶", "茶里", "茶里店",
        12800, None, 250, 4, "", "包邮", ""),
    Row("p11", "绿茶 绿茶 礼盒", "食品/茶", "茶里", "茶里店",
        25600, 80, 260, 2, "新品", "", ""),
    Row("p04", "纯棉 毛巾", "", "", "",
        None, None, None, None, "", "", ""),
    Row("p08", "连衣裙 收纳袋", "家居/收纳", "", "山风店",
        1990, 5, 150, 50, "热卖", "包邮", "颜色=白"),
    Row("p06", "红色 大码 加厚 连衣裙 秋冬 套装", "女装/裙装/连衣裙", "山风", "山风店",
        39900, 10, 350, 7, "", "包邮", "材质=棉", "绿茶"),
)  # fmt: skip
IDS = tuple(row.id for row in ROWS)
ANGLES = {row_id: 15.0 * place for place, row_id in enumerate(IDS)}
"""Degrees: p12 at 0°, p03 at 15°, … p06 at 165°."""


def direction(degrees: float) -> FloatArray:
    """The unit vector at an angle, shape (DIM,)."""
    vector = np.zeros(DIM, np.float32)
    vector[:2] = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return vector


VECTORS: FloatArray = np.stack([direction(ANGLES[row_id]) for row_id in IDS])


def document(row: Row) -> IndexedDocument:
    """A row as the rebuild would hand it to the writer."""
    parts = row.category.split("/") if row.category else []
    keywords = {
        "category": tuple("/".join(parts[: i + 1]) for i in range(len(parts))),
        "brand": tuple(row.brand.split()),
        "shop": tuple(row.shop.split()),
        "labels": tuple(row.labels.split()),
        "services": tuple(row.services.split()),
        "quality": ("90-95",) if row.services else ("60-80",),
        "attributes": tuple(row.attributes.split()),
        MARKS: (f"shop:{row.shop}",) if row.shop else (),
    }
    numbers = {"price": row.price, "sales_30d": row.sales, "created_at": row.created, "stock": row.stock}
    text = {"title": row.title, "brand": row.brand, "description": row.description}
    return IndexedDocument(
        Document(
            id=row.id,
            text={name: words for name, words in text.items() if words},
            keywords={name: values for name, values in keywords.items() if values},
            numbers={name: value for name, value in numbers.items() if value is not None},
            embedded_text=row.title,
            source=orjson.dumps({"id": row.id, "title": row.title}),
        ),
        {name: words.split() for name, words in text.items() if words},
        forward=b"\x00forward row of " + row.id.encode(),
    )


def build(
    backend: Backend, rows: Sequence[Row] = ROWS, *, encoder: str | None = ENCODER, publish: bool = True
) -> Manifest:
    """A finished generation of `rows`, in two batches, published unless said otherwise."""
    vectors = np.stack([direction(ANGLES.get(row.id, 0.0)) for row in rows]) if rows else np.empty((0, DIM), np.float32)
    with backend.create(analyzer=ANALYZER, encoder=encoder, dim=DIM if encoder else 0) as writer:
        for batch in (slice(0, 5), slice(5, None)):
            writer.collection(PRODUCT.kind).add(
                [document(row) for row in rows[batch]], vectors[batch] if encoder else None
            )
        manifest = writer.finish({"note": "the world"}, None)
    if publish:
        backend.publish(manifest.generation)
    return manifest


def asking(
    weights: Mapping[str, float] | str, *, need: int = 0, terms: Iterable[str] = (), **fields: float
) -> LexicalQuery:
    """A query for `weights` (or words of weight 1); a term is ``a|b c``: a, or b and c together."""
    given = dict.fromkeys(weights.split(), 1.0) if isinstance(weights, str) else dict(weights)
    alternatives = tuple(tuple(tuple(way.split()) for way in term.split("|")) for term in terms)
    return LexicalQuery(given, fields or {"title": 1.0}, alternatives, need)


def ids(candidates: Candidates) -> list[str]:
    """Ids of a candidate list, best first."""
    return [IDS[row] for row in candidates.rows.tolist()]


def rows_of(*row_ids: str) -> IntArray:
    """Row numbers of ids."""
    return np.array([IDS.index(row_id) for row_id in row_ids], np.int64)


def bm25(token: str, row: Row) -> float:
    """BM25 of one token in a title: k1 = 1.2, b = 0.75, idf = ln(1 + (N − n + ½) / (n + ½))."""
    titles = [r.title.split() for r in ROWS]
    words = row.title.split()
    n, tf = sum(token in title for title in titles), words.count(token)
    mean = sum(map(len, titles)) / len(titles)
    idf = math.log(1 + (len(ROWS) - n + 0.5) / (n + 0.5))
    return idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * len(words) / mean))


def facet(name: str, rows: IntArray) -> list[tuple[str, int]]:
    """Values of an exact field with their counts, counted by hand: most frequent first, then by value."""
    counts = Counter(v for row in rows.tolist() for v in document(ROWS[row]).document.keywords.get(name, ()))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def everything(reader: IndexReader) -> list[object]:
    """All that a reader of the world can be asked, as comparable values."""
    rows = np.arange(reader.rows)
    words, near = reader.lexical(asking("红色 连衣裙"), NO_FILTER, 12), reader.semantic(direction(40), NO_FILTER, 12)
    return [
        words.rows.tolist(), words.scores.tolist(), near.rows.tolist(), near.scores.tolist(),
        dict(reader.facets(PRODUCT.facets, rows)), reader.sources(rows), [reader.row_of(i) for i in IDS],
        [reader.sort_keys(sort, rows).tolist() for sort in SORTS], reader.by_id(rows).tolist(),
    ]  # fmt: skip
