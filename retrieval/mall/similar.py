"""Things like a thing, and things that shoppers looked at or bought with it.

By vectors where the generation has them, else by the words of its title. Offers of the same product, and copies of its
title, are not other things. What the crowd knows nothing of falls back to what is similar, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from retrieval.analysis.analyzer import Analyzer
from retrieval.errors import NotFound
from retrieval.mall.answer import By, Found, Shown, Source
from retrieval.mall.place import Neighbours, Place
from retrieval.protocols import IndexReader
from retrieval.ranking.collapse import ALONE, first_of_each
from retrieval.types import Filters, FloatArray, IntArray, LexicalQuery

POLICY = "similar-1"
_IN_STOCK = Filters(in_stock=True)
_SPARE = 3
"""So many times as many are asked for as are shown: some are the same thing again."""


class Similar:
    """Thread-safe. `fields`: searched field → weight of its BM25 score."""

    def __init__(self, fields: Mapping[str, float]) -> None:
        self._fields = dict(fields)

    def like(self, reader: IndexReader, place: Place, analyzer: Analyzer, id: str, size: int) -> Found:
        """The most similar things. Raises NotFound."""
        return self._like(reader, place, analyzer, _row(reader, id), size)

    def also(self, reader: IndexReader, place: Place, analyzer: Analyzer, id: str, size: int) -> tuple[Found, Found]:
        """What was looked at, and bought, together with it. Raises NotFound."""
        row = _row(reader, id)
        known = [
            self._together(reader, place, near, row, source, size)
            for near, source in ((place.viewed, Source.VIEWED), (place.bought, Source.BOUGHT))
        ]
        if any(not found.hits for found in known):
            instead = self._like(reader, place, analyzer, row, size)
            known = [found if found.hits else instead for found in known]
        return known[0], known[1]

    def _together(
        self, reader: IndexReader, place: Place, near: Neighbours, row: int, source: Source, size: int
    ) -> Found:  # fmt: skip
        rows, scores = near.of(row)
        passing = np.isin(rows, reader.passing(_IN_STOCK, rows))
        return _found(reader, place, row, rows[passing], scores[passing], source, By.EVENTS, size)

    def _like(self, reader: IndexReader, place: Place, analyzer: Analyzer, row: int, size: int) -> Found:
        depth = 1 + _SPARE * size
        if reader.manifest.encoder is not None:
            vector = np.asarray(reader.vectors(np.array([row]))[0], np.float32)
            near = reader.semantic(vector, _IN_STOCK, depth)
            found = _found(reader, place, row, near.rows, near.scores, Source.SIMILAR, By.MEANING, size)
            if found.hits:
                return found
        record = orjson.loads(reader.sources(np.array([row]))[0])
        words = reader.lexical(LexicalQuery(_tokens(record, analyzer), self._fields, (), 0), _IN_STOCK, depth)
        best = float(words.scores[0]) if len(words.scores) else 1.0
        return _found(reader, place, row, words.rows, words.scores / best, Source.SIMILAR, By.WORDS, size)


def _row(reader: IndexReader, id: str) -> int:
    row = reader.row_of(id)
    if row is None:
        raise NotFound(f"there is no product {id}", field="id")
    return row


def _tokens(record: Mapping[str, Any], analyzer: Analyzer) -> dict[str, float]:
    category = record.get("category") or ()
    leaf = category[-1] if isinstance(category, list) and category else ""
    weights = analyzer.query(f"{record.get('title') or ''} {leaf}").weights
    return {token: weight for token, weight in weights.items() if len(token) > 1} or dict(weights)


def _found(
    reader: IndexReader, place: Place, row: int, rows: IntArray, scores: FloatArray, source: Source, by: By, size: int
) -> Found:
    groups = place.shelf.columns.groups
    own = groups[row]
    others = (rows != row) & ((groups[rows] != own) | (own == ALONE))
    rows, scores = rows[others], scores[others]
    kept = first_of_each(groups[rows])[:size]
    records = [orjson.loads(source) for source in reader.sources(rows[kept])]
    return Found(
        tuple(
            Shown(record["id"], rank, float(score), record, source, None, POLICY, 1.0)
            for rank, (record, score) in enumerate(zip(records, scores[kept].tolist(), strict=True), 1)
        ),
        by,
    )
