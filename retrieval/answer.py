"""What a search answers: a page of hits, every part of their scores, and how the query was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from retrieval.laps import Lap, Laps
from retrieval.types import FacetValue, Filters, FloatArray, Match, Sort


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an original text; the pieces of a field, joined, are that text."""

    text: str
    match: bool


class WhyNeutral(StrEnum):
    """Why a list is in the order that it has for everybody."""

    OFF = "off"
    """It was asked for."""
    UNAVAILABLE = "unavailable"
    """The service knows nothing of shoppers."""
    NOBODY = "nobody"
    """Nobody said who asks."""
    NO_CONSENT = "no_consent"
    FROZEN = "frozen"
    """The cursor goes on in a neutral list."""
    SORTED = "sorted"
    """By price, sales or date."""
    NOT_UNDERSTOOD = "not_understood"
    NOTHING_TO_ORDER = "nothing_to_order"
    SAID = "said"
    """The words have said it all."""
    COLD = "cold"
    """Too little is known of the shopper."""
    NO_MATCH = "no_match"
    """Nothing in the list speaks to what is known of the shopper."""


@dataclass(frozen=True, slots=True)
class PersonalView:
    """What who asks had to do with the order.

    Attributes:
        applied: whether interests were weighed; why_not: else the reason.
        strength: of the intent, in [0, 1], None where nothing was understood; shift: places that a hit may have moved.
        carry_over: interests that were taken along, of `retrieval.interest.carry_over.Carried`.
    """

    applied: bool = False
    why_not: WhyNeutral | None = WhyNeutral.NOBODY
    strength: float | None = None
    shift: int = 0
    carry_over: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class InterestPart:
    """What one interest adds to a personal score."""

    dimension: str
    value: str
    contribution: float


