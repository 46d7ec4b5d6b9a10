"""When a wish read in words gives way: where it leaves too few hits above the divider.

Whoever asks for a cup below 100 yuan is not helped by nine shirts below 100 yuan that go with 妈妈. What the caller
chose never gives way. Where the whole catalogue has nothing above the divider, a wish is lost for little: it gives way
only where it leaves nothing that is about as near as the nearest. What is excluded (手机壳 -透明) comes back only where
nothing that counts is left without it: one hit is better than two of which one is what nobody wants. And where a wish
holds without the caller's filters, it holds with them while anything is left: a facet counts what a click shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from retrieval.lists.arrange import Arranged
from retrieval.lists.pins import Pins
from retrieval.ranking.concentration import concentration
from retrieval.types import EVERYTHING, Filters, Match, Sort
from retrieval.understanding.constraints.effects import relaxations, with_constraints, with_sort
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint, Intent, Plan, Understood
from retrieval.understanding.reading.intent import concentrated

ENOUGH = 0.7
"""Where nothing reaches the divider, or there is none, a hit with such a share of the greatest relevance counts."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a list is asked for: filters and order of the caller, and of the constraints in force (`applied`: ids)."""

    filters: Filters
    sort: Sort
    applied: tuple[str, ...] = ()

    @classmethod
    def of(cls, filters: Filters, sort: Sort, plan: Plan, constraints: tuple[Constraint, ...]) -> Wishes:
        """Of what the caller chose and these of the constraints of a plan."""
        wished, applied = with_constraints(filters, constraints)
        return cls(wished, with_sort(sort, plan.constraints), applied)


@dataclass(frozen=True, slots=True)
class Answer:
    """A list with the wishes that made it.

    Attributes:
        relaxed: ids of the constraints that gave way.
        unpinned: the same without what an operator pinned, and `pins` that; None where nothing is pinned.
    """

    arranged: Arranged
    wishes: Wishes
    relaxed: tuple[str, ...] = ()
    unpinned: Answer | None = None
    pins: Pins | None = None
    _understood: list[Understood] = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def total(self) -> int:
        """Documents above the divider."""
        return self.arranged.above

    @property
    def near(self) -> int:
        """Documents under it."""
        return len(self.arranged.list.rows) - self.arranged.above

    def understood(self, plan: Plan) -> Understood:
        """The plan with what became of it: made when it is first asked for, since an answer is that of one plan."""
        if self.unpinned:
            return self.unpinned.understood(plan)
        if not self._understood:
            self._understood.append(self._refined(plan))
        return self._understood[0]

    def _refined(self, plan: Plan) -> Understood:
        sort = self.wishes.sort
        sorting = next((c.id for c in plan.constraints if c.sort is not None and c.sort is sort), None)
        boosting = (c.id for c in plan.constraints if c.boosts and c.filters.empty)
        refined = replace(plan, intent=self._intent(plan.intent))
        applied = (*self.wishes.applied, *([sorting] if sorting else ()), *boosting)
        return Understood(refined, applied, self.relaxed)

    def _intent(self, intent: Intent | None) -> Intent | None:
        """Refined by the scores, where they are those of ranking."""
        scored = self.arranged.list
        ranked = bool(scored.features) and bool(scored.looked_at.any())
        if intent is None or self.wishes.sort is not Sort.RELEVANCE or not ranked:
            return intent
        sureness = concentration(scored.scores)
        return intent if sureness is None else concentrated(intent, sureness)


def relaxed(
    plan: Plan, filters: Filters, sort: Sort, make: Callable[[Wishes], Answer], likely: Callable[[], float],
    *, below: int, divider: float,
) -> Answer:  # fmt: skip
    """The list with all wishes in force, or with one kind less at a time where that leaves enough.

    Args:
        filters, sort: what the caller chose.
        make: makes a list.
        likely: gives the greatest relevance that the whole catalogue has for the query, 1 where nobody looked.
        below: fewer hits above the divider are too few.
        divider: least relevance of what stands above it; 0: there is none.
    """
    strict = make(Wishes.of(filters, sort, plan, plan.constraints))
    if not strict.wishes.applied:
        return strict
    best = likely()
    answered = not divider or best >= divider
    bar = divider if divider and answered else ENOUGH * best
    enough = below if answered else min(below, 1)

    def worth(answer: Answer) -> int:
        scored = answer.arranged.list
        return int((scored.relevance >= bar).sum()) if scored.looked_at.any() else len(scored.rows)

    def poor(answer: Answer) -> bool:
        """Too few hits, or none that match in words: those are only what is left nearest."""
        return worth(answer) < enough or answer.arranged.list.match is Match.NEAREST

    if not poor(strict):
        return strict
    if not filters.empty and worth(strict) and not poor(make(Wishes.of(EVERYTHING, sort, plan, plan.constraints))):
        return strict
    fewer = relaxations(plan.constraints)
    if worth(strict) and strict.arranged.list.match is not Match.NEAREST:
        fewer = [kept for kept in fewer if _excluded(kept) == _excluded(plan.constraints)]
    others = (make(Wishes.of(filters, sort, plan, kept)) for kept in fewer)
    chosen = _first_rich(strict, others, poor)
    if worth(chosen) <= worth(strict) and poor(chosen):
        return strict
    gone = tuple(one for one in strict.wishes.applied if one not in chosen.wishes.applied)
    return replace(chosen, relaxed=gone)


def _excluded(constraints: Iterable[Constraint]) -> list[str]:
    return [each.id for each in constraints if each.kind is ConstraintKind.NEGATION]


def _first_rich(strict: Answer, others: Iterable[Answer], poor: Callable[[Answer], bool]) -> Answer:
    """The first that is rich enough, else the last."""
    chosen = strict
    for chosen in others:
        if not poor(chosen):
            break
    return chosen
