"""The shape of `understood`, the part of an answer that says how the query was read (see `api.answer_schema`)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.schemas import FilterBody, SortName


class Shape(BaseModel):
    """Base: every field is always there, nothing else is."""

    model_config = ConfigDict(extra="forbid")


class RewriteAnswer(Shape):
    """What rules of the shop have searched instead; `rewrite` in `ignore` switches them off."""

    text: str
    rules: list[str]


class CorrectionAnswer(Shape):
    """Another spelling: searched instead, searched beside what was typed, or only offered."""

    text: str
    kind: str
    confidence: float
    action: Literal["replace", "both", "suggest"]


class AmountAnswer(Shape):
    """A range in base units (ml, g, mm, …); null is open."""

    unit: str
    min: float | None
    max: float | None


class ConstraintAnswer(Shape):
    """A wish read in the words `text`, and what became of it; its id in `ignore` switches it off.

    `overridden`: the caller chose something else; `relaxed`: it left too little.
    """

    id: str
    kind: str
    label: str
    text: str
    start: int
    end: int
    state: Literal["applied", "relaxed", "overridden", "ignored"]
    filters: FilterBody
    amount: AmountAnswer | None
    sort: SortName | None
    boosts: list[str]


class EntityAnswer(Shape):
    """A piece of the query with its kind."""

    kind: str
    value: str
    text: str
    start: int
    end: int
    confidence: float
    source: str


class CategoryAnswer(Shape):
    """A leaf category and how likely it is meant."""

    category: str
    probability: float


class IntentAnswer(Shape):
    """The kind of ask, and how much of what is wanted it says already; `parts` sum to `strength`."""

    kind: str
    strength: float
    parts: dict[str, float]


class LanguageAnswer(Shape):
    """How much the query sounds like those of shoppers, in nats a word and a symbol; null where nobody knows.

    `usage` below 0: people use its words more than shoppers do; `likelihood` near -11: characters drawn by chance.
    """

    usage: float | None
    likelihood: float | None


class ActionAnswer(Shape):
    """What to change in the request, together: ids to ignore, filters to leave out, or another query without any."""

    ignore: list[str]
    drop_filters: list[
        Literal[
            "category", "brand", "shop", "labels", "services", "quality", "attributes", "price", "in_stock", "without"
        ]
    ]
    query: str | None


class CauseAnswer(Shape):
    """Why there is no hit; `hits_without`: how many there are once `action` is taken, null where that is not known."""

    kind: Literal[
        "no_letters", "no_thing", "typo", "channel_failed", "constraint", "filter", "stock", "category_empty",
        "conditions", "taken_down", "unknown_word", "below_floor", "no_match",
    ]  # fmt: skip
    text: str
    hits_without: int | None
    action: ActionAnswer


class AutopsyAnswer(Shape):
    """Why an answer is empty, the most helpful cause first, and queries that lead to goods."""

    causes: list[CauseAnswer]
    suggestions: list[str]


class UnderstoodAnswer(Shape):
    """How the query was read. Offsets point into `query`, the normal form of what was typed."""

    query: str
    searched: str
    rewrite: RewriteAnswer | None
    correction: CorrectionAnswer | None
    constraints: list[ConstraintAnswer]
    entities: list[EntityAnswer]
    term_weights: dict[str, float]
    categories: list[CategoryAnswer]
    category_entropy: float
    intent: IntentAnswer | None
    language: LanguageAnswer
    autopsy: AutopsyAnswer | None
