"""A product record → the document that the indexes need."""

from __future__ import annotations

from decimal import Decimal

import orjson

from indexer.sources.records import Product
from retrieval.ranking.quality import quality_band
from retrieval.schema import MARKS, PRODUCT
from retrieval.takedowns.marks import marks_of
from retrieval.types import Document


def product_document(product: Product) -> Document:
    """Text to search, exact values to filter, numbers to sort by, and the record itself as it came.

    The encoder reads the title, since that is what was measured: brand and category stand in real titles already.
    """
    category, source = product.category, product.source()
    text = {
        "title": product.title,
        "brand": product.brand or "",
        "category": " ".join(category),
        "attributes": " ".join(f"{name} {' '.join(values)}" for name, values in product.attributes.items()),
        "description": product.description or "",
    }
    keywords = {
        "category": tuple("/".join(category[: depth + 1]) for depth in range(len(category))),
        "brand": (product.brand,) if product.brand else (),
        "shop": (product.shop.name,) if product.shop and product.shop.name else (),
        "labels": product.labels,
        "services": product.services,
        "quality": (band,) if (band := quality_band(source)) else (),
        "attributes": tuple(f"{name}={value}" for name, values in product.attributes.items() for value in values),
        MARKS: marks_of(PRODUCT.kind, source),
    }
    return Document(
        id=product.id,
        text={field: words for field, words in text.items() if words},
        keywords={name: values for name, values in keywords.items() if values},
        numbers={name: value for name, value in numbers_of(product).items() if value is not None},
        embedded_text=product.title,
        source=orjson.dumps(source),
    )


def numbers_of(product: Product) -> dict[str, int | None]:
    """Column → its value; None: not given."""
    return {
        "price": _fen(product.price),
        "sales_30d": product.sales_30d,
        "created_at": int(product.created_at.timestamp()) if product.created_at else None,
        "stock": product.stock,
    }


def _fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else int(yuan * 100)
