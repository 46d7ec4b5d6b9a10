"""Where a product is shown and talked about: of its moments, those that speak most to the query."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import orjson

from retrieval.analysis.analyzer import QueryText
from retrieval.analysis.highlight import Highlighter
from retrieval.answer import Fragment
from retrieval.spoken.cards import Evidence
from retrieval.spoken.moment import Moment, decode_rows
from retrieval.spoken.said import Said
from retrieval.types import Filters, FloatArray
from retrieval.videos.find import FoundMoments, find_moments
from retrieval.videos.options import VideoOptions
from retrieval.videos.quote import SPARE, evidence_of, once

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
    chosen = _chosen(said, found, text, set(products), options)
    rows = list(dict.fromkeys(row for shown in chosen.values() for row, _ in shown))
    records = dict(zip(rows, map(orjson.loads, said.moments.sources(np.array(rows, np.int64))), strict=True))
    mark = Highlighter(text)
    return {
        product: _shown([(Moment.of(records[row]), confidence) for row, confidence in shown], mark, options)
        for product, shown in chosen.items()
    }


def _shown(
    moments: Sequence[tuple[Moment, float]], mark: Callable[[str], tuple[Fragment, ...]], options: VideoOptions
) -> tuple[Evidence, ...]:
    quotes = {moment.id: evidence_of(moment, mark, options.quote_chars, sure) for moment, sure in moments}
    return tuple(quotes[id] for id in once(quotes, options.beside))


def _chosen(
    said: Said, found: FoundMoments, text: QueryText, products: set[str], options: VideoOptions
) -> dict[str, list[tuple[int, float]]]:
    """Product → (row, confidence) of its best moments, and some to spare.

    The first is the best there is; the others are those that speak to the query.
    """
    moments = decode_rows(said.moments.forward(found.rows))
    speaks = found.saying(moments, text) | (found.meaning >= options.find.near)
    chosen: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place in np.flatnonzero(said.gate.open(moments)).tolist():
        for shown in (each for each in moments[place].products if each.id in products):
            held = chosen[shown.id]
            wanted = not held or speaks[place]
            if wanted and shown.confidence >= options.surely and len(held) < SPARE * options.beside:
                held.append((int(found.rows[place]), shown.confidence))
    return {product: shown for product, shown in chosen.items() if shown}
