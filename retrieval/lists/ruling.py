"""What an operator's rules do to a search: before it is recalled, to its candidates, and to places at the end.

    rewrite → recall → filter → score → hide, bury, boost → arrange → wishes give way → pins → the shopper's own order

Hidden products are out of the list, so out of its total and its facets, too. A boost is a labelled part of a score,
and moves no product over the divider: it makes nothing an answer. Pins come after wishes gave way, so they decide
nothing about that. In an order by price or date only what hides and filters counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.answer import HeldRule, RuleEffect, RuleView, WhyNeutral
from retrieval.interest.profile import Profile
from retrieval.interest.taste import Taste
from retrieval.lists.pins import Wanted, pinned
from retrieval.lists.relax import Answer, Wishes
from retrieval.lists.score import Scored
from retrieval.rules.book import RuleBook
from retrieval.rules.edition import Edition, Reading, Ruled
from retrieval.rules.model import Action, Products, Rule
from retrieval.rules.segments import belongs
from retrieval.search import Search
from retrieval.types import Filters, FloatArray, IntArray, Mask, Sort
from retrieval.understanding.constraints.effects import within
from retrieval.understanding.plan import Plan
from retrieval.understanding.understand import REWRITE


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """Bounds of what rules may do.

    Attributes:
        most_points: that all boosts together add to a score, ≥ 0.
        category_share: least probability of a category that is surely meant, in [0, 1].
        pin_in_stock: what is out of stock is not pinned; it stands where it stands by itself.
    """

    most_points: float
    category_share: float
    pin_in_stock: bool


class Ruling:
    """Thread-safe. Without a book, or a fixed edition, no rule holds."""

    def __init__(
        self, options: RuleOptions, book: RuleBook | None = None, taste: Taste | None = None,
        draft: Edition | None = None,
    ) -> None:  # fmt: skip
        """`draft` holds instead of what the book says."""
        self._options, self._book, self._taste, self._draft = options, book, taste, draft

    def under(self, draft: Edition) -> Ruling:
        """What it would do under other rules."""
        return Ruling(self._options, self._book, self._taste, draft)

    def read(self, search: Search, understand: Callable[[Search], Plan]) -> tuple[Search, Plan]:
        """The search with the rules that hold for it, and the plan of what is searched.

        A first page asks which hold; what a cursor goes on in was decided then.

        Raises:
            CursorExpired: the rules of the cursor are gone.
        """
        mark = search.page.list.rules
        if mark is not None:
            return replace(search, ruled=self._book.ruled(mark) if self._book else Ruled()), understand(search)
        plan = understand(search)
        edition = self._draft or (self._book.current() if self._book else None)
        if edition is None or not edition.rules.rules:
            return _under(search, Ruled()), plan
        segment = _segments(search, self._taste)
        readings = [self._reading(search, plan)]
        at = edition.holding(readings, search.now, segment)
        rewriting = Ruled(edition, at).rewriting if _rewritable(search) else None
        if rewriting:
            other = replace(search.page.list, query=rewriting.rewrite)
            search = replace(search, page=replace(search.page, list=other))
            plan = understand(search)
            readings.append(self._reading(search, plan))
            at = edition.holding(readings, search.now, segment)
        return _under(search, Ruled(edition, at)), plan

    def close(self) -> None:
        """Gives back what the book holds."""
        if self._book:
            self._book.journal.close()

    def within(self, search: Search, wishes: Wishes) -> Wishes:
        """The wishes, of what the rules leave."""
        filters = wishes.filters
        for _, products in _products(search.ruled, Action.FILTER):
            filters = _both(filters, products.filters)
        return replace(wishes, filters=filters)

    def of(self, search: Search, scored: Scored, sort: Sort) -> Scored:
        """The candidates that stay, with what rules did to them."""
        ruled = search.ruled
        if not ruled.at or not len(scored.rows):
            return scored
        gone = _any(search, Action.HIDE, scored.rows) | ~_listed(search, scored.rows)
        scored = scored.take(np.flatnonzero(~gone)) if gone.any() else scored
        if sort is not Sort.RELEVANCE or not len(scored.rows):
            return scored
        effects: dict[int, tuple[RuleEffect, ...]] = {}
        for rule, products in _products(ruled, Action.BURY):
            for row in scored.rows[_meant(search, products, scored.rows)].tolist():
                effects[row] = (*effects.get(row, ()), RuleEffect(rule.id, rule.name, Action.BURY))
        return replace(self._boosted(search, scored, effects), effects=effects)

    def pinned(self, search: Search, answer: Answer) -> Answer:
        """The answer with the products that rules pin in their places."""
        if answer.wishes.sort is not Sort.RELEVANCE or not any(rule.pin for rule in search.ruled.rules):
            return answer
        wanted = self._pins(search, answer)
        if not wanted:
            return answer
        bare, pins = pinned(answer.arranged, wanted)
        unpinned = replace(answer, arranged=bare)
        return replace(answer, arranged=pins.set_into(bare), unpinned=unpinned, pins=pins)

    def _pins(self, search: Search, answer: Answer) -> list[Wanted]:
        """What may be pinned, what counts first before: it passes what everything has to, and no rule takes it away."""
        rules, arranged = search.ruled.rules, answer.arranged
        ids = list(dict.fromkeys(pin.id for rule in rules for pin in rule.pin))
        found = dict(zip(ids, search.reader.rows_of(ids), strict=True))
        there = np.array([row for row in found.values() if row is not None], np.int64)
        filters = self.within(search, answer.wishes).filters
        filters = replace(filters, in_stock=True) if self._options.pin_in_stock else filters
        there = search.reader.passing(filters, there)
        taken = _any(search, Action.HIDE, there) | _any(search, Action.BURY, there) | ~_listed(search, there)
        free, answers = set(there[~taken].tolist()), set(arranged.list.rows[: arranged.above].tolist())
        wanted: list[Wanted] = []
        for rule in rules:
            for pin in sorted(rule.pin, key=lambda one: one.at):
                row = found[pin.id]
                # What is in a list is the same for all shoppers: a segment only moves what is there.
                if row is not None and row in free and (row in answers or not rule.when.segment):
                    free.discard(row)
                    wanted.append(Wanted(row, pin.at - 1, RuleEffect(rule.id, rule.name, Action.PIN)))
        return wanted

    def _boosted(self, search: Search, scored: Scored, effects: dict[int, tuple[RuleEffect, ...]]) -> Scored:
        """Points added, and labelled, where ranking looked; where nothing was ranked, a point is the scores' spread."""
        looked = scored.looked_at
        ranked = bool(looked.any())
        unit = np.float32(1.0) if ranked else scored.scores.std()
        may = ~np.isin(scored.rows, list(effects)) & (looked if ranked else True)
        left = np.where(may, np.float32(self._options.most_points), np.float32(0))
        parts: dict[str, FloatArray] = {}
        for rule in search.ruled.rules:
            for boost in rule.boost:
                meant = _meant(search, boost.products, scored.rows)
                added = np.where(meant, np.minimum(np.float32(boost.points), left), np.float32(0))
                left = left - added
                if added.any():
                    parts[rule.id] = parts.get(rule.id, np.float32(0)) + added * unit
        if not parts:
            return scored
        named = {rule.id: rule.name for rule in search.ruled.rules}
        for id, part in parts.items():
            for place in np.flatnonzero(part).tolist():
                effect = RuleEffect(id, named[id], Action.BOOST, float(part[place]))
                row = int(scored.rows[place])
                effects[row] = (*effects.get(row, ()), effect)
        at = np.arange(len(scored.rows)) if scored.parts_at is None else scored.parts_at
        size = len(next(iter(scored.features.values()), scored.rows))
        features = {**scored.features, **{f"rule:{id}": _by_part(part, at, size) for id, part in parts.items()}}
        scores = scored.scores + np.sum(list(parts.values()), axis=0, dtype=np.float32)
        return replace(scored, scores=scores, features=features, parts_at=at)

    def _reading(self, search: Search, plan: Plan) -> Reading:
        query = search.page.list.query[:MAX_QUERY_CHARS]
        return Reading.of(query, plan, search.understanding.analyzer.segmenter, self._options.category_share)


