"""A small shop whose word space is learned in milliseconds: pans, jumpers and phones, each title said several ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from indexer.learning.word_learner import WordLearner
from retrieval.analysis.analyzer import Term
from retrieval.fusion.fusers import ChannelScores
from retrieval.late.query import QueryTokens, QueryVectors
from retrieval.late.titles import WIDTH, Scale
from retrieval.ranking.features.pairs import Channel, Pairs
from retrieval.ranking.features.registry import FEATURES, measure
from retrieval.ranking.forward import ForwardRows, encode_forward, word_hash
from retrieval.ranking.setting import Setting
from retrieval.ranking.things import Meaning, Things
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray
from tests.title_index import built_in_analyzer
from tests.token_encoder import adding, filled

TITLES = (
    *(f"{a} 炒锅 平底 燃气灶 {b}" for a in ("家用", "老式", "加厚") for b in ("不粘", "少油烟", "大号")),
    *(f"{a} 铁锅 平底 燃气灶 {b}" for a in ("家用", "老式", "加厚") for b in ("不粘", "少油烟", "大号")),
    *(f"{a} 毛衣 慵懒 秋冬 {b}" for a in ("宽松", "针织", "复古") for b in ("女", "外套", "套头")),
    *(f"{a} 手机 全网通 {b}" for a in ("华为", "小米", "荣耀") for b in ("5g", "游戏", "老人")),
)


def row(title: str, **fields: object) -> bytes:
    return encode_forward({"title": title, **fields}, built_in_analyzer())


def rows(*titles: str) -> ForwardRows:
    return ForwardRows.decode([row(title) for title in titles])


@cache
def space() -> WordSpace:
    learner = WordLearner(dimensions=8)
    learner.add(map(row, TITLES))
    return learner.finish()


def channel(values: list[float], ranks: list[int] | None = None, unit: float = 1.0) -> ChannelScores:
    places = np.array(ranks if ranks is not None else range(1, len(values) + 1), np.int64)
    return ChannelScores(np.array(values, np.float32), places, (0.0, unit))


NOUGHT_TO_ONE = Scale(filled(0.5, WIDTH), filled(1 / 15, WIDTH))


def title_tokens(*axes: int) -> bytes:
    """Of a title: for each of the axes a token along it."""
    return NOUGHT_TO_ONE.pack(np.eye(WIDTH, dtype=np.float32)[list(axes)], filled(0, len(axes)))


def query_tokens() -> QueryTokens:
    """One token along axis 0: of a title with such a token it says 4, of another -4."""
    along = np.eye(WIDTH, dtype=np.float32)[[0]]
    return QueryTokens(along, filled(1, 1), NOUGHT_TO_ONE, replace(adding(n0=8), bias=-4))


def meaning(cosines: list[float], *things: str) -> Meaning:
    """A query, and documents that have these cosines with it and with the direction of the things, middles at 0."""
    middle, asked = np.zeros(2, np.float32), np.array([1, 0], np.float32)
    nouns = np.array(sorted(map(word_hash, things)), np.uint32)
    learned = Things(middle, middle, nouns, np.tile(asked, (len(nouns), 1)).astype(np.float16))
    query = QueryVectors(asked, query_tokens())
    return Meaning(learned, query, np.array([(c, np.sqrt(1 - c * c)) for c in cosines], np.float32))


def _wish(answers: tuple[str, ...]) -> Term:
    said = (built_in_analyzer().query(answer) for answer in answers)
    return Term(answers[0], 0, 0, tuple(way for text in said for term in text.terms for way in term.alternatives[:1]))


def values(
    query: str, *titles: str | bytes, setting: Setting | None = None,
    known: WordSpace | None = None, channels: Mapping[str, Channel] | None = None, meaning: Meaning | None = None,
    wishes: tuple[tuple[str, ...], ...] = (),
) -> dict[str, FloatArray]:  # fmt: skip
    """Every feature of a query and documents, given as titles or as forward rows; a wish is given as its answers."""
    documents = ForwardRows.decode([row(title) if isinstance(title, str) else title for title in titles])
    asked = replace(built_in_analyzer().query(query), wishes=tuple(map(_wish, wishes)))
    words = space() if known is None else known
    pairs = Pairs.of(asked, setting or Setting(), documents, words, channels or {}, meaning)
    return measure(pairs, FEATURES)
