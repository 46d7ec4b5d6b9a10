"""What may not be asked, and not be offered: the seam between take-downs and whatever answers with words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from retrieval.protocols import IndexReader
from retrieval.takedowns.takedown import Kind


@dataclass(frozen=True, slots=True)
class Ban:
    """A query that is not answered.

    Attributes:
        told: whether the answer may say that a rule is the reason; else it is empty like any other.
    """

    told: bool


class Bans(Protocol):
    """Safe between threads; each answer is of now."""

    def ban(self, *texts: str) -> Ban | None:
        """What forbids to answer a query that may be read as any of `texts`; None where nothing does."""

    def unsayable(self, text: str) -> bool:
        """Whether a text may not be offered to anybody: as a correction, a suggestion, a query like another."""

    def unsayable_of(self, texts: Iterable[str]) -> frozenset[str]:
        """Those of many texts, looked at together."""

    def stands(self, kind: Kind, value: str) -> bool:
        """Whether exactly this is taken down."""

    def titles(self, reader: IndexReader) -> Collection[str]:
        """Normalised titles of products of `reader` that are kept back by a rule which may be told."""

    def videos(self, reader: IndexReader | None) -> frozenset[str]:
        """Ids of the videos and livestreams that may not be seen: of `reader`, the videos of a generation, and of those
        that no generation knows yet."""


class NoBans:
    """Nothing is taken down."""

    def ban(self, *texts: str) -> Ban | None:
        return None

    def unsayable(self, text: str) -> bool:
        return False

    def unsayable_of(self, texts: Iterable[str]) -> frozenset[str]:
        return frozenset(filter(self.unsayable, texts))

    def stands(self, kind: Kind, value: str) -> bool:
        return False

    def titles(self, reader: IndexReader) -> Collection[str]:
        return ()

    def videos(self, reader: IndexReader | None) -> frozenset[str]:
        return frozenset()
