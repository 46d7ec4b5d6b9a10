"""The seam between a search and what is known of shoppers: whose profile, and what it says of candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from retrieval.interest.event import ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.protocols import IndexReader
from retrieval.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Liking:
    """What a profile says of n documents.

    Attributes:
        interests: those that say anything, k of them.
        parts: what each adds to the personal score of each document, shape (n, k).
    """

    interests: tuple[Interest, ...]
    parts: FloatArray

    @property
    def scores(self) -> FloatArray:
        """The personal scores, the sum of the parts, shape (n,); 0 says nothing, below 0 is an aversion."""
        return np.asarray(self.parts.sum(axis=1, dtype=np.float32))

    def lifting(self, times: FloatArray) -> Liking:
        """With the parts of documents that are liked on the whole counted so many times, shape (n,)."""
        return Liking(self.interests, self.parts * np.where(self.scores > 0, times, np.float32(1))[:, None])

    def take(self, places: IntArray) -> Liking:
        """Of the documents at these places, in their order."""
        return Liking(self.interests, self.parts[places])


class Taste(Protocol):
    """Thread-safe. Equal events before a time give equal profiles, and equal profiles equal scores."""

    def profile(self, user_id: str, session_id: str, reader: IndexReader, as_of: float) -> Profile | None:
        """The profile from the events before `as_of`; None where the shopper forbids it, and then nothing is read."""

    def forbids(self, text: str) -> bool:
        """Whether the normalised `text` is about something sensitive."""

    def recent(self, user_id: str, session_id: str, since: float, until: float) -> Sequence[ShopperEvent]:
        """What was done in ``[since, until)``, oldest first; nothing where the shopper forbids it."""

    def score(
        self, profile: Profile, reader: IndexReader, rows: IntArray, stated: frozenset[Dimension], query: str = ""
    ) -> Liking:
        """What a profile says of documents; of what the normalised `query` says, and of a dimension that it states,
        nothing."""

    def vectors(self, profile: Profile, reader: IndexReader) -> FloatArray:
        """Unit vectors of the groups of what is liked, the heaviest first, shape (k, dim), k may be 0."""
