"""A video as it is watched: what is said when, which products are shown meanwhile, and the moments of a product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.highlight import Highlighter
from retrieval.errors import NotFound
from retrieval.spoken.cards import Evidence
from retrieval.spoken.moment import Moment, decode_rows
from retrieval.spoken.said import Said
from retrieval.types import Filters, IntArray
from retrieval.videos.options import VideoOptions
from retrieval.videos.quote import evidence_of

_MOST = 1000
"""Moments of one product that are looked at."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A video that may be seen, without the parts that may not.

    Attributes:
        record: id, title, creator, kind, published_at, stats.
        segments: start, end, text and marks of each.
        moments: in their order.
        products: id, start, end, confidence, reasons, and the record of the product; in the order of their starts.
    """

    id: str
    record: Mapping[str, Any]
    segments: Sequence[Mapping[str, Any]]
    moments: tuple[Moment, ...]
    products: tuple[Mapping[str, Any], ...]
    generation: str


def watch(said: Said, id: str) -> Watched:
    """The video of an id.

    Raises:
        NotFound: there is none, or it may not be seen.
    """
    row = said.videos.row_of(id)
    if row is None:
        raise NotFound(f"there is no video {id}", field="id")
    record = orjson.loads(said.videos.sources(np.array([row]))[0])
    rows = [row for row in said.moments.rows_of(record["moments"]) if row is not None]
    moments = _open(said, np.array(rows, np.int64))
    ids = [link["id"] for link in record["products"]]
    at = dict(zip(ids, said.products.rows_of(ids), strict=True))
    there = {id: row for id, row in at.items() if row is not None}
    records = said.products.sources(np.array(list(there.values()), np.int64))
    shown = dict(zip(there, map(orjson.loads, records), strict=True))
    hidden = [link["segments"] for link in record["products"] if link["id"] not in there]
    segments = [
        segment for place, segment in enumerate(record["segments"]) if not any(a <= place <= b for a, b in hidden)
    ]
    products = [{**link, "record": shown[link["id"]]} for link in record["products"] if link["id"] in shown]
    about = {name: record[name] for name in ("id", "title", "creator", "kind", "published_at", "stats")}
    return Watched(id, about, segments, moments, tuple(products), said.videos.snapshot.generation)


def moments_of(said: Said, analyzer: Analyzer, product: str, size: int, options: VideoOptions) -> tuple[Evidence, ...]:
    """The moments that show a product, the surest first.

    Raises:
        NotFound: there is no such product.
    """
    row = said.products.row_of(product)
    if row is None:
        raise NotFound(f"there is no product {product}", field="id")
    rows = _showing(said, product, row)
    found = []
    for moment in _open(said, rows):
        confidence = next(shown.confidence for shown in moment.products if shown.id == product)
        if confidence >= options.surely:
            found.append((confidence, moment))
    found.sort(key=lambda each: (-each[0], each[1].id))
    mark = Highlighter(analyzer.query(""))
    return tuple(evidence_of(moment, mark, options.quote_chars, confidence) for confidence, moment in found[:size])


def _showing(said: Said, product: str, row: int) -> IntArray:
    """Moments that show a product: those nearest to it are asked in one question, where there are vectors."""
    among = Filters({"product": (product,)})
    if said.products.manifest.encoder is not None:
        vector = np.asarray(said.products.vectors(np.array([row]))[0], np.float32)
        return said.moments.semantic(vector, among, _MOST).rows
    return said.moments.passing(among, np.arange(said.moments.rows))[:_MOST]


def _open(said: Said, rows: IntArray) -> tuple[Moment, ...]:
    """Those that may be seen."""
    seen = rows[said.gate.open(decode_rows(said.moments.forward(rows)))]
    return tuple(Moment.of(orjson.loads(source)) for source in said.moments.sources(seen))