@dataclass(frozen=True, slots=True)
class PersonalParts:
    """A personal score, the sum of its parts."""

    score: float
    interests: tuple[InterestPart, ...]


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What an operator's rule did to a hit: ``bury``, ``pin`` or ``boost``; `points`: its part of the score."""

    rule: str
    name: str
    action: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """Every part of a hit's score; ``score`` is the sum of the contributions of channels and features.

    Attributes:
        channels: channel → {rank (1 = best, None: not recalled by it), value (raw), contribution}.
        fields: searched field → its share of the BM25 score.
        features: feature of the ranking stage → its contribution.
        formula: how the parts make the score, in words.
        personal: what the shopper's interests say; it is no part of the score. None where they were not asked.
        placed: what gave the hit its place (`retrieval.lists.arrange.Placed`); scores are compared inside one kind.
        rules: what an operator's rules did to it.
    """

    score: float
    channels: Mapping[str, Mapping[str, float | int | None]]
    fields: Mapping[str, float]
    formula: str
    placed: str
    features: Mapping[str, float] = field(default_factory=dict)
    personal: PersonalParts | None = None
    rules: tuple[RuleEffect, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """A record as it came, and the generation that it was read from."""

    generation: str
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """One document of a page.

    Attributes:
        rank: 1-based place in the whole list.
        source: the record as it came (JSON object).
        relevance: probability that it answers the query; None where nobody looked closely.
        highlights: field → fragments.
        neutral_rank: its 1-based place in the list that is the same for all.
        because: why it stands further in front for this shopper, in Chinese; None where it does not.
        moments: where it is shown and talked about, of `retrieval.spoken.cards.Evidence`.
        live: where it is on a screen right now, a `retrieval.live.view.OnScreen`; None where it is not.
        near: it stands under the divider: no answer, only near one.
        pinned: an operator's rule gave it its place; nothing moves it.
        campaign: the label of the campaign that the query means, where it belongs to it.
    """

    id: str
    kind: str
    rank: int
    score: float
    source: Mapping[str, Any]
    highlights: Mapping[str, tuple[Fragment, ...]]
    explain: ScoreParts | None = None
    relevance: float | None = None
    neutral_rank: int = 0
    because: str | None = None
    moments: tuple[Any, ...] = ()
    live: Any = None
    near: bool = False
    pinned: bool = False
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many documents answer: those above the divider; `relation` as in `retrieval.lists.divider.Divided`."""

    value: int
    relation: str


@dataclass(frozen=True, slots=True)
class QueryView:
    """What was understood of a query: as typed, normal form, terms, and which relaxation step answered.

    Attributes:
        match: the step of recall that answered.
        truncated: the query was longer than the bound and was cut.
    """

    text: str
    normalized: str
    tokens: tuple[str, ...]
    match: Match
    truncated: bool


@dataclass(frozen=True, slots=True)
class TruncatedFacet:
    """A facet, or one attribute of the facet of attributes, of which `more` values are not shown."""

    facet: str
    attribute: str | None
    more: int


@dataclass(frozen=True, slots=True)
class HeldRule:
    """A rule that held for a search, and what it does (`retrieval.rules.model.Action`)."""

    id: str
    name: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """What an operator's rules say beside a list.

    Attributes:
        version: of the rules; 0 for a draft.
        held: those that held, what counts first before.
        rewritten: the query that a rule had searched instead of what was typed, None where none did.
        redirect: where to go instead, a `retrieval.rules.model.Redirect`; banners: of `retrieval.rules.model.Banner`.
        campaign: the running one that the query means, a `retrieval.rules.campaign.Campaign`.
    """

    version: int
    held: tuple[HeldRule, ...]
    rewritten: str | None = None
    redirect: Any = None
    banners: tuple[Any, ...] = ()
    campaign: Any = None


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """One page of an answer. `total` and `facets` count what stands above the divider of the list that is paged.

    Attributes:
        near: how many documents stand under the divider, behind all others.
        filters, sort: those in force: what the caller chose, and what the words of the query asked for.
        facets_truncated: where `facets` leaves values out.
        personal: what who asks had to do with the order.
        understood: how the query was read, a `retrieval.understanding.plan.Understood`; None where that is off.
        videos: cards of videos that speak to it, of `retrieval.spoken.cards.VideoCard`; blocks: how hits and cards
            follow each other, of `retrieval.spoken.cards.Block`; both empty where only products are asked.
        rules: what an operator's rules say beside the list; None where none held.
        recalled: channel → documents that it recalled in the whole catalogue.
        laps: how long each step took.
    """

    query: QueryView
    filters: Filters
    sort: Sort
    hits: tuple[Hit, ...]
    total: Total
    facets: Mapping[str, tuple[FacetValue, ...]]
    next_cursor: str | None
    generation: str
    degraded: tuple[str, ...]
    understood: Any = None
    took_ms: float = 0.0
    facets_truncated: tuple[TruncatedFacet, ...] = ()
    personal: PersonalView = field(default_factory=PersonalView)
    videos: tuple[Any, ...] = ()
    blocks: tuple[Any, ...] = ()
    near: int = 0
    rules: RuleView | None = None
    recalled: Mapping[str, int] = field(default_factory=dict, compare=False)
    laps: tuple[Lap, ...] = field(default=(), compare=False)

    @property
    def divider(self) -> str | None:
        """What to write on the divider, before the first hit that is near; None where none is."""
        if not self.near:
            return None
        return "以下相近" if self.total.value else "没有完全符合的，以下相近"

    def timed(self, laps: Laps) -> SearchResponse:
        """The same, with the time it took."""
        return replace(self, took_ms=round(laps.seconds * 1000, 3), laps=laps.done)


@dataclass(frozen=True, slots=True)
class Examined:
    """The first candidates of a query: the text that is encoded of it, their ids and titles, and feature → values of
    them, shape (n,)."""

    query: str
    ids: tuple[str, ...]
    titles: tuple[str, ...]
    features: Mapping[str, FloatArray]
