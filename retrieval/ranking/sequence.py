"""Sequence: do the words stand together, and in the order in which they were asked?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.ranking.forward import ForwardRows
from retrieval.types import FloatArray


def phrase(query: str, rows: ForwardRows) -> FloatArray:
    """Shape (n,), in [0, 1]: length of the longest run of the query in the document ÷ length of the query."""
    return np.array([_longest(query, text) / max(len(query), 1) for text in rows.texts], np.float32)


def in_order(wanted_terms: tuple[str, ...], rows: ForwardRows) -> FloatArray:
    """Shape (n,), in [0, 1]: share of neighbouring terms of which the second follows the first in the document.

    1 for a query of less than two terms, which has no order.
    """
    pairs = list(pairwise(wanted_terms))
    if not pairs:
        return np.ones(len(rows.texts), np.float32)
    follow = [sum(0 <= text.find(first) < text.rfind(second) for first, second in pairs) for text in rows.texts]
    return np.asarray(np.array(follow) / len(pairs), np.float32)


def bigrams(query: str, rows: ForwardRows) -> FloatArray:
    """Shape (n,), in [0, 1]: share of the query's distinct pairs of neighbouring characters that the document has.

    1 for a query of one character.
    """
    pairs = {query[i : i + 2] for i in range(len(query) - 1)}
    pairs = {pair for pair in pairs if not any(map(str.isspace, pair))}
    if not pairs:
        return np.ones(len(rows.texts), np.float32)
    return np.array([sum(pair in text for pair in pairs) / len(pairs) for text in rows.texts], np.float32)


def terms_of(text: QueryText) -> tuple[str, ...]:
    """The texts of the required terms, in their order."""
    return tuple(term.text for term in text.required)


def _longest(query: str, text: str) -> int:
    best = 0
    for start in range(len(query)):
        while start + best < len(query) and query[start : start + best + 1] in text:
            best += 1
    return best
