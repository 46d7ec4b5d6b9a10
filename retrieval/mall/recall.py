"""Which things may come into a feed, and what speaks for each: the sources, side by side.

A thing may be named by several sources; what speaks for it is the sum of its parts, each in [0, 1] times its weight:
what the shopper likes of it, how well it goes with what was looked at or bought last, whether it is due again, how
popular it is and how fresh. The source that says most gives it its name.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from threading import Lock

import numpy as np
from cachetools import LRUCache, cachedmethod

from retrieval.analysis.analyzer import Analyzer
from retrieval.interest.profile import Dimension, Profile
from retrieval.interest.taste import Liking, Taste
from retrieval.journeys import Journey, Upcoming
from retrieval.mall.answer import Source
from retrieval.mall.options import FeedOptions
from retrieval.mall.place import Neighbours, Place
from retrieval.mall.shopper import Shopper
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import HashArray
from retrieval.types import Filters, FloatArray, IntArray, LexicalQuery, Mask

PARTS = (Source.INTEREST, Source.VIEWED, Source.BOUGHT, Source.DUE, Source.POPULAR, Source.FRESH)
"""Columns of `Candidates.parts`."""
_NAMED = frozenset({Dimension.CATEGORY, Dimension.BRAND, Dimension.WORD, Dimension.AUDIENCE})
_INTERESTS = 12
_FADING = 0.9
"""Of a seed, for each that was looked at later."""
_AHEAD = 4
"""Times as many are asked of an index as are compared: then the next pages have them, too."""
_KEPT = 2_000
"""Answers of the indexes: of an interest that has not changed they are the same."""

_OFFERS = 64
"""What is offered under a filter, kept; up to 200 KB each."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Things that may be shown.

    Attributes:
        parts: what speaks for each, shape (n, len(PARTS)).
        liking: what the shopper's interests say of them, and behind them of what was shown last; None for nobody.
        seeds: row → of what it goes with.
    """

    rows: IntArray
    parts: FloatArray
    liking: Liking | None
    seeds: Mapping[int, int]

    @property
    def worth(self) -> FloatArray:
        """What speaks for each in all, shape (n,)."""
        return np.asarray(self.parts.sum(axis=1, dtype=np.float32))

    def best(self, most: int, drawn: IntArray) -> Candidates:
        """The `most` for which most speaks, and those that are drawn by chance."""
        if len(self.rows) <= most:
            return self
        kept = np.isin(self.rows, drawn)
        kept[np.argpartition(-self.worth, most)[:most]] = True
        liking = None
        if self.liking:
            behind = np.arange(len(self.rows), len(self.liking.parts))
            liking = self.liking.take(np.concatenate([np.flatnonzero(kept), behind]))
        return Candidates(self.rows[kept], self.parts[kept], liking, self.seeds)

    @property
    def interests(self) -> HashArray:
        """Which interest says most for each, and for each of those shown last, from 1 on; 0: none does."""
        if self.liking is None or not self.liking.parts.shape[1]:
            return np.zeros(len(self.rows) if self.liking is None else len(self.liking.parts), np.uint32)
        strongest = self.liking.parts.argmax(axis=1)
        return np.where(self.liking.parts.max(axis=1) > 0, strongest + 1, 0).astype(np.uint32)

    def source(self, place: int) -> Source:
        """What says most for the candidate at this place; where nothing does, it is as popular as others."""
        most = int(np.argmax(self.parts[place]))
        return PARTS[most] if self.parts[place, most] > 0 else Source.POPULAR


@dataclass(frozen=True, slots=True)
class Offer:
    """Rows of a shelf that pass a filter, in its order."""

    popular: IntArray
    newest: IntArray
    sample: IntArray


class FeedRecall:
    """Thread-safe."""

    def __init__(self, taste: Taste | None, options: FeedOptions, fields: Mapping[str, float]) -> None:
        self._taste, self._options, self._fields = taste, options, dict(fields)
        self._near: LRUCache[Hashable, list[IntArray]] = LRUCache(_KEPT)
        self._worded: LRUCache[Hashable, IntArray] = LRUCache(_KEPT)
        self._offers: LRUCache[Hashable, Offer] = LRUCache(_OFFERS)
        self._lock = Lock()

    def candidates(
        self, reader: IndexReader, place: Place, shopper: Shopper, gone: Mask, filters: Filters, now: float,
        analyzer: Analyzer, drawn: IntArray, before: IntArray,
    ) -> Candidates:  # fmt: skip
        """All that may come next.

        Args:
            gone: which rows do not come (again), shape (rows,); before: those shown last.
            filters: what everything must pass.
            drawn: rows that chance may give a place to: they are among the candidates.
        """
        options = self._options
        depth = _AHEAD * options.recalled
        while depth < options.recalled + int(gone.sum()):  # seldom: a deeper list is asked for anew
            depth *= 2
        viewed, bought = (_around(near, shopper.seeds, options.recalled) for near in (place.viewed, place.bought))
        around = reader.passing(filters, np.array([*{*viewed, *bought, *shopper.due}], np.int64))
        told: list[IntArray] = []
        if shopper.profile is not None:
            told += self._by_meaning(reader, shopper.profile, filters, depth)
            told.append(self._by_words(reader, _named(shopper.profile), filters, depth, analyzer))
        named = np.concatenate([around[~gone[around]], *(_first(rows, gone, options.recalled) for rows in told)])
        offer = self.offer(reader, place, filters)
        offered = [_first(rows, gone, options.recalled) for rows in (offer.popular, offer.newest)]
        named = named[place.shelf.offered(named, bool(filters.keywords))]
        rows = np.unique(np.concatenate([named, *offered, drawn]))
        return self._weighed(reader, place, shopper, rows, before, now, viewed, bought)

    @cachedmethod(
        attrgetter("_offers"), lambda _, reader, place, filters: (reader.snapshot, place, filters), attrgetter("_lock")
    )  # fmt: skip
    def offer(self, reader: IndexReader, place: Place, filters: Filters) -> Offer:
        """What of the shelf passes."""
        shelf, chosen = place.shelf, bool(filters.keywords)
        every = (rows[shelf.offered(rows, chosen)] for rows in (shelf.popular, shelf.newest, shelf.sample))
        return Offer(*(reader.passing(filters, rows) for rows in every))

    def _weighed(
        self, reader: IndexReader, place: Place, shopper: Shopper, rows: IntArray, before: IntArray, now: float,
        viewed: Mapping[int, tuple[float, int]], bought: Mapping[int, tuple[float, int]],
    ) -> Candidates:  # fmt: skip
        options, listed = self._options, rows.tolist()
        parts = np.zeros((len(rows), len(PARTS)), np.float32)
        liking = None
        if shopper.profile is not None and self._taste is not None and len(rows):
            asked = np.concatenate([rows, before])
            if isinstance(reader, Journey):  # it is read again when they are compared
                reader.announce(Upcoming((), rows[:0], asked, rows[:0], None, rows[:0], rows[:0]))
            liking = self._taste.score(shopper.profile, reader, asked, frozenset())
            parts[:, 0] = options.interest * np.clip(liking.scores[: len(rows)], -1.0, 1.0)
        for column, near in ((1, viewed), (2, bought)):
            top = max((score for score, _ in near.values()), default=1.0)
            parts[:, column] = [options.together * near[row][0] / top if row in near else 0.0 for row in listed]
        parts[:, 3] = [options.due * shopper.due[row].weight if row in shopper.due else 0.0 for row in listed]
        parts[:, 4] = options.popular * place.shelf.liking[rows]
        parts[:, 5] = options.fresh * place.shelf.fresh(rows, now, options.fresh_days)
        seeds = {row: seed for near in (viewed, bought) for row, (_, seed) in near.items()}
        return Candidates(rows, parts, liking, seeds)

    @cachedmethod(
        attrgetter("_near"),
        lambda _, reader, profile, filters, depth: (reader.snapshot, _names(profile.liked), filters, depth),
        attrgetter("_lock"),
    )  # fmt: skip
    def _by_meaning(self, reader: IndexReader, profile: Profile, filters: Filters, depth: int) -> list[IntArray]:
        """What is near to what is liked; kept for the same things in the same order: their weights fade together."""
        vectors = self._taste.vectors(profile, reader) if self._taste else ()
        return [reader.semantic(vector, filters, depth).rows for vector in vectors]

    @cachedmethod(
        attrgetter("_worded"),
        lambda _, reader, liked, filters, depth, analyzer: (reader.snapshot, _names(liked), filters, depth),
        attrgetter("_lock"),
    )  # fmt: skip
    def _by_words(
        self, reader: IndexReader, liked: tuple[tuple[str, float], ...], filters: Filters, depth: int,
        analyzer: Analyzer,
    ) -> IntArray:  # fmt: skip
        weights: dict[str, float] = {}
        for name, weight in liked:
            for token in analyzer.query(name).weights:
                if len(token) > 1:
                    weights.setdefault(token, weight)
        return reader.lexical(LexicalQuery(weights, self._fields, (), 0), filters, depth).rows


def _around(near: Neighbours, seeds: IntArray, most: int) -> dict[int, tuple[float, int]]:
    """Row → how well it goes with what was looked at last, and with which of it; the best."""
    known = [near.of(seed) for seed in seeds.tolist()]
    if not known:
        return {}
    rows = np.concatenate([rows for rows, _ in known])
    scores = np.concatenate([scores * _FADING**age for age, (_, scores) in enumerate(known)])
    owners = np.repeat(seeds, [len(rows) for rows, _ in known])
    order = np.argsort(-scores, kind="stable")
    best = order[np.sort(np.unique(rows[order], return_index=True)[1])[:most]]
    told = zip(rows[best].tolist(), scores[best].tolist(), owners[best].tolist(), strict=True)
    return {row: (score, seed) for row, score, seed in told}


def _names(weighted: Iterable[tuple[str, float]]) -> tuple[str, ...]:
    return tuple(name for name, _ in weighted)


def _named(profile: Profile) -> tuple[tuple[str, float], ...]:
    """The strongest interests that have words, and their weights, the strongest first."""
    liked = [one for one in profile.interests if one.weight > 0 and one.dimension in _NAMED]
    best = sorted(liked, key=lambda one: (-one.weight, one.value))[:_INTERESTS]
    return tuple((one.value.rsplit("/", 1)[-1], one.weight) for one in best)


def _first(rows: IntArray, gone: Mask, most: int) -> IntArray:
    """The first that are not gone."""
    return rows[~gone[rows]][:most]
