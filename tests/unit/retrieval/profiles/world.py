"""A small catalogue for tests of interests: things with a title, and a word space that knows all of their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import orjson

from configs.settings import load_settings
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.store import Choices
from retrieval.profiles.learn import learn
from retrieval.profiles.traits import TraitReader
from retrieval.profiles.vocabulary import Vocabulary
from retrieval.profiles.weights import load_interest
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import encode_forward, word_hash, words_of
from retrieval.ranking.word_space import WordSpace
from retrieval.types import IntArray
from retrieval.wiring import make_analyzer

DAY = 86_400.0
NOW = 1000 * DAY
VOCABULARY = Vocabulary(
    {"女": (Dimension.AUDIENCE, "女"), "女士": (Dimension.AUDIENCE, "女"), "男士": (Dimension.AUDIENCE, "男"),
     "希禾": (Dimension.BRAND, "希禾")},
    idle=frozenset({"包邮"}), sensitive=frozenset({"避孕", "佛像"}),
)  # fmt: skip
WEIGHTS = load_interest(load_settings().interest_weights)
ANALYZER = make_analyzer(load_settings())
RECORDS: Mapping[str, Mapping[str, Any]] = {
    "tent": {"title": "露营 帐篷 防水", "category": ["户外", "帐篷"], "brand": "山风"},
    "stove": {"title": "露营 炉具 便携", "category": ["户外", "炉具"], "shop": {"id": "s9", "name": "山里小店"}},
    "dress": {"title": "女士 碎花 连衣裙", "category": ["女装", "连衣裙"], "price": 100},
    "skirt": {"title": "女士 碎花 半身裙", "category": ["女装", "连衣裙"], "price": 300, "brand": "希禾"},
    "gown": {"title": "女士 显瘦 连衣裙", "category": ["女装", "连衣裙"], "price": 1000},
    "tie": {"title": "男士 领带 礼盒 包邮", "category": ["男装", "领带"]},
    "fridge": {"title": "冰箱 双开门 家用", "category": ["家电", "冰箱"]},
    "coffee": {"title": "咖啡豆 深烘", "category": ["食品", "咖啡"], "brand": "其他/other"},
    "pill": {"title": "避孕 用品 露营", "category": ["日用"]},
    "idol": {"title": "铜 摆件", "category": ["佛像"]},
}


def _space(counts: Mapping[str, int], documents: int) -> WordSpace:
    hashes = sorted((word_hash(word), count) for word, count in counts.items())
    none = np.empty(0, np.uint32)
    words, titles = (np.array(column, np.uint32) for column in zip(*hashes, strict=True))
    return WordSpace(documents, words, titles, np.zeros((len(hashes), 1), np.int8), none, none)


class Catalogue:
    """As much of an `IndexReader` as profiles ask for; row i is the i-th record."""

    snapshot = SimpleNamespace(generation="g1")

    def __init__(self, records: Mapping[str, Mapping[str, Any]] = RECORDS) -> None:
        self.ids = list(records)
        self.records = [{"id": item, **record} for item, record in records.items()]
        numbers = [{"price": int(record["price"] * 100)} if "price" in record else {} for record in self.records]
        self._forward = [encode_forward(r, ANALYZER, n) for r, n in zip(self.records, numbers, strict=True)]
        words = [set(words_of(str(record["title"]), ANALYZER)) for record in self.records]
        self.space = _space(Counter(word for each in words for word in each), 40 * len(words))

    @property
    def reader(self) -> IndexReader:
        return cast(IndexReader, self)

    def traits(self) -> TraitReader:
        return TraitReader(self.space, VOCABULARY)

    def rows_of(self, items: Sequence[str]) -> list[int | None]:
        return [self.ids.index(item) if item in self.ids else None for item in items]

    def forward(self, rows: IntArray) -> list[bytes]:
        return [self._forward[row] for row in rows.tolist()]

    def sources(self, rows: IntArray) -> list[bytes]:
        return [orjson.dumps(self.records[row]) for row in rows.tolist()]


CATALOGUE = Catalogue()


def did(
    what: str, item: str = "", days: float = 1.0, session: str = "s1", query: str = "", name: str = ""
) -> ShopperEvent:
    """Something that the shopper did so many days ago."""
    ts = NOW - days * DAY
    return ShopperEvent(
        name or f"{what}-{item}-{query}-{days}-{session}", ts, EventType(what), "u", session, item, query=query
    )


def profile_of(events: Sequence[ShopperEvent], session: str = "", choices: Choices | None = None) -> Profile:
    """What was learned of them, by a reader that knows nothing yet."""
    return learn(
        "u", session, events, CATALOGUE.reader, CATALOGUE.traits(), WEIGHTS, choices or Choices(), as_of=NOW
    )  # fmt: skip


def interest(profile: Profile, dimension: Dimension, value: str) -> Interest | None:
    return next((i for i in profile.interests if (i.dimension, i.value) == (dimension, value)), None)


def weight(profile: Profile, value: str, dimension: Dimension = Dimension.WORD) -> float:
    """0 where nothing is known."""
    found = interest(profile, dimension, value)
    return found.weight if found else 0.0
