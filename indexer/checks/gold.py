"""Products are found by their own titles: the analyzer, the index and the reader still understand each other."""

from __future__ import annotations

import numpy as np
import orjson

from indexer.checks.context import CheckContext, reaches
from retrieval.schema import PRODUCT
from retrieval.types import Filters, FloatArray, LexicalQuery

_TOP = 100
"""Shops list one thing many times over: a few dozen copies may rightly stand before the one that is looked for."""
_TITLE_CHARS = 40
"""As much of a title as a shopper would paste into the search box."""
_ROUNDING = 1e-5
"""Relative: the same terms summed in another order may differ in the last bits of a float32."""


def gold(context: CheckContext) -> list[str]:
    """Of evenly spaced products, enough stand in the first hundred when the start of their title is asked for."""
    reader = context.reader
    rows = np.unique(np.linspace(0, reader.rows - 1, min(reader.rows, context.bounds.gold_samples)).astype(np.int64))
    missed, asked = [], 0
    for row, source in zip(rows.tolist(), reader.sources(rows), strict=True):
        product = orjson.loads(source)
        text = context.analyzer.query(product["title"][:_TITLE_CHARS])
        if not text.terms:
            continue
        asked += 1
        query = LexicalQuery(text.weights, dict.fromkeys(PRODUCT.text, 1.0), (), 0)
        found = reader.lexical(query, Filters(), _TOP)
        if row not in found.rows and not _tied(reader.lexical_scores(query, np.array([row]))[0], found.scores):
            missed.append(product["id"])
    if reaches(asked - len(missed), context.bounds.gold_share, asked):
        return []
    return [f"{len(missed)} of {asked} products are not found by their own titles, e.g. {', '.join(missed[:5])}"]


def _tied(score: float, scores: FloatArray) -> bool:
    """Whether a product that fell behind the cut scores as much as the last before it: copies of one title do."""
    return len(scores) == _TOP and score >= scores[-1] * (1 - _ROUNDING)
