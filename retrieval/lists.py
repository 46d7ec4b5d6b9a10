"""The frozen list of a request: its constraints applied, or relaxed where they leave too little, and remembered."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from retrieval.closer import Stages, features_of, look_closer
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded
from retrieval.fusion.fusers import Fuser
from retrieval.lru import Lru
from retrieval.minds import PerGeneration
from retrieval.protocols import IndexReader
from retrieval.ranking.concentration import concentration
from retrieval.results import Matches, ResultList, build_list
from retrieval.types import Filters, FloatArray, IntArray, LexicalQuery, Sort
from retrieval.understanding.constraints.effects import relaxations, with_constraints, with_sort
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Autopsy, Constraint, Intent, Plan, Understood
from retrieval.understanding.reading.intent import concentrated
from retrieval.understanding.ways_out.autopsy import autopsy

_TERMS_LOOKED_UP = 8
ENOUGH = 0.7
"""A hit with such a share of the greatest relevance that the catalogue has for the query counts as one."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How a list is made.

    Attributes:
        depth: most lexical candidates.
        ranked: best lexical candidates that are scored in every channel.
        nearest: documents of the semantic channel.
        sorted_floor: share of the best BM25 score needed in lists not ordered by relevance.
        closely: best lexical candidates that the ranking stage looks at, beside all that are near.
        relax_below: hits about as relevant as any (`ENOUGH`); constraints read in words that leave fewer give way.
    """

    depth: int
    ranked: int
    nearest: int
    sorted_floor: float
    closely: int
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
    relaxed: tuple[str, ...] = ()

    def understood(self, plan: Plan) -> Understood:
        """The plan with what became of it."""
        sorting = next((c.id for c in plan.constraints if c.sort is not None and c.sort is self.sort), None)
        boosting = (c.id for c in plan.constraints if c.boosts and c.filters.empty)
        refined = replace(plan, intent=self._intent(plan.intent))
        return Understood(refined, (*self.applied, *([sorting] if sorting else ()), *boosting), self.relaxed)

    def _intent(self, intent: Intent | None) -> Intent | None:
        """Refined by the scores, where they are those of ranking."""
        if intent is None or self.sort is not Sort.RELEVANCE or not self.results.features:
            return intent
        sureness = concentration(self.results.scores)
        return intent if sureness is None else concentrated(intent, sureness)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the whole catalogue has for a query.

    Attributes:
        denied: the empty list, where nothing of it can be an answer.
        likely: the greatest relevance, 0 where nobody looked.
    """

    denied: ResultList | None = None
    likely: float = 0.0


