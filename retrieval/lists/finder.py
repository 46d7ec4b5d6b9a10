"""What answers a query: the goods of the campaign that it means and nothing else, or what the catalogue has for it.

    recall → select → score → rule → arrange → wishes give way → pin → why nothing is left

What is found is the same for everybody; pages and the order of one shopper are made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from threading import Lock

from cachetools import LRUCache, cachedmethod

from retrieval.laps import Laps
from retrieval.lists.arrange import ArrangeOptions, arrange
from retrieval.lists.campaign_goods import CampaignGoods, meant_alone, said
from retrieval.lists.flagship import flagships
from retrieval.lists.lists import Lists
from retrieval.lists.relax import Answer, Wishes
from retrieval.lists.ruling import Ruling
from retrieval.recall.asked import Asked
from retrieval.recall.channels import Channels
from retrieval.recall.matches import Matches
from retrieval.rules.campaign import Campaign
from retrieval.search import Search
from retrieval.types import FloatArray, IntArray, Sort
from retrieval.understanding.plan import Autopsy, Plan


@dataclass(frozen=True, slots=True)
class Found:
    """A list, and what it was made of.

    Attributes:
        plan: what it is an answer to.
        matches: what channels recalled.
        late: those that did not answer, and the second look where it was left out.
        why: nothing of it is an answer; None where something is, where that was not asked, and on later pages.
    """

    plan: Plan
    answer: Answer
    matches: Matches
    late: tuple[str, ...] = ()
    why: Autopsy | None = None


class Finder:
    """Thread-safe. Remembers the last `kept` lists."""

    def __init__(
        self, channels: Channels, lists: Lists, goods: CampaignGoods, rules: Ruling, options: ArrangeOptions, *,
        kept: int,
    ) -> None:  # fmt: skip
        self._channels, self._lists, self._goods, self._rules = channels, lists, goods, rules
        self._options = options
        self._answers: LRUCache[Hashable, Answer] = LRUCache(kept)
        self._lock = Lock()

    def __len__(self) -> int:
        """Lists that are remembered."""
        return len(self._answers)

    def under(self, rules: Ruling) -> Finder:
        """This one with other rules: it shares all but the lists."""
        other = copy(self)
        other._rules, other._answers = rules, LRUCache(int(self._answers.maxsize))
        return other

    def find(self, search: Search, plan: Plan, laps: Laps) -> Found:
        """The list of a search.

        Raises:
            DeadlineExceeded: no channel answered in time, or no time was left to make a list.
        """
        campaign = meant_alone(search)
        return self._of_campaign(search, plan, campaign) if campaign else self._of_all(search, plan, laps)

    def examine(self, search: Search, plan: Plan) -> tuple[IntArray, dict[str, FloatArray]]:
        """As `Lists.examine`, of what the catalogue has; nothing is remembered."""
        matches, _ = self._recall(search, plan, None)
        return self._lists.examine(search, plan, matches)

    def _of_campaign(self, search: Search, plan: Plan, campaign: Campaign) -> Found:
        """Its goods, under the wishes of the caller and the rules that hold, those that pin, too."""
        within = self._rules.within(search, Wishes(search.page.list.filters, search.page.list.sort))
        goods = self._goods.answer(search, campaign, within, partial(self._rules.allowed, search))
        return Found(said(plan, campaign), self._rules.pinned(search, goods), Matches())

    def _of_all(self, search: Search, plan: Plan, laps: Laps) -> Found:
        """What the catalogue has."""
        matches, late = self._recall(search, plan, search.key(search.page.list.words))
        laps.lap("recall")
        matches, unread = self._lists.read(search, plan, matches)
        late, make = (*late, *unread), partial(self._made, search, plan, matches)
        answer = self._relaxed(search, plan, matches, make)
        asked = plan.intent and not answer.total and not search.page.offset
        why = self._lists.why_empty(search, plan, matches, late, answer, make) if asked else None
        return Found(plan, answer, matches, late, why)

    def _recall(self, search: Search, plan: Plan, key: Hashable | None) -> tuple[Matches, tuple[str, ...]]:
        opened = search.opened
        asked = Asked(search.reader, plan.text, opened.background, search.said, opened.reads_vectors)
        return self._channels.recall(asked, search.page.list.channels, search.deadline, key, hurried=search.hurried)

    @cachedmethod(
        attrgetter("_answers"), lambda _, search, plan, matches, make: search.key(search.page.list, *matches.parts),
        attrgetter("_lock"),
    )  # fmt: skip
    def _relaxed(self, search: Search, plan: Plan, matches: Matches, make: Callable[[Wishes], Answer]) -> Answer:
        return self._rules.pinned(search, self._lists.relaxed(search, plan, matches, make))

    def _made(self, search: Search, plan: Plan, matches: Matches, wishes: Wishes) -> Answer:
        """The list under some wishes."""
        within = self._rules.within(search, wishes)
        scored = self._lists.denied(search, plan, matches, within)
        if scored is None:
            selected = self._lists.select(search, matches, within)
            scored = self._lists.score(search, plan, matches, selected, within)
            scored = self._rules.of(search, scored, wishes.sort)
        own = flagships(search.reader, plan, scored, self._options.flagship) if wishes.sort is Sort.RELEVANCE else None
        return Answer(arrange(search.reader, scored, wishes.sort, self._options, own), wishes)
