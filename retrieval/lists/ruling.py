"""What an operator's rules do to a search: before it is recalled, to its candidates, and to places at the end.

    rewrite → recall → filter → score → hide, bury, boost → arrange → wishes give way → pins → the shopper's own order

Hidden products are out of the list, so out of its total and its facets, too. A boost is a labelled part of a score,
and moves no product over the divider: it makes nothing an answer. Pins come after wishes gave way, so they decide
nothing about that. In an order by price or date only what hides and filters counts.

A list that a cursor goes on in keeps the rules that it was made with, but what is hidden by now is on no page of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.answer import HeldRule, Hit, RuleEffect, RuleView, WhyNeutral
from retrieval.interest.profile import Profile
from retrieval.interest.taste import Taste
from retrieval.lists.meant import any_meant, let_in, products_of
from retrieval.lists.pins import Wanted, pinned
from retrieval.lists.relax import Answer, Wishes
from retrieval.lists.ruled import ruled
from retrieval.lists.score import Scored
from retrieval.rules.book import RuleBook
from retrieval.rules.edition import EMPTY, Edition, Ruled
from retrieval.rules.goods import belonging
from retrieval.rules.model import Action
from retrieval.rules.reading import Reading
from retrieval.rules.segments import belongs
from retrieval.search import Search
from retrieval.types import EVERYTHING, Filters, IntArray, Sort
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
        edition = self.edition
        search, plan = self._held(search, edition, understand)
        if not edition.occasions:
            return search, plan
        # Said beside the list, as of now: a campaign that is over is said on no page.
        asked = search.page.list
        read = [self._reading(search, plan, query) for query in dict.fromkeys((asked.query, asked.words.query))]
        return replace(search, occasion=edition.occasion(read, search.now, _segments(search, self._taste))), plan

    @property
    def edition(self) -> Edition:
        """That in force."""
        return self._draft or (self._book.current() if self._book else EMPTY)

    def _held(self, search: Search, edition: Edition, understand: Callable[[Search], Plan]) -> tuple[Search, Plan]:
        mark = search.page.list.rules
        if mark is not None:
            return replace(search, ruled=self._book.ruled(mark) if self._book else Ruled()), understand(search)
        plan = understand(search)
        if not edition.rules.rules:
            return _under(search, Ruled()), plan
        segment = _segments(search, self._taste)
        readings = [self._reading(search, plan, search.page.list.words.query)]
        at = edition.holding(readings, search.now, segment)
        rewriting = Ruled(edition, at).rewriting if _rewritable(search) else None
        if rewriting:
            other = replace(search.page.list, rewritten=rewriting.rewrite)
            search = replace(search, page=replace(search.page, list=other))
            plan = understand(search)
            readings.append(self._reading(search, plan, search.page.list.words.query))
            at = edition.holding(readings, search.now, segment)
        return _under(search, Ruled(edition, at)), plan

    def hiding(self, search: Search, plan: Plan, rows: IntArray, understand: Callable[[Search], Plan]) -> Search:
        """A search of a later page: what rules hide by now of its list, `rows`, may not be shown any more."""
        if not search.page.offset or not (edition := self.edition).rules.rules:
            return search
        asked = search.page.list
        readings = [self._reading(search, plan, asked.words.query)]
        if asked.rewritten:
            typed = replace(search, page=replace(search.page, list=replace(asked, rewritten="")))
            readings.append(self._reading(typed, understand(typed), typed.page.list.words.query))
        now = replace(
            search, ruled=Ruled(edition, edition.holding(readings, search.now, _segments(search, self._taste)))
        )
        if now.ruled.mark == search.ruled.mark:
            return search
        hidden = rows[any_meant(now, Action.HIDE, rows)]
        return replace(search, taken_down=np.union1d(search.taken_down, hidden).astype(np.int64))

    def allowed(self, search: Search, rows: IntArray) -> IntArray:
        """Those of `rows` that no rule hides or leaves out."""
        rows = search.reader.passing(self.within(search, Wishes(EVERYTHING, Sort.RELEVANCE)).filters, rows)
        return rows[~any_meant(search, Action.HIDE, rows) & let_in(search, rows)]

    def close(self) -> None:
        """Gives back what the book holds."""
        if self._book:
            self._book.journal.close()

    def within(self, search: Search, wishes: Wishes) -> Wishes:
        """The wishes, of what the rules leave."""
        filters = wishes.filters
        for _, products in products_of(search.ruled, Action.FILTER):
            filters = _both(filters, products.filters)
        return replace(wishes, filters=filters)

    def of(self, search: Search, scored: Scored, sort: Sort) -> Scored:
        """The candidates that stay, with what rules did to them (`retrieval.lists.ruled`)."""
        return ruled(search, scored, sort, self._options.most_points)

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
        there = self.allowed(search, search.reader.passing(filters, there))
        buried = any_meant(search, Action.BURY, there)
        free, answers = set(there[~buried].tolist()), set(arranged.list.rows[: arranged.above].tolist())
        wanted: list[Wanted] = []
        for rule in rules:
            for pin in sorted(rule.pin, key=lambda one: one.at):
                row = found[pin.id]
                # What is in a list is the same for all shoppers: a segment only moves what is there.
                if row is not None and row in free and (row in answers or not rule.when.segment):
                    free.discard(row)
                    wanted.append(Wanted(row, pin.at - 1, RuleEffect(rule.id, rule.name, Action.PIN)))
        return wanted

    def _reading(self, search: Search, plan: Plan, query: str) -> Reading:
        return Reading.of(
            query[:MAX_QUERY_CHARS], plan, search.understanding.analyzer.segmenter, self._options.category_share
        )


def view_of_rules(search: Search) -> RuleView | None:
    """What rules say beside the list; None where none holds."""
    held, occasion = search.ruled, search.occasion
    if not held.at and occasion is None:
        return None
    return RuleView(
        held.edition.version if held.at or occasion is None else occasion.version,
        tuple(HeldRule(rule.id, rule.name, tuple(rule.actions)) for rule in held.rules),
        search.page.list.rewritten or None,
        held.redirect,
        held.banners,
        occasion and occasion.campaign,
    )


def labelled(search: Search, rows: IntArray, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The hits of `rows`, those that belong to the campaign that the query means with its label."""
    if search.occasion is None:
        return hits
    campaign = search.occasion.campaign
    belong = belonging(search.reader, campaign, rows, [hit.id for hit in hits])
    pairs = zip(hits, belong.tolist(), strict=True)
    return tuple(replace(hit, campaign=campaign.label) if belongs else hit for hit, belongs in pairs)


def _under(search: Search, held: Ruled) -> Search:
    page = replace(search.page, list=replace(search.page.list, rules=held.mark))
    return replace(search, page=page, ruled=held)


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


def _both(one: Filters, other: Filters) -> Filters:
    """What passes both."""
    return replace(
        one,
        also=(*one.also, *other.keywords.items()),
        price=within(one.price, other.price),
        in_stock=one.in_stock or other.in_stock,
    )
