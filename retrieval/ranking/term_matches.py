"""How well a document has each term that is asked: literally, in pieces, or by a word that stands for it.

A document without 铁锅 may still be an iron pot: 炒锅 is near it in the word space of the catalogue.
"""

from __future__ import annotations

import re

import numpy as np

from retrieval.ranking.forward import ForwardRows, squeezed
from retrieval.ranking.wanted import Wanted
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray

PARTLY = 0.7
"""What a word counts all of whose pieces are in a document, but not side by side. Not so a foreign word or a
number: of pairs of letters any long title has enough to spell a name that nobody bears."""

_ONE_KIND = re.compile(r"[^\W\d_]+|\d+", re.ASCII)


def term_matches(wanted: Wanted, rows: ForwardRows, space: WordSpace) -> FloatArray:
    """How well each document has each term, shape (n, terms), in [0, 1].

    1 where it stands in the document; else the greater of `PARTLY` times the share of its pieces and its greatest
    cosine with a word of the document in the word space.
    """
    return np.maximum(standing(wanted, rows), near(wanted, rows, space))


def weighted_mean(match: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean of each row of `match` (n, k) under `weights` (k,), which do not sum to 0: shape (n,).

    Not a BLAS product: on rows this short some kernels raise “invalid value” over padding they read, all being finite.
    """
    return np.asarray(np.einsum("nk,k->n", match, weights / weights.sum()), np.float32)


def standing(wanted: Wanted, rows: ForwardRows) -> FloatArray:
    """Shape (n, terms): 1 for a term that stands in the document, `PARTLY` times the share of its pieces else."""
    documents = rows.texts
    match = np.zeros((len(wanted.terms), len(rows.texts)), np.float32)
    for term, (ways, grams) in enumerate(zip(wanted.terms, wanted.grams, strict=True)):
        whole = np.zeros(len(rows.texts), bool)
        for text in (text for way in ways for text in way if len(way) == 1):
            whole |= np.array([text in document for document in documents], bool)
        for way in (way for way in ways if len(way) > 1):
            whole |= np.array([all(text in document for text in way) for document in documents], bool)
        if squeezed(ways[0][0]) in wanted.runs:
            whole[rows.containing(squeezed(ways[0][0]))] = True
        match[term] = whole
        if len(grams) > 1 and not _ONE_KIND.fullmatch(ways[0][0]):
            for i in np.flatnonzero(~whole):
                match[term, i] = PARTLY * sum([gram in documents[i] for gram in grams]) / len(grams)
    for term, amounts in enumerate(wanted.amounts):
        for amount in amounts:
            match[term, rows.having(amount)] = 1.0
    return match.T


def near(wanted: Wanted, rows: ForwardRows, space: WordSpace) -> FloatArray:
    """Shape (n, terms): greatest cosine of a term with the words of the document, 0 where one of them is unknown."""
    best = np.zeros((len(rows.texts), len(wanted.terms)), np.float32)
    filled = np.flatnonzero(np.diff(rows.starts))
    if len(filled) and len(wanted.terms):
        distinct, places = np.unique(rows.words, return_inverse=True)  # titles of one list share most of their words
        cosines = space.cosines(wanted.term_words, space.find(distinct))
        best[filled] = np.maximum.reduceat(cosines[:, places], rows.starts[filled], axis=1).T
    return np.clip(best, 0.0, 1.0)
