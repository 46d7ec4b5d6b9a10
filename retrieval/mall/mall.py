"""The mall: its feed, things like a thing, queries like a query, over whatever generation serves.

What the crowd did is learned aside, now and then, and swapped in between two requests; so is what is made once for a
generation. Searches wait for neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from threading import Lock
from typing import Protocol

from cachetools import LRUCache

from retrieval.deadline import Deadline
from retrieval.interest.store import EventStore
from retrieval.interest.taste import Taste
from retrieval.journeys import for_request
from retrieval.mall.answer import AlsoAnswer, FeedAnswer, FeedRequest, RelatedAnswer, RelatedQuery, SimilarAnswer
from retrieval.mall.campaigns import Campaigns
from retrieval.mall.channels import Channels, path_of, tidy
from retrieval.mall.columns import Forbids
from retrieval.mall.crowd import Crowd, learn_crowd, nobody
from retrieval.mall.feed import Feed, Visit, begin
from retrieval.mall.options import MallOptions
from retrieval.mall.pages import (
    CampaignAnswer,
    CampaignRequest,
    CampaignsAnswer,
    CampaignsRequest,
    ChannelsAnswer,
    ShopAnswer,
    ShopRequest,
)
from retrieval.mall.place import Place
from retrieval.mall.places import Places
from retrieval.mall.related import LoggedQueries, related
from retrieval.mall.shops import Shops
from retrieval.mall.similar import Similar
from retrieval.protocols import IndexReader
from retrieval.rules.edition import EMPTY, Edition
from retrieval.serving.once import Once
from retrieval.serving.opened import Opened, giving_way
from retrieval.serving.understandings import Understanding

_KEPT = 3
_TRIED = 2
"""Times as many related queries are tried as are wanted: some find nothing."""
_SPELLED = 20_000
"""Queries of which it is remembered whether they are spelled right: reading one takes 2 ms."""


class Generations(Protocol):
    """What serves the generations: a `retrieval.engine.Engine`."""

    @property
    def serving(self) -> Opened:
        """The generation being served. Raises NotReady."""

    def opened(self, generation: str, deadline: Deadline | None = None) -> Opened:
        """A generation. Raises CursorExpired."""

    def reading(self, reader: IndexReader) -> Understanding:
        """What reads the queries of a generation."""


class Mall:
    """Thread-safe. Without a `store` there is no crowd; without a `taste` there are no shoppers.

    `learn_too` is called when the crowd was learned: what others learn from all events. Queries that are `unsayable`
    are offered to nobody. `rules` are those in force, with their campaigns; `answers` says whether a query finds
    anything.
    """

    def __init__(
        self, generations: Generations, options: MallOptions, store: EventStore | None = None,
        taste: Taste | None = None, forbids: Forbids = lambda _: False, clock: Callable[[], float] = time.monotonic,
        learn_too: Callable[[IndexReader], None] = lambda _: None, unsayable: Callable[[str], bool] = lambda _: False,
        rules: Callable[[], Edition] = lambda: EMPTY,
        answers: Callable[[IndexReader, str], bool] = lambda _, query: True,
    ) -> None:  # fmt: skip
        self._generations, self._options, self._store, self._forbids = generations, options, store, forbids
        self._feed, self._similar = Feed(taste, options), Similar(options.fields)
        self._channels, self._shops = Channels(options.facets), Shops(taste, options.feed)
        self._campaigns = Campaigns(rules, taste, options.facets)
        self._learned = 0, nobody()
        self._learned_at: float | None = None
        self._clock, self._learn_too, self._unsayable, self._answers = clock, learn_too, unsayable, answers
        self._places = Places(options.feed.least_quality, forbids)
        self._logs: Once[str, LoggedQueries] = Once(_KEPT)
        self._misspelled: LRUCache[tuple[str, str], bool] = LRUCache(_SPELLED)
        self._lock = Lock()

    def feed(self, request: FeedRequest) -> FeedAnswer:
        """One page.

        Raises:
            InvalidRequest: the cursor is none of ours, or of another shopper.
            NotReady, CursorExpired, DeadlineExceeded, StorageError.
        """
        started = time.perf_counter()
        return replace(self._feed.page(self._visit(request)), took_ms=_since(started))

    def channels(self, request: FeedRequest) -> ChannelsAnswer:
        """The channels of the mall; with a category its page, and the first page of the feed bounded to it.

        Raises:
            NotFound: there is no such category.
            NotReady, DeadlineExceeded, StorageError.
        """
        started = time.perf_counter()
        category = tidy(request.category)
        visit = self._visit(replace(request, category=category, cursor=None))
        hall = self._channels.hall(visit.reader, visit.place, category)
        feed = self._feed.page(visit) if category else None
        return ChannelsAnswer(
            category, path_of(category), hall.channels, hall.counted, feed, visit.reader.snapshot.generation,
            _since(started),
        )  # fmt: skip

    def shop(self, request: ShopRequest) -> ShopAnswer:
        """The page of a shop. Raises NotFound, NotReady, DeadlineExceeded, StorageError."""
        started, reader = time.perf_counter(), self._generations.serving.reader
        asked = for_request(reader, Deadline.after_ms(request.timeout_ms))
        request = replace(request, category=tidy(request.category))
        found = self._shops.page(asked, self._place(reader), request)
        return replace(found, took_ms=_since(started))

    def campaigns(self, request: CampaignsRequest) -> CampaignsAnswer:
        """The campaigns that run. Raises NotReady, DeadlineExceeded."""
        started, reader = time.perf_counter(), self._generations.serving.reader
        asked = for_request(reader, Deadline.after_ms(request.timeout_ms))
        return replace(self._campaigns.running(asked, self._place(reader), request), took_ms=_since(started))

    def campaign(self, request: CampaignRequest) -> CampaignAnswer:
        """A page of one of them. Raises NotFound, NotReady, DeadlineExceeded."""
        started, reader = time.perf_counter(), self._generations.serving.reader
        asked = for_request(reader, Deadline.after_ms(request.timeout_ms))
        request = replace(request, category=tidy(request.category))
        return replace(self._campaigns.page(asked, self._place(reader), request), took_ms=_since(started))

    def similar(self, id: str, size: int, timeout_ms: float | None = None) -> SimilarAnswer:
        """Things like a thing. Raises NotFound, NotReady, DeadlineExceeded."""
        started, reader = time.perf_counter(), self._generations.serving.reader
        asked = for_request(reader, Deadline.after_ms(timeout_ms))
        analyzer = self._generations.reading(reader).analyzer
        found = self._similar.like(asked, self._place(reader), analyzer, id, size)
        return SimilarAnswer(id, found, reader.snapshot.generation, _since(started))

    def also(self, id: str, size: int, timeout_ms: float | None = None) -> AlsoAnswer:
        """What shoppers looked at, and bought, with a thing. Raises NotFound, NotReady, DeadlineExceeded."""
        started, reader = time.perf_counter(), self._generations.serving.reader
        asked = for_request(reader, Deadline.after_ms(timeout_ms))
        analyzer = self._generations.reading(reader).analyzer
        viewed, bought = self._similar.also(asked, self._place(reader), analyzer, id, size)
        return AlsoAnswer(id, viewed, bought, reader.snapshot.generation, _since(started))

    def related(self, query: str, size: int) -> RelatedAnswer:
        """Queries that go with a query. Raises NotReady."""
        started, reader = time.perf_counter(), self._generations.serving.reader
        tried = islice(self._like(reader, query), _TRIED * size)
        found = tuple(islice((one for one in tried if self._answers(reader, one.query)), size))
        return RelatedAnswer(query, found, reader.snapshot.generation, _since(started))

    def asked_after(self, video: str) -> tuple[str, ...]:
        """What several shoppers searched after they watched a video, the most frequent first."""
        return self._learned[1].after_watching.get(video, ())

    def asked_like(self, query: str, size: int) -> tuple[str, ...]:
        """Queries that go with a query, whatever they find. Raises NotReady."""
        return tuple(one.query for one in islice(self._like(self._generations.serving.reader, query), size))

    def fit(self, query: str) -> bool:
        """Whether a query may be shown to others. Raises NotReady."""
        return not self._unfit(self._generations.serving.reader, query)

    def refresh(self, every: float = 0.0) -> bool:
        """Learns from the events when that was last done `every` seconds ago, and looks at a new generation; True
        when it did either.

        Raises:
            NotReady, StorageError: nothing has changed then.
        """
        reader = self._generations.serving.reader
        due = self._learned_at is None or self._clock() - self._learned_at >= every
        if self._store is not None and due:
            self._learned_at = self._clock()
            with giving_way():
                self._learn_too(reader)
                learned = self._learned[0] + 1, learn_crowd(self._store, self._options.crowd)
                self._place(reader, learned)
                self._log(reader)
            self._learned = learned
            return True
        with giving_way():
            self._place(reader)
            self._log(reader)
        return False

    def _visit(self, request: FeedRequest) -> Visit:
        deadline = Deadline.after_ms(request.timeout_ms)
        opened = self._generations.serving
        at = begin(request, opened.reader.snapshot)
        if request.cursor:
            opened = self._generations.opened(at.snapshot.generation, deadline)
        analyzer = self._generations.reading(opened.reader).analyzer
        return Visit(request, at, for_request(opened.reader, deadline), self._place(opened.reader), analyzer)

    def _like(self, reader: IndexReader, query: str) -> Iterator[RelatedQuery]:
        return related(query, self._learned[1].queries, self._log(reader), partial(self._unfit, reader))

    def _unfit(self, reader: IndexReader, query: str) -> bool:
        """Whether a query is about something sensitive, may not be offered, or would be spelled otherwise."""
        if self._forbids(query) or self._unsayable(query):
            return True
        key = reader.snapshot.generation, query
        with self._lock:
            known = self._misspelled.get(key)
        if known is None:
            known = self._generations.reading(reader).plan(query).correction is not None
            with self._lock:
                self._misspelled[key] = known
        return known

    def _place(self, reader: IndexReader, learned: tuple[int, Crowd] | None = None) -> Place:
        return self._places.of(reader, *(learned or self._learned))

    def _log(self, reader: IndexReader) -> LoggedQueries:
        knowledge = self._generations.reading(reader).knowledge
        return self._logs.of(reader.snapshot.generation, lambda: LoggedQueries.of(knowledge.queries))


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
