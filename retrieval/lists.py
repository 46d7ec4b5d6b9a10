"""The frozen list of a request: its constraints applied, or relaxed where they leave too little, and remembered."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from retrieval.fusion.fusers import Fuser
from retrieval.lru import Lru
from retrieval.protocols import IndexReader
from retrieval.results import Matches, ResultList, build_list
from retrieval.types import Filters, Sort
from retrieval.understanding.effects import relaxations, with_constraints, with_sort
from retrieval.understanding.plan import Constraint, Plan, Understood


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How a list is made.

    Attributes:
        depth: most lexical candidates.
        ranked: best lexical candidates that are scored in every channel.
        nearest: documents of the semantic channel.
        sorted_floor: share of the best BM25 score needed in lists not ordered by relevance.
        relax_below: hits; constraints read in words that leave fewer give way.
    """

    depth: int
    ranked: int
    nearest: int
    sorted_floor: float
    relax_below: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A list with the filters and the order that made it.

    Attributes:
        filters: those of the caller and those of the constraints in force.
        applied, relaxed: ids of constraints that filter, and of those that gave way.
    """

    results: ResultList
    filters: Filters
    sort: Sort
    applied: tuple[str, ...] = ()
    relaxed: tuple[str, ...] = field(default=())

    def understood(self, plan: Plan) -> Understood:
        """The plan with what became of it."""
        sorting = next((c.id for c in plan.constraints if c.sort is not None and c.sort is self.sort), None)
        boosting = (c.id for c in plan.constraints if c.boosts and c.filters.empty)
        return Understood(plan, (*self.applied, *([sorting] if sorting else ()), *boosting), self.relaxed)


class ListMaker:
    """Thread-safe. Remembers `kept` lists."""

    def __init__(self, fuser: Fuser, options: ListOptions, *, kept: int) -> None:
        self._fuser, self._options = fuser, options
        self._lists: Lru[Answer] = Lru(kept)

    def __len__(self) -> int:
        return len(self._lists)

    def of(
        self, reader: IndexReader, plan: Plan, matches: Matches, filters: Filters, sort: Sort,
        facets: tuple[str, ...], shown: int, key: Hashable,
    ) -> Answer:  # fmt: skip
        """The list of this request, the same for every page of it.

        Args:
            filters, sort: what the caller chose.
            facets, shown: what will be counted on it, and how many of it are shown first.
            key: equal for equal plans in one generation.
        """
        answered = (matches.lexical is not None, matches.semantic is not None)
        whole = (key, filters.key, sort, answered)
        if (known := self._lists.get(whole)) is not None:
            return known

        def build(constraints: tuple[Constraint, ...]) -> Answer:
            wished, applied = with_constraints(filters, constraints)
            order = with_sort(sort, plan.constraints)
            o = self._options
            results = build_list(
                reader, matches, wished, order, self._fuser, depth=o.depth, ranked=o.ranked, nearest=o.nearest,
                sorted_floor=o.sorted_floor, facets=facets, shown=shown,
            )  # fmt: skip
            return Answer(results, wished, order, applied)

        answer = build(plan.constraints)
        if answer.applied and self._poor(answer):
            answer = self._relaxed(answer, [build(kept) for kept in relaxations(plan.constraints)])
        self._lists.put(whole, answer)
        return answer

    def _poor(self, answer: Answer) -> bool:
        """Too few hits, or none that match in words: those are only what is left nearest."""
        return len(answer.results.rows) < self._options.relax_below or answer.results.match == "nearest"

    def _relaxed(self, strict: Answer, others: list[Answer]) -> Answer:
        """The first that is rich enough; `strict` where giving way does not help."""
        chosen = next((other for other in others if not self._poor(other)), others[-1] if others else strict)
        if len(chosen.results.rows) <= len(strict.results.rows) and self._poor(chosen):
            return strict
        gone = tuple(one for one in strict.applied if one not in chosen.applied)
        return Answer(chosen.results, chosen.filters, chosen.sort, chosen.applied, gone)
