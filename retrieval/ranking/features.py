"""The features of a (query, document) pair: few, named, in a documented range, higher always better.

All but ``lexical`` and ``meaning`` depend on the pair alone, so a probability of relevance can stand on them
(`retrieval.ranking.relevance`); those two compare a document with the rest of the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.ranking import agreement, offers, sequence
from retrieval.ranking.coverage import covered, matched, weighted
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import Setting
from retrieval.ranking.wanted import Wanted, wanted
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray, IntArray
from retrieval.understanding.plan import Kind

OFFER = frozenset({"category", "popularity", "quality", "freshness", "price"})
"""Features of which judgments of words teach nothing; a click log does."""
TITLE_CHARS, TITLE_SPAN = 30, 60
"""Marketplaces that bound their titles allow 30 Han characters; what goes on much longer is a heap of options."""


USUAL_USAGE, USUAL_LIKELIHOOD = 1.0, -8.0
"""`retrieval.understanding.plan.Language`: 83 and 97 of 100 real queries have more."""


class Channel(Protocol):
    """What a recall channel says of n documents (`retrieval.fusion.fusers.ChannelScores`)."""

    @property
    def values(self) -> FloatArray:
        """Raw scores, shape (n,)."""

    @property
    def ranks(self) -> IntArray:
        """Ranks in the channel's own list, 1 = best, 0 where it did not recall the document; shape (n,)."""

    @property
    def scale(self) -> tuple[float, float]:
        """(centre, unit) of the channel for this query."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """One query with n documents. All arrays have shape (n,).

    Attributes:
        match: how well each document has each term, shape (n, terms).
        words: value of the feature of that name; others fall back on it.
        lexical, meaning: scores of the channels, less their centre, in their units; zeros without the channel.
        cosine: of the vectors; zeros without an encoder.
    """

    text: QueryText
    setting: Setting
    wanted: Wanted
    rows: ForwardRows
    match: FloatArray
    words: FloatArray
    lexical: FloatArray
    meaning: FloatArray
    cosine: FloatArray

    @classmethod
    def of(
        cls, text: QueryText, setting: Setting, rows: ForwardRows, space: WordSpace, channels: Mapping[str, Channel]
    ) -> Pairs:
        """The pairs of a query and documents; the arrays of `channels` are in the order of `rows`."""
        none = np.zeros(len(rows.texts), np.float32)
        lexical, semantic = channels.get("lexical"), channels.get("semantic")
        asked = wanted(text, setting.costs, space, setting.kinds)
        match = matched(asked, rows, space)
        return cls(
            text, setting, asked, rows, match, covered(asked, match),
            lexical=_scaled(lexical) if lexical else none,
            meaning=_scaled(semantic) if semantic else none,
            cosine=semantic.values if semantic else none,
        )  # fmt: skip

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


def measure(pairs: Pairs, names: Iterable[str]) -> dict[str, FloatArray]:
    """Feature → values (n,), of the features called `names`.

    Raises:
        KeyError: there is no feature of that name.
    """
    return {name: np.asarray(FEATURES[name].measure(pairs), np.float32) for name in names}


def _characters(pairs: Pairs) -> FloatArray:
    weights, characters = pairs.wanted.character_weights, pairs.wanted.characters
    if not characters:
        return pairs.words
    return weighted(pairs.rows.writing(characters).astype(np.float32), weights)


def _codes(pairs: Pairs) -> FloatArray:
    codes, weights = pairs.wanted.codes, pairs.wanted.code_weights
    if not len(codes):
        return pairs.words
    has = np.zeros((pairs.size, len(codes)), np.float32)
    for place, code in enumerate(codes):
        has[pairs.rows.having(int(code)), place] = 1.0
    for run, places in pairs.wanted.runs.items():
        has[np.ix_(pairs.rows.containing(run), np.array(places))] = 1.0
    return weighted(has, weights)


def _agreement(kinds: frozenset[Kind], pairs: Pairs) -> FloatArray:
    return agreement.agreement(kinds, pairs.wanted, pairs.match, pairs.words)


def _title(pairs: Pairs) -> FloatArray:
    terms, weights = sequence.terms_of(pairs.text), pairs.wanted.term_weights
    if not terms:
        return pairs.words
    titles = [text.split("\n", 1)[0] for text in pairs.rows.texts]
    return weighted(np.array([[term in title for term in terms] for title in titles], np.float32), weights)


def _of_query(pairs: Pairs, value: float | None, usual: float) -> FloatArray:
    """By how much it falls short of what is usual; the same for all documents, and 0 where nothing is known."""
    return np.full(pairs.size, 0.0 if value is None else min(0.0, value - usual), np.float32)


def _length(pairs: Pairs) -> FloatArray:
    away = np.abs(pairs.rows.lengths - TITLE_CHARS) / TITLE_SPAN
    return np.asarray(-np.minimum(away, 1.0), np.float32)


def _scaled(channel: Channel) -> FloatArray:
    centre, unit = channel.scale
    return np.asarray((channel.values - centre) / max(unit, 1e-9), np.float32)


FEATURES: Mapping[str, Feature] = {
    feature.name: feature
    for feature in (
        Feature(
            "words", 0, 1, "the words of the query, or words that stand for them, by weight", lambda pairs: pairs.words
        ),
        Feature("characters", 0, 1, "its Han characters, by rarity; as `words` where it has none", _characters),
        Feature("codes", 0, 1, "its models, foreign words, amounts, by rarity; as `words` where it has none", _codes),
        Feature("cosine", -1, 1, "cosine of the vectors; 0 without an encoder", lambda pairs: pairs.cosine),
        Feature("title", 0, 1, "the words that stand in the title itself, by weight", _title),
        Feature(
            "head",
            0,
            1,
            "the thing itself (中心词); as `words` where none is named",
            partial(_agreement, agreement.HEAD),
        ),
        Feature("brand", 0, 1, "brand or shop; as `words` where none is named", partial(_agreement, agreement.BRAND)),
        Feature("model", 0, 1, "model; as `words` where none is named", partial(_agreement, agreement.MODEL)),
        Feature(
            "attributes",
            0,
            1,
            "colour, material, style, function, scene, season; as `words` where none is named",
            partial(_agreement, agreement.ATTRIBUTES),
        ),
        Feature(
            "units",
            0,
            1,
            "size, specification, capacity; as `words` where none is named",
            partial(_agreement, agreement.UNITS),
        ),
        Feature(
            "audience", 0, 1, "whom it is for; as `words` where none is named", partial(_agreement, agreement.AUDIENCE)
        ),
        Feature(
            "kin",
            0,
            1,
            "the character that says what sort of thing is named",
            lambda pairs: agreement.kin(pairs.wanted, pairs.rows),
        ),
        Feature(
            "modesty",
            -1,
            0,
            "how much is asked, negative; the same for all documents",
            lambda pairs: np.full(pairs.size, agreement.modesty(pairs.wanted), np.float32),
        ),
        Feature(
            "category",
            -1,
            1,
            "in a category that the query is surely about; 0 where either is not known",
            lambda pairs: agreement.category_agreement(pairs.rows, pairs.setting),
        ),
        Feature(
            "phrase",
            0,
            1,
            "longest run of the query, by its length",
            lambda pairs: sequence.phrase(pairs.text.normalized, pairs.rows),
        ),
        Feature(
            "order",
            0,
            1,
            "neighbouring terms that follow each other",
            lambda pairs: sequence.in_order(sequence.terms_of(pairs.text), pairs.rows),
        ),
        Feature(
            "bigrams",
            0,
            1,
            "pairs of neighbouring characters",
            lambda pairs: sequence.bigrams(pairs.text.normalized, pairs.rows),
        ),
        Feature("popularity", 0, 1, "pieces sold in 30 days, logarithmic", lambda pairs: offers.popularity(pairs.rows)),
        Feature(
            "quality", 0, 1, "rating, drawn to the usual one while few have spoken", lambda pairs: pairs.rows.quality
        ),
        Feature("freshness", 0, 1, "listed lately", lambda pairs: offers.freshness(pairs.rows, pairs.setting.now)),
        Feature(
            "price",
            0,
            1,
            "inside the price that was said in words, or near it",
            lambda pairs: offers.price_fit(pairs.rows, pairs.setting.price),
        ),
        Feature(
            "usage",
            -7,
            0,
            "the query uses words as shoppers do; negative where people use them more",
            lambda pairs: _of_query(pairs, pairs.setting.language.usage, USUAL_USAGE),
        ),
        Feature(
            "likelihood",
            -12,
            0,
            "the query is text that somebody would write; negative for characters drawn by chance",
            lambda pairs: _of_query(pairs, pairs.setting.language.likelihood, USUAL_LIKELIHOOD),
        ),
        Feature("length", -1, 0, "how far the title is from the usual length, negative", _length),
        Feature(
            "lexical",
            0,
            1,
            "BM25 over all fields, divided by the best of the catalogue",
            lambda pairs: np.clip(pairs.lexical, 0, 1),
        ),
        Feature(
            "meaning",
            -5,
            15,
            "cosine in standard deviations over that of a sample of the catalogue",
            lambda pairs: np.clip(pairs.meaning, -5, 15),
        ),
    )
}
