"""The nouns as the rows that are written out: the feed a mall would send, with the gaps real feeds have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from demo.nouns import Product, Shopper, Video
from demo.randomness import stream

Row = dict[str, Any]

LOST = {"description": 0.12, "attributes": 0.02, "list_price": 0.05, "images": 0.03, "complaint_rate": 0.25}
"""Share of SPUs whose feed leaves the field away."""
LOST_ATTRIBUTE = 0.08


def product_row(product: Product, *, seed: int) -> Row:
    """A product as a JSON-ready row. A value that is unknown or lost is null or left out, never invented."""
    spu = product.spu
    rng = stream(seed, "feed", spu.id)
    lost = {field for field, share in LOST.items() if rng.random() < share}
    attributes = {name: value for name, value in _attributes(product).items() if rng.random() >= LOST_ATTRIBUTE}
    row: Row = {
        "id": product.id,
        "title": product.title,
        "description": spu.description,
        "brand": spu.brand,
        "category": spu.path,
        "attributes": attributes,
        "price": product.price,
        "list_price": product.list_price,
        "stock": product.stock,
        "shop": {"id": spu.shop.id, "name": spu.shop.name, "kind": spu.shop.kind, "score": spu.shop.score},
        "sales_30d": product.sales_30d,
        "rating": product.rating,
        "reviews": product.reviews,
        "return_rate": product.return_rate,
        "complaint_rate": product.complaint_rate,
        "services": list(product.services),
        "labels": list(product.labels),
        "spu_id": spu.id,
        "images": list(product.images),
        "created_at": spu.created_at.isoformat(),
        "status": product.status,
    }
    leave_out = rng.random() < 0.5
    return {
        field: None if field in lost else value for field, value in row.items() if not (field in lost and leave_out)
    }


def _attributes(product: Product) -> dict[str, str | list[str]]:
    kind = product.spu.kind
    attributes: dict[str, str | list[str]] = {**product.spu.facts, **product.variant}
    if product.spu.brand:
        attributes["品牌"] = product.spu.brand
    if kind.season:
        attributes["适用季节"] = kind.season
    for name, words in (("适用人群", product.spu.who), ("适用场景", kind.use)):
        if words:
            attributes[name] = words[0] if len(words) == 1 else list(words)
    return attributes


def video_row(video: Video, products: Sequence[Row]) -> Row:
    """A video or livestream as a JSON-ready row; times in seconds, products as its feed names them (`demo.told`)."""
    row: Row = {
        "id": video.id,
        "title": video.title,
        "creator": {"id": video.creator.id, "name": video.creator.name},
        "kind": video.kind,
        "segments": [{"start": s.start, "end": s.end, "text": s.text} for s in video.segments],
        "products": list(products),
        "published_at": video.published_at.isoformat(),
        "stats": dict(video.stats),
        "status": video.status,
    }
    return {field: value for field, value in row.items() if value or field != "products"}


def shopper_row(shopper: Shopper) -> Row:
    """A shopper as a JSON-ready row; ``interests`` maps category paths to weights, the rest is what is liked."""
    return {
        "id": shopper.id,
        "interests": dict(shopper.interests),
        "price_level": shopper.price_level,
        "audience": list(shopper.hints),
        "brands": sorted(shopper.brands),
        "looks": sorted(shopper.looks),
    }
