"""How a list is made, step by step, and what the whole catalogue has for a query whatever the filters."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from operator import attrgetter
from threading import Lock

import numpy as np
from cachetools import LRUCache, cachedmethod

from retrieval.fusion.fusers import Fuser
from retrieval.journeys import Upcoming, is_journey
from retrieval.lists.arrange import ArrangeOptions
from retrieval.lists.fuse import fuse
from retrieval.lists.relax import Answer, Wishes, relaxed
from retrieval.lists.score import Scored, features_of, score
from retrieval.lists.second import SecondLook, with_second
from retrieval.lists.select import Selection, SelectOptions, select
from retrieval.lists.why_empty import why_empty
from retrieval.recall.matches import Matches
from retrieval.search import Search
from retrieval.types import EVERYTHING, Filters, FloatArray, IntArray, Sort
from retrieval.understanding.plan import Autopsy, Plan

NO_WISHES = Wishes(EVERYTHING, Sort.RELEVANCE)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How lists are made; `relax_below`: a wish read in words that leaves fewer hits above the divider gives way."""

    select: SelectOptions
    arrange: ArrangeOptions
    relax_below: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What the whole catalogue has for a query.

    Attributes:
        denied: the empty list, where nothing of it can be an answer.
        likely: the greatest relevance, 1 where nobody looked, 0 where there is nothing.
    """

    denied: Scored | None
    likely: float


class Lists:
    """Thread-safe. Remembers what the catalogue has for `kept` queries."""

    def __init__(self, fuser: Fuser, options: ListOptions, *, kept: int, second: SecondLook | None = None) -> None:
        self._fuser, self._options, self._second = fuser, options, second
        self._grounds: LRUCache[Hashable, Ground] = LRUCache(kept)
        self._lock = Lock()

    def select(self, search: Search, matches: Matches, wishes: Wishes) -> Selection:
        """See `retrieval.lists.select`. Raises DeadlineExceeded when no time is left."""
        search.until.check()
        closely, options = search.opened.stages is not None, self._options
        divided = closely and options.arrange.divider > 0
        return select(
            search.reader, matches, wishes.filters, wishes.sort, options.select, closely=closely, divided=divided
        )

    def score(
        self, search: Search, plan: Plan, matches: Matches, selected: Selection, wishes: Wishes, *,
        deny: bool | None = None,
    ) -> Scored:  # fmt: skip
        """Fused first, then looked at closely; an unfiltered list may be denied, unless `deny` says otherwise."""
        _announce(search, matches, selected, divided=self._options.arrange.divider > 0)
        fused = fuse(search.reader, matches, selected, self._fuser)
        deny = wishes.filters.empty if deny is None else deny
        stages, query = search.opened.stages, matches.semantic.query if matches.semantic else None
        scored = score(search.reader, selected, fused, plan, stages, deny=deny, query=query)
        return with_second(scored, matches.read, self._second.weights) if self._second and matches.read else scored

    def read(self, search: Search, plan: Plan, matches: Matches) -> tuple[Matches, tuple[str, ...]]:
        """The matches with what a second look reads of the best; and its name, where it was left out for want of time.

        They are the best of the whole catalogue, whatever the filters and the order: so no filter changes a relevance.
        """
        if self._second is None or search.opened.stages is None:
            return matches, ()

        def whole() -> Scored:
            return self.score(search, plan, matches, self.select(search, matches, NO_WISHES), NO_WISHES)

        read = self._second.read(search, plan, matches, whole)
        return (matches, (SecondLook.name,)) if read is None else (replace(matches, read=read), ())

    @cachedmethod(
        attrgetter("_grounds"), lambda _, search, plan, matches: search.key(search.page.list.words, *matches.parts),
        attrgetter("_lock"),
    )  # fmt: skip
    def ground(self, search: Search, plan: Plan, matches: Matches) -> Ground:
        """What the whole catalogue has for the query."""
        if search.opened.stages is None:
            return Ground(None, 1.0)
        scored = self.score(search, plan, matches, self.select(search, matches, NO_WISHES), NO_WISHES)
        return Ground(scored if scored.denied else None, float(np.nanmax(scored.relevance, initial=0.0)))

    def denied(self, search: Search, plan: Plan, matches: Matches, wishes: Wishes) -> Scored | None:
        """The empty list, where filters ask for a part of what is denied as a whole."""
        return None if wishes.filters.empty else self.ground(search, plan, matches).denied

    def relaxed(self, search: Search, plan: Plan, matches: Matches, make: Callable[[Wishes], Answer]) -> Answer:
        """What `make` makes, where wishes leave too little with fewer of them."""
        asked, options = search.page.list, self._options

        def likely() -> float:
            return self.ground(search, plan, matches).likely

        return relaxed(
            plan, asked.filters, asked.sort, make, likely, below=options.relax_below, divider=options.arrange.divider
        )

    def why_empty(
        self, search: Search, plan: Plan, matches: Matches, late: tuple[str, ...], answer: Answer,
        make: Callable[[Wishes], Answer],
    ) -> Autopsy:  # fmt: skip
        """Why a list has nothing above the divider; after the deadline nothing is counted any more.

        Args:
            make: makes a list.
        """

        def hits_under(filters: Filters) -> int:
            search.deadline.check()
            if self.ground(search, plan, matches).denied is not None:
                return 0
            return make(Wishes(filters, answer.wishes.sort)).total

        chosen, knowledge = search.page.list.filters, search.understanding.knowledge
        return why_empty(search.reader, plan, matches, answer, chosen, knowledge, late, hits_under)

    def examine(self, search: Search, plan: Plan, matches: Matches) -> tuple[IntArray, dict[str, FloatArray]]:
        """The rows that would be looked at closely, the best first, and feature → their values (n,)."""
        selected = self.select(search, matches, NO_WISHES)
        fused = fuse(search.reader, matches, selected, self._fuser)
        best = np.argsort(-fused.scores[np.searchsorted(selected.rows, selected.closely)], kind="stable")
        stages, query = search.opened.stages, matches.semantic.query if matches.semantic else None
        features = features_of(search.reader, selected, fused, plan, stages, query) if stages else {}
        return selected.closely[best], {name: values[best] for name, values in features.items()}


def _announce(search: Search, matches: Matches, selected: Selection, *, divided: bool) -> None:
    """Where questions travel, those about this list may travel together; of which rows facets are counted is known only
    once a list is divided."""
    if not is_journey(search.reader) or not selected.chosen:
        return
    shown = search.page.offset + search.size
    records = np.unique(np.concatenate([each.rows[: 3 * shown] for each in selected.chosen.values()]))
    vector = matches.semantic.query.vector if matches.semantic else None
    facets = () if divided and len(selected.closely) else search.page.facets
    read = selected.closely if search.opened.reads_vectors and vector is not None else selected.closely[:0]
    near = selected.measured
    search.reader.announce(Upcoming(facets, selected.rows, selected.closely, records, vector, near, read))
