"""Orders: by score or by a column, equal ones by id, so that the same input always gives the same list."""

from __future__ import annotations

import numpy as np

from retrieval.best_first import best_first
from retrieval.protocols import IndexReader
from retrieval.types import FloatArray, IntArray, Sort


def order(reader: IndexReader, sort: Sort, rows: IntArray, scores: FloatArray) -> IntArray:
    """Indices into `rows`, best first; equal scores, and equal values of a column, by id.

    So the place where a backend cuts a long list (`IndexReader.lexical`) is the one where this order goes on.
    """
    ids = reader.by_id(rows)
    if sort is Sort.RELEVANCE:
        return best_first(scores, ids)
    # MISSING is the least int64 and -MISSING overflows to itself, so it is put last as a key of its own.
    keys = reader.sort_keys(sort, rows)
    missing = keys == np.iinfo(np.int64).min
    return np.lexsort((ids, -np.where(missing, 0, keys), missing))
