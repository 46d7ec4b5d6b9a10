"""What of a shopper counts for suggestions: queries of the last weeks, and interests."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.interest.event import EventType
from retrieval.interest.profile import Dimension, Interest
from retrieval.interest.taste import Taste
from retrieval.mall.log import asked_as
from retrieval.protocols import IndexReader
from retrieval.suggest.entry import Entry

_DAYS, _HALF_LIFE = 60.0, 14.0
_DAY_S = 86_400.0
_SAID = frozenset({Dimension.WORD, Dimension.BRAND, Dimension.AUDIENCE})
_INTERESTS = 48
"""The strongest, of some hundreds, that are looked for in each entry."""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Nothing is known of nobody.

    Attributes:
        asked: own query → how often and lately, in (0, 1), the last one last.
        interests: the strongest ones.
    """

    asked: Mapping[str, float] = field(default_factory=dict)
    interests: tuple[Interest, ...] = ()

    def liking(self, entry: Entry) -> float:
        """How much an entry speaks to the interests, in [0, 1]."""
        found = sum(one.weight * one.confidence for one in self.interests if _speaks(one, entry))
        return min(1.0, max(0.0, found))


NOBODY = Shopper()


def read_shopper(taste: Taste, user_id: str, session_id: str, reader: IndexReader, now: float) -> Shopper:
    """What counts as of `now`; nothing where the shopper forbids it, and then nothing was read."""
    profile = taste.profile(user_id, session_id, reader, now)
    if profile is None:
        return NOBODY
    searches: dict[str, float] = {}
    for event in taste.recent(user_id, session_id, now - _DAYS * _DAY_S, now):
        if event.type is EventType.SEARCH and (query := asked_as(event.query)):
            worth = 0.5 ** ((now - event.ts) / (_HALF_LIFE * _DAY_S))
            searches[query] = searches.pop(query, 0.0) + worth
    liked = (one for one in profile.interests if one.dimension in {*_SAID, Dimension.CATEGORY})
    strongest = sorted(liked, key=lambda one: -abs(one.weight))[:_INTERESTS]
    return Shopper({query: 1 - math.exp(-worth) for query, worth in searches.items()}, tuple(strongest))


def _speaks(one: Interest, entry: Entry) -> bool:
    if one.dimension is Dimension.CATEGORY:
        leaf = one.value.rpartition("/")[2]
        return leaf in entry.text or (bool(entry.category) and f"{one.value}/".startswith(f"{entry.category}/"))
    return one.value.lower() in entry.text