class ListMaker:
    """Thread-safe. Remembers `kept` lists."""

    def __init__(self, fuser: Fuser, options: ListOptions, stages: PerGeneration[Stages | None], *, kept: int) -> None:
        self._fuser, self._options, self._stages = fuser, options, stages
        self._lists: Lru[Answer] = Lru(kept)
        self._grounds: Lru[Ground] = Lru(kept)

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
            denied = None if wished.empty else self._ground(reader, plan, matches, (key, answered)).denied
            results = denied or self._build(reader, plan, matches, wished, order, facets, shown, deny=wished.empty)
            return Answer(results, wished, order, applied)

        answer = build(plan.constraints)
        if answer.applied:
            bar = ENOUGH * self._ground(reader, plan, matches, (key, answered)).likely
            if self._poor(answer, bar):
                answer = self._relaxed(answer, map(build, relaxations(plan.constraints)), bar)
        self._lists.put(whole, answer)
        return answer

    def examine(self, reader: IndexReader, plan: Plan, matches: Matches) -> tuple[IntArray, dict[str, FloatArray]]:
        """The rows that would be looked at closely, in the order found, and feature → their values (n,)."""
        o, stages = self._options, self._stages.of(reader)
        results = build_list(
            reader, matches, Filters(), Sort.RELEVANCE, self._fuser, depth=o.depth, ranked=o.ranked, nearest=o.nearest,
            sorted_floor=o.sorted_floor, closely=o.closely,
        )  # fmt: skip
        rows = results.rows[results.first]
        return rows, features_of(reader, results, plan, stages) if stages else {}

    def autopsy(
        self, reader: IndexReader, plan: Plan, matches: Matches, answer: Answer, filters: Filters,
        knowledge: Knowledge, late: tuple[str, ...], deadline: Deadline,
    ) -> Autopsy:  # fmt: skip
        """Why the list of this request is empty.

        Args:
            filters: what the caller chose.
            answer: the empty one.
            late: channels that did not answer.
            deadline: after it nothing is searched any more.
        """

        def counts(other: Filters) -> int | None:
            if deadline.remaining() == 0:
                return None
            try:
                return len(self._build(reader, plan, matches, other, Sort.RELEVANCE, (), 0, deny=False).rows)
            except DeadlineExceeded:
                return None

        found, best = answer.results.denied, answer.results.best
        nearest = (found, best) if found and best is not None else None
        unknown = _unknown(reader, plan, matches, knowledge)
        return autopsy(plan, filters, knowledge, counts, unknown=unknown, failed=late, nearest=nearest)

    def _build(
        self, reader: IndexReader, plan: Plan, matches: Matches, filters: Filters, sort: Sort,
        facets: tuple[str, ...], shown: int, *, deny: bool,
    ) -> ResultList:  # fmt: skip
        o, stages = self._options, self._stages.of(reader)
        # Of a sorted list anything may come first, so all of it is looked at.
        closely = (o.closely if sort is Sort.RELEVANCE else o.depth) if stages else 0
        results = build_list(
            reader, matches, filters, sort, self._fuser, depth=o.depth, ranked=o.ranked, nearest=o.nearest,
            sorted_floor=o.sorted_floor, closely=closely, facets=facets, shown=shown,
        )  # fmt: skip
        return look_closer(reader, results, plan, stages, sort, deny=deny) if stages else results

    def _ground(self, reader: IndexReader, plan: Plan, matches: Matches, key: Hashable) -> Ground:
        """What the whole catalogue has for the query, whatever the filters."""
        if self._stages.of(reader) is None:
            return Ground()
        if (known := self._grounds.get(key)) is None:
            found = self._build(reader, plan, matches, Filters(), Sort.RELEVANCE, (), 0, deny=True)
            likely = 0.0 if found.relevance is None else float(np.nanmax(found.relevance, initial=0.0))
            known = Ground(found if found.denied else None, likely)
            self._grounds.put(key, known)
        return known

    def _poor(self, answer: Answer, bar: float) -> bool:
        """Too few hits, or none that match in words: those are only what is left nearest."""
        return _worth(answer, bar) < self._options.relax_below or answer.results.match == "nearest"

    def _relaxed(self, strict: Answer, others: Iterable[Answer], bar: float) -> Answer:
        """The first that is rich enough, else the last; `strict` where giving way does not help."""
        chosen = strict
        for chosen in others:
            if not self._poor(chosen, bar):
                break
        if _worth(chosen, bar) <= _worth(strict, bar) and self._poor(chosen, bar):
            return strict
        gone = tuple(one for one in strict.applied if one not in chosen.applied)
        return Answer(chosen.results, chosen.filters, chosen.sort, chosen.applied, gone)


def _worth(answer: Answer, bar: float) -> int:
    """Hits that are about as relevant as the catalogue has them; all, where nobody looked closely.

    Whoever asks for a cup below 100 yuan is not helped by nine shirts below 100 yuan that go with 妈妈.
    """
    relevance = answer.results.relevance
    return len(answer.results.rows) if relevance is None else int((relevance >= bar).sum())


def _unknown(reader: IndexReader, plan: Plan, matches: Matches, knowledge: Knowledge) -> tuple[str, ...]:
    """Terms of the query that no document has; none where the words were not searched."""
    if matches.lexical is None:
        return ()
    fields = matches.lexical.query.fields
    terms = [term for term in plan.text.required if term.text not in knowledge.words][:_TERMS_LOOKED_UP]
    looks = [
        (LexicalQuery({token: 1.0 for way in term.alternatives for token in way}, fields, (term.alternatives,), 1), 1)
        for term in terms
    ]
    try:
        found = list(reader.lexical_steps(looks)) if looks else []
    except DeadlineExceeded:
        return ()
    return tuple(term.text for term, candidates in zip(terms, found, strict=True) if not len(candidates.rows))
