"""What the query alone decided in each channel, and the small contract of a channel.

Each channel looks at the whole catalogue and fixes what counts as a match; a filter then only selects among matches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from retrieval.protocols import IndexReader
from retrieval.recall.asked import Asked
from retrieval.recall.lexical import LexicalMatch
from retrieval.recall.semantic import SemanticMatch
from retrieval.types import Candidates, Filters, FloatArray, IntArray, Sort


class ChannelMatch(Protocol):
    """What counts as a match in one channel."""

    @property
    def candidates(self) -> Candidates:
        """The matches in the whole catalogue."""

    @property
    def scale(self) -> tuple[float, float]:
        """(centre, unit): a normalised score is (score − centre) / unit. What is no match scores `centre`."""

    def select(
        self, reader: IndexReader, filters: Filters, depth: int, sort: Sort, sorted_floor: float, best: int
    ) -> Candidates:
        """The matches that pass the filters; where they are more than `depth`, those that come first by `sort`.

        Args:
            sorted_floor: share of the best score that a match needs in another order than relevance.
            best: so many of the best of the whole catalogue are there in any order, where they pass.
        """

    def measure(self, reader: IndexReader, rows: IntArray) -> FloatArray | None:
        """Scores of rows that were not recalled, shape (len(rows),); None where those score nothing."""


class Recall(Protocol):
    """A channel. Safe between threads."""

    @property
    def name(self) -> str:
        """As callers name it."""

    def answers(self, asked: Asked) -> bool:
        """Whether it has anything to say to such a question, in this generation."""

    def recall(self, asked: Asked) -> ChannelMatch:
        """What matches, in the whole catalogue."""


@dataclass(frozen=True, slots=True)
class ReadTogether:
    """What a second look read of the best documents of the whole catalogue: their rows, ascending, and how well each
    answers; both of shape (n,)."""

    rows: IntArray
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Matches:
    """Channel → its matches; a channel that was not asked, or did not answer in time, is not in it.

    Attributes:
        read: what a second look says of the best; None where there is none, or it was not done in time.
    """

    found: Mapping[str, ChannelMatch] = field(default_factory=dict)
    read: ReadTogether | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """What a list of them depends on: the channels that answered, and whether the best were read."""
        return (*self.found, *(["read"] if self.read else []))

    @property
    def lexical(self) -> LexicalMatch | None:
        """What words matched."""
        match = self.found.get("lexical")
        return match if isinstance(match, LexicalMatch) else None

    @property
    def semantic(self) -> SemanticMatch | None:
        """What is near in meaning."""
        match = self.found.get("semantic")
        return match if isinstance(match, SemanticMatch) else None