def view_of_rules(search: Search) -> RuleView | None:
    """What rules say beside the list; None where none holds."""
    ruled, query = search.ruled, search.page.list.query
    if not ruled.at:
        return None
    return RuleView(
        ruled.edition.version,
        tuple(HeldRule(rule.id, rule.name, tuple(rule.actions)) for rule in ruled.rules),
        next((rule.rewrite for rule in ruled.rules if rule.rewrite == query), None),
        ruled.redirect,
        ruled.banners,
    )


def _under(search: Search, ruled: Ruled) -> Search:
    page = replace(search.page, list=replace(search.page.list, rules=ruled.mark))
    return replace(search, page=page, ruled=ruled)


def _rewritable(search: Search) -> bool:
    """Whether the caller lets a rule have another query searched."""
    asked = search.page.list
    return asked.understand and REWRITE not in asked.ignore


def _segments(search: Search, taste: Taste | None) -> Callable[[str], bool]:
    """Whether who asks belongs to a segment; the profile is read when that is first asked."""
    profile: list[Profile | None] = []

    def segment(name: str) -> bool:
        if search.why_neutral is WhyNeutral.OFF:
            return False
        if not profile:
            known = taste if search.user_id or search.session_id else None
            read = known.profile(search.user_id, search.session_id, search.reader, search.now) if known else None
            profile.append(read)
        return belongs(name, profile[0])

    return segment


def _products(ruled: Ruled, action: Action) -> Iterator[tuple[Rule, Products]]:
    return ((rule, products) for rule in ruled.rules for what, products in rule.selectors if what is action)


def _meant(search: Search, products: Products, rows: IntArray) -> Mask:
    """Which of the rows are meant, shape (n,)."""
    reader, filters, meant = search.reader, products.filters, np.ones(len(rows), np.bool_)
    if products.named:
        ids = sorted(search.ruled.edition.rules.ids_of(products))
        meant &= np.isin(rows, [row for row in reader.rows_of(ids) if row is not None])
    if not filters.empty and len(rows):
        meant &= np.isin(rows, reader.passing(filters, rows))
    return meant


def _any(search: Search, action: Action, rows: IntArray) -> Mask:
    """Which of the rows a rule does this to."""
    found = np.zeros(len(rows), np.bool_)
    for _, products in _products(search.ruled, action):
        found |= _meant(search, products, rows)
    return found


def _listed(search: Search, rows: IntArray) -> Mask:
    """Which of the rows stand in all that the list is restricted to by name; filters are in force already."""
    found = np.ones(len(rows), np.bool_)
    for _, products in _products(search.ruled, Action.FILTER):
        if products.named:
            found &= _meant(search, Products(products.ids, products.set), rows)
    return found


def _both(one: Filters, other: Filters) -> Filters:
    """What passes both."""
    return replace(
        one,
        also=(*one.also, *other.keywords.items()),
        price=within(one.price, other.price),
        in_stock=one.in_stock or other.in_stock,
    )


def _by_part(part: FloatArray, at: IntArray, size: int) -> FloatArray:
    """By the place of the parts, shape (size,), what stands by candidate."""
    values = np.zeros(size, np.float32)
    values[at[at >= 0]] = part[at >= 0]
    return values
