"""The features of a (query, document) pair: few, named, in a documented range, higher always better.

Those of `Evidence.TEXT` and `cosine` say how well a document answers, whatever else is in the list; a calibrated
probability can stand on them (`retrieval.ranking.relevance`). The others compare it with the rest of the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.fusion.fusers import ChannelScores
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.wanted import Wanted
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray, IntArray

PARTLY = 0.7
"""What a word counts all of whose pieces are in a document, but not side by side."""
TITLE_CHARS, TITLE_SPAN = 30, 60
"""Marketplaces that bound their titles allow 30 Han characters; what goes on much longer is a heap of options."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """One query with n documents.

    Attributes:
        channels: channel → raw scores of the documents and their scale for this query.
    """

    wanted: Wanted
    rows: ForwardRows
    space: WordSpace
    channels: Mapping[str, ChannelScores]

    @property
    def size(self) -> int:
        return len(self.rows.texts)


@dataclass(frozen=True, slots=True)
class Feature:
    """What is measured: a name, the range of its values, what it says, and the function, which gives shape (n,)."""

    name: str
    low: float
    high: float
    about: str
    measure: Callable[[Pairs], FloatArray]


def matrix(pairs: Pairs, names: tuple[str, ...]) -> FloatArray:
    """Values of the features called `names`, shape (n, features).

    Raises:
        KeyError: there is no feature of that name.
    """
    columns = [FEATURES[name].measure(pairs) for name in names]
    return np.stack(columns, axis=1).astype(np.float32) if columns else np.zeros((pairs.size, 0), np.float32)


def _words(pairs: Pairs) -> FloatArray:
    """Sum of weight · match over the terms / sum of the weights.

    The match of a term is 1 where it stands in the document; else the greater of `PARTLY` times the share of its pieces
    and its greatest cosine with a word of the document in the word space.
    """
    weights = pairs.wanted.term_weights
    if not len(weights):
        return np.zeros(pairs.size, np.float32)
    match = np.maximum(_standing(pairs), _near(pairs))
    return np.asarray(match @ (weights / weights.sum()), np.float32)


def _standing(pairs: Pairs) -> FloatArray:
    """Shape (n, terms): 1 for a term that stands in the document, `PARTLY` times the share of its pieces else."""
    wanted, documents = pairs.wanted, pairs.rows.texts
    match = np.zeros((len(wanted.terms), pairs.size), np.float32)
    for term, (ways, grams) in enumerate(zip(wanted.terms, wanted.grams, strict=True)):
        whole = np.zeros(pairs.size, bool)
        for way in ways:
            whole |= np.array([all([text in document for text in way]) for document in documents])
        match[term] = whole
        if len(grams) > 1:
            for i in np.flatnonzero(~whole):
                match[term, i] = PARTLY * sum([gram in documents[i] for gram in grams]) / len(grams)
    for term, amounts in enumerate(wanted.amounts):
        for amount in amounts:
            match[term, _documents_with(pairs.rows, amount)] = 1.0
    return match.T


def _near(pairs: Pairs) -> FloatArray:
    """Shape (n, terms): greatest cosine of a term with the words of the document, 0 where one of them is unknown."""
    wanted, rows = pairs.wanted, pairs.rows
    near = np.zeros((pairs.size, len(wanted.terms)), np.float32)
    filled = np.flatnonzero(np.diff(rows.starts))
    if len(filled) and len(wanted.terms):
        cosines = pairs.space.cosines(wanted.term_words, pairs.space.find(rows.words))
        near[filled] = np.maximum.reduceat(cosines, rows.starts[filled], axis=1).T
    return np.clip(near, 0.0, 1.0)


def _characters(pairs: Pairs) -> FloatArray:
    weights, characters = pairs.wanted.character_weights, pairs.wanted.characters
    if not characters:
        return np.zeros(pairs.size, np.float32)
    has = np.array([[c in text for c in characters] for text in pairs.rows.texts], np.float32)
    return np.asarray(has @ (weights / weights.sum()), np.float32)


def _codes(pairs: Pairs) -> FloatArray:
    codes, weights = pairs.wanted.codes, pairs.wanted.code_weights
    found = np.zeros(pairs.size, np.float32)
    for code, share in zip(codes, weights / max(weights.sum(), 1e-9), strict=True):
        found[_documents_with(pairs.rows, int(code))] += share
    return np.minimum(found, 1.0)


def _documents_with(rows: ForwardRows, word: int) -> IntArray:
    """Documents that have the word with this hash; each once, since a row lists a word once."""
    return np.searchsorted(rows.starts, np.flatnonzero(rows.words == word), side="right") - 1


def _length(pairs: Pairs) -> FloatArray:
    away = np.abs(pairs.rows.lengths - TITLE_CHARS) / TITLE_SPAN
    return np.asarray(-np.minimum(away, 1.0), np.float32)


def _lexical(pairs: Pairs) -> FloatArray:
    return np.clip(_scaled(pairs, "lexical"), 0.0, 1.0)


def _meaning(pairs: Pairs) -> FloatArray:
    return np.clip(_scaled(pairs, "semantic"), -5.0, 15.0)


def _cosine(pairs: Pairs) -> FloatArray:
    channel = pairs.channels.get("semantic")
    return channel.values if channel else np.zeros(pairs.size, np.float32)


def _scaled(pairs: Pairs, name: str) -> FloatArray:
    channel = pairs.channels.get(name)
    if channel is None:
        return np.zeros(pairs.size, np.float32)
    centre, unit = channel.scale
    return np.asarray((channel.values - centre) / max(unit, 1e-9), np.float32)


FEATURES: Mapping[str, Feature] = {
    feature.name: feature
    for feature in (
        Feature("words", 0, 1, "the words of the query, or words that stand for them, by weight", _words),
        Feature("characters", 0, 1, "its Han characters, by rarity; 0 where it has none", _characters),
        Feature("codes", 0, 1, "its models, foreign words and amounts, by rarity; 0 where it has none", _codes),
        Feature("cosine", -1, 1, "cosine of the vectors; 0 without an encoder", _cosine),
        Feature("length", -1, 0, "how far the title is from the usual length, negative", _length),
        Feature("lexical", 0, 1, "BM25 over all fields, divided by the best of the catalogue", _lexical),
        Feature("meaning", -5, 15, "cosine in standard deviations over that of a sample of the catalogue", _meaning),
    )
}
