"""The ranking stage: the first candidates of the fused list are looked at closely, ordered, and, where need be, denied.

    features → scores → relevance → floor → order → collapse → spread

What was not looked at stays behind, in its order. The floor is the honest emptiness: a list in which not even the best
document can be an answer is no list, and a document that only its vector speaks for must be able to stand alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.ranking.collapse import first_of_each
from retrieval.ranking.diversity import spread
from retrieval.ranking.features.pairs import Channel, Pairs
from retrieval.ranking.features.registry import FEATURES, measure
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.model import RankingModel
from retrieval.ranking.ranker import Ranker
from retrieval.ranking.relevance import probability
from retrieval.ranking.setting import Setting
from retrieval.ranking.wanted import Wanted
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray, IntArray

_ALL_WORDS = 0.999


@dataclass(frozen=True, slots=True)
class StageOptions:
    """How the stage works.

    Attributes:
        collapse: of near-duplicates the best stays in its place, the others go to the end.
        spread_window, spread_most: in each stretch of `spread_window` hits at most `spread_most` of a shop or brand;
            0 leaves them as they come.
    """

    collapse: bool
    spread_window: int
    spread_most: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """What became of n candidates.

    Attributes:
        places: int64 (kept,), indices into the candidates, best first; those denied are not among them.
        scores: (kept,), the higher the better; not descending where `spread` moved something.
        contributions: feature → its part of each score (kept,); they sum to the score.
        relevance: (kept,), probability that the document answers.
        denied: the whole list lies below the floor; then nothing is kept, nor should be what was not looked at.
        best: the greatest probability of the floor among the candidates, 0 without any.
        copies: so many of the last places are near-duplicates of better ones: nothing is lost, but they crowd no page.
    """

    places: IntArray
    scores: FloatArray
    contributions: dict[str, FloatArray]
    relevance: FloatArray
    denied: bool
    best: float
    copies: int = 0


class RankingStage:
    """For one generation. Immutable and safe to share between threads."""

    def __init__(self, model: RankingModel, ranker: Ranker, space: WordSpace, options: StageOptions) -> None:
        self._model, self._ranker, self.space, self._options = model, ranker, space, options
        used = {*model.names, *ranker.names}
        self._names = tuple(name for name in FEATURES if name in used)

    def features(
        self, text: QueryText, setting: Setting, rows: ForwardRows, channels: Mapping[str, Channel]
    ) -> dict[str, FloatArray]:
        """Feature → values (n,), of all features there are, whether the model reads them or not."""
        return measure(Pairs.of(text, setting, rows, self.space, channels), FEATURES)

    def rank(
        self, text: QueryText, setting: Setting, rows: ForwardRows,
        channels: Mapping[str, Channel], *, strict: bool = False, deny: bool = True,
    ) -> Ranked:  # fmt: skip
        """Ranks candidates given in the order of the fused list; equal scores keep it.

        Args:
            text, setting: what is searched, and what else the query says.
            rows: what is known of them.
            channels: channel → scores and ranks of the same candidates.
            strict: the query is no shopping, so an answer has to be surer.
            deny: False where it is known already that the catalogue has an answer.
        """
        pairs = Pairs.of(text, setting, rows, self.space, channels)
        features, size = measure(pairs, self._names), pairs.size
        grounds = probability(self._model.floor, features, size)
        best = float(grounds.max(initial=0.0))
        # Who has every word, or what stands for it, is an answer, however odd the words are.
        said = float(pairs.term_coverage.max(initial=0.0)) > _ALL_WORDS
        denied = deny and size > 0 and best < self._bound(pairs.wanted, strict=strict) and (strict or not said)
        scores, contributions = self._ranker.scores(features, size)
        places, copies = self._order(scores, rows, self._standing(grounds, channels, denied=denied))
        chances = probability(self._model.relevance, features, size)
        kept = {name: values[places] for name, values in contributions.items()}
        return Ranked(places, scores[places], kept, chances[places], denied, best, copies)

    def _bound(self, asked: Wanted, *, strict: bool) -> float:
        if strict:
            return self._model.strict
        if asked.known:
            return self._model.least
        return self._model.codes if asked.codes else self._model.unknown

    def _standing(self, grounds: FloatArray, channels: Mapping[str, Channel], *, denied: bool) -> IntArray:
        """Candidates that stay: those that words found, and those near in meaning that reach the floor."""
        if denied:
            return np.empty(0, np.int64)
        lexical = channels.get("lexical")
        named = lexical.ranks > 0 if lexical else np.zeros(len(grounds), bool)
        return np.flatnonzero(named | (grounds >= self._model.least)).astype(np.int64)

    def _order(self, scores: FloatArray, rows: ForwardRows, standing: IntArray) -> tuple[IntArray, int]:
        """Places, best first, near-duplicates of better ones last, and how many those are."""
        order = standing[np.argsort(-scores[standing], kind="stable")]
        copies = order[:0]
        if self._options.collapse:
            kept = first_of_each(rows.groups[order])
            order, copies = order[kept], np.delete(order, kept)
        if self._options.spread_window and self._options.spread_most:
            keys = (rows.shops[order], rows.brands[order])
            order = order[spread(keys, window=self._options.spread_window, most=self._options.spread_most)]
        return np.concatenate([order, copies]), len(copies)
