"""Where a product is shown and talked about: of its moments, those that speak most to the query."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import orjson

from retrieval.analysis.analyzer import QueryText
from retrieval.analysis.highlight import Highlighter
from retrieval.spoken.cards import Evidence
from retrieval.spoken.moment import Moment, decode_rows
from retrieval.spoken.said import Said
from retrieval.types import Filters, FloatArray
from retrieval.videos.find import FoundMoments, find_moments
from retrieval.videos.options import VideoOptions
from retrieval.videos.quote import evidence_of

_EACH = 20
"""Moments that are looked at for each product: one that is shown everywhere leaves room for others."""


def evidence(
    said: Said, text: QueryText, vector: FloatArray | None, products: Sequence[str], options: VideoOptions
) -> dict[str, tuple[Evidence, ...]]:
    """Product → its best moments, none for those that nobody shows.

    Args:
        vector: of the query, shape (dim,); None where only words are compared.
    """
    if not (products and options.beside):
        return {}
    among = Filters({"product": tuple(products)})
    # Whatever is said about a product, the best of it is shown.
    every = replace(options.find, depth=_EACH * len(products), floor=0.0, near=-math.inf)
    found = find_moments(said.moments, text, vector, said.common, every, among)
    chosen = _chosen(said, found, set(products), options)
    rows = list(dict.fromkeys(row for shown in chosen.values() for row, _ in shown))
    records = dict(zip(rows, map(orjson.loads, said.moments.sources(np.array(rows, np.int64))), strict=True))
    mark = Highlighter(text)
    return {
        product: tuple(
            evidence_of(Moment.of(records[row]), mark, options.quote_chars, confidence) for row, confidence in shown
        )
        for product, shown in chosen.items()
    }


def _chosen(
    said: Said, found: FoundMoments, products: set[str], options: VideoOptions
) -> dict[str, list[tuple[int, float]]]:
    """Product → (row, confidence) of its best moments: the first, and of the others those that speak to the query."""
    moments = decode_rows(said.moments.forward(found.rows))
    chosen: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place in np.flatnonzero(said.gate.open(moments)).tolist():
        for shown in (each for each in moments[place].products if each.id in products):
            held = chosen[shown.id]
            wanted = not held or found.speaks(place, options.find.near)
            if wanted and shown.confidence >= options.surely and len(held) < options.beside:
                held.append((int(found.rows[place]), shown.confidence))
    return {product: shown for product, shown in chosen.items() if shown}
