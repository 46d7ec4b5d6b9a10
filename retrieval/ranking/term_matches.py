"""How well a document has each term that is asked: literally, in pieces, or by a word that stands for it.

A document without 铁锅 may still be an iron pot: 炒锅 is near it in the word space of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.texts import Texts, squeezed
from retrieval.ranking.wanted import Wanted
from retrieval.ranking.word_space import Indices, WordSpace
from retrieval.types import FloatArray, IntArray

PARTLY = 0.7
"""What a word counts all of whose pieces are in a document, but not side by side. Not so a foreign word or a
number: of pairs of letters any long title has enough to spell a name that nobody bears."""

_ONE_KIND = re.compile(r"[^\W\d_]+|\d+", re.ASCII)


def term_matches(wanted: Wanted, rows: ForwardRows, space: WordSpace) -> FloatArray:
    """How well each document has each term, shape (n, terms), in [0, 1].

    1 where it stands in the document; else the greater of `PARTLY` times the share of its pieces and its greatest
    cosine with a word of the document in the word space.
    """
    match = _literal(wanted, rows)
    _add_near(match, wanted, rows, space)
    return np.ascontiguousarray(match.T)


def weighted_mean(match: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean of each row of `match` (n, k) under `weights` (k,), which do not sum to 0: shape (n,).

    Not a BLAS product: on rows this short some kernels raise “invalid value” over padding they read, all being finite.
    """
    return np.asarray(np.einsum("nk,k->n", match, weights / weights.sum()), np.float32)


def _literal(wanted: Wanted, rows: ForwardRows) -> FloatArray:
    """Shape (terms, n): 1 for a term that stands in the document, `PARTLY` times the share of its pieces else."""
    match = np.zeros((len(wanted.terms), rows.texts.size), np.float32)
    for term, (ways, grams, amounts) in enumerate(zip(wanted.terms, wanted.grams, wanted.amounts, strict=True)):
        whole = np.zeros(rows.texts.size, np.bool_)
        for way in ways:
            whole |= _contain_all(rows.texts, way)
        if (run := squeezed(ways[0][0])) in wanted.runs:
            whole |= rows.texts.contain_squeezed(run)
        if len(grams) > 1 and not whole.all() and not _ONE_KIND.fullmatch(ways[0][0]):
            match[term] = PARTLY * sum(rows.texts.contain(gram).astype(np.int64) for gram in grams) / len(grams)
        match[term, whole] = 1.0
        for amount in amounts:
            match[term, rows.having(amount)] = 1.0
    return match


def _contain_all(texts: Texts, parts: Sequence[str]) -> npt.NDArray[np.bool_]:
    found = texts.contain(parts[0])
    for part in parts[1:]:
        found &= texts.contain(part)
    return found


def _add_near(match: FloatArray, wanted: Wanted, rows: ForwardRows, space: WordSpace) -> None:
    """Raises `match` (terms, n) to the greatest cosine of each term with the words of a document that lacks it."""
    lacking = (match < 1.0) & (wanted.term_words >= 0)[:, None]
    terms, documents = np.flatnonzero(lacking.any(axis=1)), lacking.any(axis=0)
    sizes = np.diff(rows.starts)
    counts = np.where(documents, sizes, 0)
    if not counts.any():
        return
    words = space.find(rows.words[np.repeat(documents, sizes)])
    distinct, places = _distinct(words, len(space.words))  # titles of one list share most of their words
    cosines = space.cosines(distinct, wanted.term_words[terms])
    filled = np.flatnonzero(counts)
    best = np.maximum.reduceat(cosines.take(places, axis=0), (np.cumsum(counts) - counts)[filled], axis=0)
    for term, cosine in zip(terms, best.T, strict=True):
        match[term, filled] = np.maximum(match[term, filled], np.minimum(cosine, 1.0))


def _distinct(indices: Indices, size: int) -> tuple[IntArray, IntArray]:
    """The distinct ones of `indices` in [-1, size), and where each index stands among them; faster than sorting."""
    seen = np.zeros(size + 1, np.bool_)
    seen[indices] = True  # -1 is the last
    distinct = np.flatnonzero(seen)
    places = np.empty(size + 1, np.int64)
    places[distinct] = np.arange(len(distinct))
    return np.where(distinct < size, distinct, -1), places[indices]
