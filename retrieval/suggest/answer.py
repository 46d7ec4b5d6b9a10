"""What is asked of suggestions, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.suggest.entry import Kind


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """What somebody has typed so far.

    Attributes:
        q: as typed.
        user_id, session_id: who; "" where not known.
        personalize: False reads nothing of the shopper.
        now: seconds since 1970, for evaluation; None: now.
    """

    q: str
    user_id: str = ""
    session_id: str = ""
    size: int = 10
    personalize: bool = True
    now: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of a list.

    Attributes:
        text: to be read.
        query, category, shop: what is searched where it is taken: the words, and "" or the filter.
        kind: where it comes from.
        score: of one list the scores can be compared.
        own: whether this shopper asked it before.
    """

    text: str
    query: str
    kind: Kind
    score: float
    category: str = ""
    shop: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class SuggestAnswer:
    """The best first."""

    q: str
    suggestions: tuple[Suggestion, ...]
    generation: str
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Queries that were searched beside the requests, by whether they found something above the divider."""

    found: int = 0
    dead: int = 0


class Trend(StrEnum):
    """How a query stands to what is usual for it."""

    NEW = "new"
    UP = "up"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class HotQuery:
    """One of the hot list; `score`: standard deviations above what is usual."""

    query: str
    trend: Trend
    score: float


@dataclass(frozen=True, slots=True)
class HotAnswer:
    """The hottest first; what is merely asked a lot comes behind."""

    hot: tuple[HotQuery, ...]
    generation: str
    took_ms: float = 0.0


class Because(StrEnum):
    """Why a shade word is shown."""

    RELATED = "related"
    """Others go on so from what this shopper asked."""
    INTEREST = "interest"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class ShadeWord:
    """What may stand in an empty search box; `of`: the query or interest that it comes from, "" where none."""

    query: str
    because: Because
    of: str = ""


@dataclass(frozen=True, slots=True)
class ShadeAnswer:
    """The likeliest first."""

    words: tuple[ShadeWord, ...]
    generation: str
    took_ms: float = 0.0
