"""The closer look: features of each candidate → its score, its relevance, and whether it, or the whole list, is denied.

The floor is the honest emptiness: a list in which not even the best document can be an answer is no list, and a
document that only its vector speaks for must be able to stand alone. Who asks what to take for something names no word
of the title that is meant: there a document that is very near is an answer, whatever the words say. And words alone are
none to a query that is not worded as shoppers do, where nothing is near.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.protocols import IndexReader
from retrieval.ranking.department import belief
from retrieval.ranking.features.pairs import Channel, Pairs
from retrieval.ranking.features.registry import FEATURES, measure
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.model import DOMAIN, NEAR, RankingModel
from retrieval.ranking.ranker import Ranker
from retrieval.ranking.relevance import probability
from retrieval.ranking.setting import Setting
from retrieval.ranking.things import Meaning, Things
from retrieval.ranking.wanted import Wanted
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray, Mask

_ALL_WORDS = 0.999
_NAMING = ("lexical", "moments")
"""Channels that find by words."""


@dataclass(frozen=True, slots=True)
class Look:
    """What became of n candidates. All arrays have shape (n,).

    Attributes:
        scores: the higher the better.
        contributions: feature → its part of each score; they sum to the score.
        relevance: probability that the document answers.
        standing: which can be an answer: what words found, written or spoken, and what is near and reaches the floor,
            or very near.
        denied: the whole list lies below the floor; then none stands, nor should what was not looked at.
        best: the greatest probability of the floor among the candidates, 0 without any.
    """

    scores: FloatArray
    contributions: dict[str, FloatArray]
    relevance: FloatArray
    standing: Mask
    denied: bool
    best: float


class RankingStage:
    """For one generation. Immutable and safe to share between threads."""

    def __init__(self, model: RankingModel, ranker: Ranker, space: WordSpace, things: Things | None = None) -> None:
        """`things` are those of the generation, None for lists without vectors."""
        self._model, self._ranker, self.space, self.things = model, ranker, space, things
        used = {*model.names, *ranker.names}
        self._names = tuple(name for name in FEATURES if name in used)
        self.reads_vectors = things is not None and any(FEATURES[name].reads_vectors for name in self._names)

    def features(
        self, text: QueryText, setting: Setting, rows: ForwardRows, channels: Mapping[str, Channel],
        meaning: Meaning | None = None,
    ) -> dict[str, FloatArray]:  # fmt: skip
        """Feature → values (n,), of all features there are, whether the model reads them or not."""
        return measure(Pairs.of(text, setting, rows, self.space, channels, meaning), FEATURES)

    def look(
        self, text: QueryText, setting: Setting, rows: ForwardRows,
        channels: Mapping[str, Channel], meaning: Meaning | None = None, *, strict: bool = False, deny: bool = True,
    ) -> Look:  # fmt: skip
        """Scores candidates, in any order.

        Args:
            text, setting: what is searched, and what else the query says.
            rows: what is known of them.
            channels: channel → scores and ranks of the same candidates.
            meaning: their vectors, where `reads_vectors` says that they are needed.
            strict: the query is no shopping, so an answer has to be surer.
            deny: False where it is known already that the catalogue has an answer.
        """
        pairs = Pairs.of(text, setting, rows, self.space, channels, meaning)
        features, size = measure(pairs, self._names), pairs.size
        # A number alone is no answer: 车厘子 5斤 is denied where 车厘子 is.
        worded, known = pairs, features
        if text.worded is not text:
            worded = Pairs.of(text.worded, setting, rows, self.space, channels, meaning)
            known = measure(worded, self._model.floor.names)
        grounds = probability(self._model.floor, known, size)
        best = float(grounds.max(initial=0.0))
        # Who has every word, or what stands for it, is an answer, however odd the words are; or of whom it is said.
        said = float(pairs.term_coverage.max(initial=0.0)) > _ALL_WORDS or bool(pairs.spoken.any())
        near, far = self._by_vector(features, size) if meaning is not None else (np.zeros(size, np.bool_), False)
        below = best < self._bound(worded.wanted, strict=strict) and not near.any()
        denied = deny and size > 0 and (below or far) and (strict or not said)
        scores, contributions = self._ranker.scores(features, size)
        standing = np.zeros(size, np.bool_) if denied else near | self._standing(grounds, channels)
        chances = probability(self._model.relevance, features, size) * belief(rows, setting)
        return Look(scores, contributions, chances, standing, denied, best)

    def _bound(self, asked: Wanted, *, strict: bool) -> float:
        if strict:
            return self._model.strict
        if asked.known:
            return self._model.least
        return self._model.codes if asked.codes else self._model.unknown

    def _by_vector(self, features: Mapping[str, FloatArray], size: int) -> tuple[Mask, bool]:
        """Which documents are very near; whether the query is not worded as shoppers do, and none is near at all."""
        if (bounds := self._model.nearness) is None or not size:
            return np.zeros(size, np.bool_), False
        odd = float(features[DOMAIN][0]) <= bounds.odd  # it is of the query: the same for all
        return np.asarray(features[NEAR] >= bounds.near), odd and float(features[NEAR].max()) < bounds.far

    def _standing(self, grounds: FloatArray, channels: Mapping[str, Channel]) -> Mask:
        named = np.zeros(len(grounds), np.bool_)
        for name in _NAMING:
            if (channel := channels.get(name)) is not None:
                named |= channel.ranks > 0
        return np.asarray(named | (grounds >= self._model.least))


@dataclass(frozen=True, slots=True)
class Stages:
    """The ranking stage of a generation, and the one for lists without vectors.

    Attributes:
        now: epoch seconds when the generation was made; from then the age of an offer is counted.
    """

    full: RankingStage
    words: RankingStage
    now: int


MakeStages = Callable[[IndexReader], Stages | None]
"""The stages of a generation, from the words that its catalogue taught; None for one that taught none."""


def no_stages(reader: IndexReader) -> Stages | None:
    """Nothing is looked at closely."""
    return None
