"""The nouns of understanding: what was read in a query, each with the characters it came from.

All offsets are into the normalised query (`retrieval.analysis.normalize`), half open: ``query[start:end]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.analysis.analyzer import QueryText
from retrieval.types import Filters, Sort
from retrieval.understanding.kinds import (
    CauseKind,
    ConstraintKind,
    CorrectionAction,
    CorrectionKind,
    IntentKind,
    Kind,
    Source,
)

THINGS = frozenset({Kind.PRODUCT, Kind.BRAND, Kind.MODEL})
"""What can be bought, by name."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the query with its kind.

    Attributes:
        value: canonical form, e.g. a brand as the catalogue writes it.
        confidence: in [0, 1].
        weight: what missing it costs, in [0, 1]: 1 for the product and the brand, near 0 for noise.
    """

    kind: Kind
    value: str
    start: int
    end: int
    confidence: float
    weight: float
    source: Source

    @property
    def names_thing(self) -> bool:
        """Whether it is a product, brand or model that somebody knows."""
        return self.kind in THINGS and self.source in (Source.LEXICON, Source.CATALOGUE)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A wish said in words, and what it does. One that leaves too few results is relaxed, and said.

    Attributes:
        id: stable inside an answer, e.g. ``price:7-13``; a caller that does not mean it sends it back to switch it off.
        label: as a chip shows it, in Chinese: ``¥100 以内``.
        filters: what it asks of every answer; empty for one that only sorts or boosts.
        amount: base unit (``retrieval.analysis.quantities``), least and most in base units, None is open.
            It becomes a filter once it is known which amounts the catalogue has.
        sort: the order it asks for.
        boosts: words that raise a document without being required.
        labels: tokens of support labels that meet it (`retrieval.analysis.labels`).
        consumed: the words are taken out of the searched text.
    """

    id: str
    kind: ConstraintKind
    label: str
    start: int
    end: int
    filters: Filters = field(default_factory=Filters)
    amount: tuple[str, float | None, float | None] | None = None
    sort: Sort | None = None
    boosts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    consumed: bool = True


@dataclass(frozen=True, slots=True)
class Correction:
    """Another spelling of the query.

    Attributes:
        text: the whole query as corrected.
        confidence: in [0, 1].
    """

    text: str
    kind: CorrectionKind
    confidence: float
    action: CorrectionAction


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a shop's rules have searched instead.

    Attributes:
        text: the whole query as rewritten, without the words of conditions.
        rules: what the rules that spoke are for, as normalised.
    """

    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryGuess:
    """A leaf category (path ``a/b/c``) and its probability."""

    category: str
    probability: float


@dataclass(frozen=True, slots=True)
class Intent:
    """What kind of ask this is, and how much of it is already said.

    Attributes:
        strength: in [0, 1]; how much of what the shopper wants is said. Personalisation is bounded by 1 - strength.
        parts: name → its part of the strength; they sum to it.
    """

    kind: IntentKind
    strength: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Language:
    """How much a query sounds like those of shoppers (`reading.language`); None where nobody knows.

    Attributes:
        usage: nats a word, in [-6, 6]: how much likelier shoppers use its words than people do; most lie in 0 … 5.
        likelihood: nats a symbol, below 0: most lie in -8 … -3, characters drawn by chance near -11.
    """

    usage: float | None = None
    likelihood: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query was understood to be, and what is searched for it.

    Attributes:
        query: normalised, as typed; all spans point into it.
        text: what is searched: without the words of constraints, corrected where that is sure, analysed.
        beside: other texts that are searched too: what was typed, what else pinyin may stand for, and synonyms in their
            places; each document is ranked for the one that it answers best.
        instances: what a category word means, or an amount as documents have it (``=g:5000``) → the text with it, or
            with the amount in another unit, in the place of what was said.
        constraints: read in the words; those that the caller switched off are in `ignored`.
        rewrite: what rules have searched instead, None where none speaks.
        correction: another spelling, None when the spelling is fine.
        term_weights: term of `text` → what missing it costs, in (0, 1].
        term_kinds: term of `text` → what it is; a term that stands in no entity is not in it.
        language: how much it sounds like those of shoppers.
        categories, category_entropy: where it belongs; entropy in [0, 1], 1 when nothing is known.
        elsewhere: normalised names of the leaf categories of other departments.
    """

    query: str
    text: QueryText
    constraints: tuple[Constraint, ...] = ()
    ignored: tuple[Constraint, ...] = ()
    rewrite: Rewriting | None = None
    correction: Correction | None = None
    entities: tuple[Entity, ...] = ()
    beside: tuple[QueryText, ...] = ()
    instances: Mapping[str, QueryText] = field(default_factory=dict)
    term_weights: Mapping[str, float] = field(default_factory=dict)
    term_kinds: Mapping[str, Kind] = field(default_factory=dict)
    categories: tuple[CategoryGuess, ...] = ()
    category_entropy: float = 1.0
    elsewhere: frozenset[str] = frozenset()
    intent: Intent | None = None
    language: Language = field(default_factory=Language)

    @property
    def is_no_shopping(self) -> bool:
        """Whether goods can hardly be meant: it is said so, or it is a question that names none."""
        kind = self.intent.kind if self.intent else None
        if kind is IntentKind.CONTENT:
            return not any(entity.names_thing for entity in self.entities)
        return kind is IntentKind.NOT_SHOPPING


@dataclass(frozen=True, slots=True)
class Action:
    """What a caller may change in its request, all of it together; empty where nothing would help.

    Attributes:
        ignore: ids to add to the ignored ones.
        drop_filters: filters of the caller to leave out: a keyword field, ``price``, ``in_stock`` or ``without``.
        query: what to search instead, without the filters; None keeps the query.
    """

    ignore: tuple[str, ...] = ()
    drop_filters: tuple[str, ...] = ()
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an answer is empty.

    Attributes:
        text: as a page shows it, in Chinese.
        hits_without: hits once `action` is taken; None where that was not counted.
    """

    kind: CauseKind
    text: str
    hits_without: int | None = None
    action: Action = field(default_factory=Action)


@dataclass(frozen=True, slots=True)
class Autopsy:
    """Why an answer is empty, the most helpful cause first, and what could be searched instead."""

    causes: tuple[Cause, ...]
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """A plan and what became of it in an answer.

    Attributes:
        applied: ids of the constraints in force.
        relaxed: ids of those that gave way because too little was left.
        autopsy: why there are no hits; None where there are.
    """

    plan: Plan
    applied: tuple[str, ...] = ()
    relaxed: tuple[str, ...] = ()
    autopsy: Autopsy | None = None
