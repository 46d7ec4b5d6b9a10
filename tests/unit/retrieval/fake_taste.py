"""A taste for tests: likes and dislikes words of titles, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson

from retrieval.interest.event import ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.taste import Liking
from retrieval.protocols import IndexReader
from retrieval.types import FloatArray, IntArray


@dataclass
class FakeTaste:
    """`likes`: user → word → weight; `forbidden`: users who allow nothing; a user without likes is cold."""

    likes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()
    events: tuple[ShopperEvent, ...] = ()
    dimension: Dimension = Dimension.WORD
    asked: list[tuple[str, str, float]] = field(default_factory=list)
    stated: list[frozenset[Dimension]] = field(default_factory=list)

    def profile(self, user_id: str, session_id: str, reader: IndexReader, as_of: float) -> Profile | None:
        if user_id in self.forbidden:
            return None
        self.asked.append((user_id, session_id, as_of))
        words = self.likes.get(user_id, {})
        interests = tuple(Interest(self.dimension, word, weight, 1, 1.0, 0.0) for word, weight in words.items())
        return Profile(user_id, interests, 1.0 if words else 0.0, as_of)

    def forbids(self, text: str) -> bool:
        return "情趣" in text

    def recent(self, user_id: str, session_id: str, since: float, until: float) -> Sequence[ShopperEvent]:
        return [e for e in self.events if e.user_id == user_id and since <= e.ts < until]

    def vectors(self, profile: Profile, reader: IndexReader) -> FloatArray:
        return np.zeros((0, 4), np.float32)

    def score(
        self, profile: Profile, reader: IndexReader, rows: IntArray, stated: frozenset[Dimension], query: str = ""
    ) -> Liking:
        self.stated.append(stated)
        liked = tuple(i for i in profile.interests if i.dimension not in stated)
        titles = [orjson.loads(source)["title"] for source in reader.sources(rows)]
        parts = [[i.weight * (i.value in title) for i in liked] for title in titles]
        return Liking(liked, np.array(parts, np.float32).reshape(len(rows), len(liked)))
