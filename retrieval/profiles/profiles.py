"""The profiles of shoppers, learned when they are asked for and remembered until something new is known.

There is no state but the events: what was just done counts in the next search. A profile is learned anew when the
shopper did something, when a minute has passed, or when the catalogue or the vocabulary changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from threading import Lock
from typing import Any

import numpy as np
from cachetools import LRUCache

from retrieval.interest.event import ShopperEvent
from retrieval.interest.profile import Dimension, Profile
from retrieval.interest.store import Choices, EventStore
from retrieval.interest.taste import Liking
from retrieval.profiles.describe import described
from retrieval.profiles.intervals import Intervals, learn_intervals
from retrieval.profiles.learn import learn
from retrieval.profiles.score import liking
from retrieval.profiles.traits import TraitReader
from retrieval.profiles.unnamed import unnamed_in
from retrieval.profiles.vectors import interest_vectors
from retrieval.profiles.vocabulary import Vocabulary
from retrieval.profiles.weights import InterestWeights
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows
from retrieval.takedowns.bans import Bans, NoBans
from retrieval.types import FloatArray, IntArray

_GENERATIONS = 3
_MINUTE = 60.0

_Known = tuple[int, Choices, tuple[ShopperEvent, ...]]
"""The version of a shopper, the choices, and the events by (ts, id); none without consent."""


class Profiles:
    """A `retrieval.interest.taste.Taste` over a store of events. Thread-safe.

    Attributes:
        reads: how often events were asked for; it stays where nothing may be read.
    """

    def __init__(self, store: EventStore, vocabulary: Vocabulary, weights: InterestWeights, *, kept: int) -> None:
        self._store, self._vocabulary, self._weights = store, vocabulary, weights
        self._known: LRUCache[tuple[str, str], _Known] = LRUCache(kept)
        self._profiles: LRUCache[Hashable, Profile] = LRUCache(kept)
        self._traits: LRUCache[tuple[str, Vocabulary], TraitReader] = LRUCache(_GENERATIONS)
        self._lock = Lock()
        self._usual = 0, Intervals()
        self.reads = 0

    def profile(self, user_id: str, session_id: str, reader: IndexReader, as_of: float) -> Profile | None:
        known = self._events(user_id, session_id)
        if known is None:
            return None
        version, choices, events = known
        before = bisect_left(events, as_of, key=lambda event: event.ts)
        minute = as_of // _MINUTE * _MINUTE
        traits = self.traits(reader)
        edition, intervals = self._usual
        key = (user_id, session_id, version, before, traits, minute, edition)
        with self._lock:
            profile = self._profiles.get(key)
        if profile is None:
            # Ages are counted from the minute, so that a profile is one value for as long as it is kept.
            until = max(minute, float(np.nextafter(events[before - 1].ts, np.inf))) if before else minute
            profile = learn(
                user_id, session_id, events[:before], reader, traits, self._weights, choices, intervals,
                as_of=until,
            )  # fmt: skip
            with self._lock:
                self._profiles[key] = profile
        return profile

    def learn_intervals(self, reader: IndexReader, until: float | None = None) -> None:
        """Learns from the orders of all, before `until`, how soon things are bought again; it counts in every profile
        from the next one on.

        Raises:
            StorageError: nothing has changed then.
        """
        edition, known = self._usual
        learned = learn_intervals(self._store, reader, until)
        if learned != known:
            self._usual = edition + 1, learned

    def recent(self, user_id: str, session_id: str, since: float, until: float) -> Sequence[ShopperEvent]:
        known = self._events(user_id, session_id)
        return [event for event in known[2] if since <= event.ts < until] if known else []

    def score(
        self, profile: Profile, reader: IndexReader, rows: IntArray, stated: frozenset[Dimension], query: str = ""
    ) -> Liking:
        named = [i.value for i in profile.interests if i.dimension is Dimension.ITEM]
        things = self.traits(reader).of(reader, named) if named else {}
        places = {row: place for place, row in enumerate(rows.tolist())}
        own = {item: places[thing.row] for item, thing in things.items() if thing.row in places}
        documents = ForwardRows.decode(reader.forward(rows))
        return liking(profile, documents, own, self._vocabulary, self._weights.score, stated, query)

    def vectors(self, profile: Profile, reader: IndexReader) -> FloatArray:
        things = self.traits(reader).of(reader, (item for item, _ in profile.liked))
        liked = [(things[item].row, weight) for item, weight in profile.liked if item in things]
        vectors = reader.vectors(np.array([row for row, _ in liked], np.int64)).astype(np.float32)
        return (
            interest_vectors(vectors, np.array([weight for _, weight in liked], np.float32))
            if vectors.size
            else vectors
        )

    def shown(self, user_id: str, reader: IndexReader, as_of: float, bans: Bans | None = None) -> dict[str, Any]:
        """A profile as JSON values, in words and with its evidence; {} where the shopper allows none.

        It names no product that is not there (any more), and nothing else that is taken down.
        """
        profile = self.profile(user_id, "", reader, as_of)
        return described(profile, unnamed_in(profile, reader, bans or NoBans())) if profile else {}

    def forbids(self, text: str) -> bool:
        """Whether the normalised `text` is about something sensitive."""
        return self._vocabulary.forbids(text)

    def use(self, vocabulary: Vocabulary) -> None:
        """Reads titles with other dictionaries from the next profile on."""
        self._vocabulary = vocabulary

    def traits(self, reader: IndexReader) -> TraitReader:
        """What reads the traits of the items of a generation."""
        key = (reader.snapshot.generation, self._vocabulary)
        with self._lock:
            if key not in self._traits:
                self._traits[key] = TraitReader.for_generation(reader, self._vocabulary)
            return self._traits[key]

    def _events(self, user_id: str, session_id: str) -> _Known | None:
        """None where the shopper forbids it, and then no event is read. The version comes first: it stands for both."""
        version = self._store.version(user_id, session_id)
        with self._lock:
            known = self._known.get((user_id, session_id))
        if known is None or known[0] != version:
            choices = self._store.choices(user_id) if user_id else Choices()
            events: Sequence[ShopperEvent] = ()
            if choices.consent:
                self.reads += 1
                events = self._store.of_user(user_id, session_id)
            known = (version, choices, tuple(events))
            with self._lock:
                self._known[user_id, session_id] = known
        return known if known[1].consent else None
