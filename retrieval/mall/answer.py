"""What is asked of the mall, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from retrieval.answer import WhyNeutral


class Source(StrEnum):
    """What spoke most for a thing."""

    INTEREST = "interest"
    VIEWED = "viewed_together"
    BOUGHT = "bought_together"
    DUE = "repurchase"
    EXPLORED = "explored"
    """Drawn by chance, to learn how it is taken."""
    POPULAR = "popular"
    FRESH = "fresh"
    SIMILAR = "similar"
    CAMPAIGN = "campaign"
    """An operator named it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that is recommended.

    Attributes:
        rank: its place, from 1 on, in the feed or list.
        score: what speaks for it; of one answer the scores can be compared.
        because: why it is shown to this shopper, in Chinese; None where nothing of the shopper's made it.
        policy, propensity: what gave the place, and with which probability, for the events that are made of it.
    """

    id: str
    rank: int
    score: float
    record: Mapping[str, Any]
    source: Source
    because: str | None
    policy: str
    propensity: float


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """One page of a feed.

    Attributes:
        user_id, session_id: who asks; "" where not known.
        category: a path from the root, "" for all.
        cursor: of the page before; then `category` rests.
        personalize: False reads nothing of the shopper.
        now: seconds since 1970, for evaluation; None: now.
        timeout_ms: budget; None: no limit.
    """

    user_id: str = ""
    session_id: str = ""
    category: str = ""
    cursor: str | None = None
    size: int = 20
    personalize: bool = True
    now: float | None = None
    timeout_ms: float | None = None


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """A page; `why_not`: why it is everybody's, None where it is the shopper's own."""

    hits: tuple[Shown, ...]
    category: str
    why_not: WhyNeutral | None
    next_cursor: str | None
    generation: str
    took_ms: float = 0.0


class By(StrEnum):
    """How things were found."""

    EVENTS = "events"
    MEANING = "meaning"
    """By vectors."""
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Found:
    """Things that go with a thing."""

    hits: tuple[Shown, ...]
    by: By


@dataclass(frozen=True, slots=True)
class SimilarAnswer:
    """Things like a thing."""

    id: str
    found: Found
    generation: str
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class AlsoAnswer:
    """What shoppers looked at, and bought, together with a thing."""

    id: str
    viewed: Found
    bought: Found
    generation: str
    took_ms: float = 0.0


class QuerySource(StrEnum):
    """Where a related query is known from."""

    SAME_VISIT = "same_visit"
    SAME_THINGS = "same_things"
    QUERY_LOG = "query_log"


@dataclass(frozen=True, slots=True)
class RelatedQuery:
    """One query; `score` in (0, 1]."""

    query: str
    source: QuerySource
    score: float


@dataclass(frozen=True, slots=True)
class RelatedAnswer:
    """Queries that go with a query, the best first."""

    query: str
    related: tuple[RelatedQuery, ...]
    generation: str
    took_ms: float = 0.0
