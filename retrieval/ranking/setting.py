"""What a query says besides its words, as far as ranking reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.analysis.normalize import normalize
from retrieval.understanding.kinds import ConstraintKind, Kind
from retrieval.understanding.plan import Language, Plan


@dataclass(frozen=True, slots=True)
class Setting:
    """The plan of a query for ranking, and when it is asked.

    Attributes:
        costs: text of a term → what missing it costs (`Plan.term_weights`).
        kinds: text of a term → kind of the entity it stands in (`Plan.term_kinds`).
        categories: normalised name of a leaf category → its probability; category_entropy: in [0, 1].
        elsewhere: normalised names of the leaf categories of other departments.
        price: least and most that was said, in fen; None is open.
        language: how much it sounds like shoppers (`retrieval.understanding.plan.Language`).
        now: epoch seconds; from it the age of an offer is counted. That of the generation, so that a list stays itself.
    """

    costs: Mapping[str, float] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    categories: Mapping[str, float] = field(default_factory=dict)
    category_entropy: float = 1.0
    elsewhere: frozenset[str] = frozenset()
    price: tuple[int | None, int | None] = (None, None)
    language: Language = field(default_factory=Language)
    now: int = 0


def setting_of(plan: Plan, *, now: int) -> Setting:
    """What a plan says; of several prices the last one counts."""
    categories: dict[str, float] = {}
    for guess in plan.categories:
        leaf = normalize(guess.category.rsplit("/", 1)[-1])
        categories[leaf] = categories.get(leaf, 0.0) + guess.probability
    prices = [constraint.filters.price for constraint in plan.constraints if constraint.kind is ConstraintKind.PRICE]
    return Setting(
        plan.term_weights, plan.term_kinds, categories, plan.category_entropy, plan.elsewhere,
        price=prices[-1] if prices else (None, None), language=plan.language, now=now,
    )  # fmt: skip
