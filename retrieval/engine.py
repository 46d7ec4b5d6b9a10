"""The engine: understand → find (`retrieval.lists.finder`) → the shopper's own order → page → speech.

A running request sees one generation, and a cursor goes on in the generation it began in (`retrieval.serving.opened`).
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from copy import copy
from dataclasses import replace
from operator import attrgetter
from threading import Lock
from typing import Any

import numpy as np
import orjson
from cachetools import LRUCache, cachedmethod

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.answer import Examined, Product, SearchResponse
from retrieval.changes.seen import Changes
from retrieval.deadline import Deadline
from retrieval.fusion.fusers import Fuser
from retrieval.interest.taste import Taste
from retrieval.journeys import for_request
from retrieval.laps import Laps
from retrieval.lists.campaign_goods import CampaignGoods
from retrieval.lists.finder import Finder
from retrieval.lists.lists import Lists
from retrieval.lists.pages import page_of
from retrieval.lists.personal import OwnOrder, PersonalOptions
from retrieval.lists.refused import readings, refused, spared
from retrieval.lists.remembered import KeptPages, Moment
from retrieval.lists.ruling import Ruling
from retrieval.lists.second import SecondLook
from retrieval.live.view import Rooms
from retrieval.options import EngineOptions
from retrieval.protocols import Backend, Encoder
from retrieval.ranking.stage import MakeStages, no_stages
from retrieval.recall.channels import Channels
from retrieval.recall.lexical import LexicalRecall
from retrieval.recall.semantic import CHANNEL as SEMANTIC
from retrieval.recall.semantic import SemanticRecall, background_of
from retrieval.request import SearchRequest
from retrieval.rules.book import RuleBook
from retrieval.rules.edition import Edition
from retrieval.search import Search, first_page, next_page, why_neutral
from retrieval.serving.opened import OpenGenerations
from retrieval.serving.served import Served
from retrieval.serving.understandings import MakeUnderstanding, WordsOnly
from retrieval.takedowns.bans import Bans, NoBans
from retrieval.understanding.plan import Plan
from retrieval.understanding.ways_out.withheld import told_of
from retrieval.videos.airing import Airing
from retrieval.videos.beside import Beside

_JOURNEY_SECONDS = 0.06
"""What is left to ask of another machine when the last channel answered just in time is asked within this reserve."""
_WORK_SECONDS = 0.25
"""After the deadline and this reserve nothing more is begun here either."""


class Engine(Served):
    """Thread-safe. `encoder` is None for a service of words only; without `stages` nothing is ranked closely.

    `rules` is what an operator published; `taste` knows shoppers, `rooms` livestreams, `changes` what became of the
    catalogue since it was built, `bans` what may not be asked and offered; `second` reads the best once more.
    """

    def __init__(
        self, backend: Backend, encoder: Encoder | None, fuser: Fuser, options: EngineOptions,
        understanding: MakeUnderstanding, stages: MakeStages = no_stages, rules: RuleBook | None = None,
        taste: Taste | None = None, rooms: Rooms | None = None, changes: Changes | None = None,
        bans: Bans | None = None, second: SecondLook | None = None,
    ) -> None:  # fmt: skip
        self._fuser, self._options, self._rules = fuser, options, Ruling(options.rules, rules, taste)
        self._own, self.bans = OwnOrder(taste, options.personal), bans or NoBans()
        self._beside = Beside(options.videos, Airing(rooms, options.lift), self.bans)
        semantic = [SemanticRecall(encoder, options.lists.select.nearest)] if encoder else []
        self._channels = Channels(
            [*semantic, LexicalRecall(options.lexical), options.videos.recall],
            first=max(options.lists.select.measured, options.lists.select.closely),
            threads=options.threads, kept=options.kept,
        )  # fmt: skip
        self._finder = Finder(
            self._channels, Lists(fuser, options.lists, kept=options.kept, second=second),
            CampaignGoods(options.lists.arrange, taste), self._rules, options.lists.arrange, kept=options.kept,
        )  # fmt: skip
        generations = OpenGenerations(
            backend, encoder=encoder.fingerprint if encoder else None, stages=stages, background=background_of,
            changes=changes,
        )  # fmt: skip
        super().__init__(generations, understanding)
        self._plans: LRUCache[Hashable, Plan] = LRUCache(options.kept)
        self._pages = KeptPages(options.pages)
        self._lock = Lock()
        self.refresh()

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page of an answer.

        Raises:
            NotReady: no generation is published yet.
            InvalidRequest: the cursor is not one of ours.
            CursorExpired: the generation of the cursor is gone.
            DeadlineExceeded: no channel answered in time, or no time was left to make a list.
        """
        return self._again(lambda: self._search(request))

    def _search(self, request: SearchRequest) -> SearchResponse:
        laps = Laps()
        began, search, plan, known = self._known(request)
        laps.lap("understand")
        if known:
            return known.timed(laps)
        found = self._finder.find(search, plan, laps)
        plan, answer = found.plan, found.answer
        search = self._rules.hiding(search, plan, answer.arranged.list.rows, self._understand)
        why = found.why and told_of(found.why, plan.text, self.bans.titles(search.reader))
        laps.lap("list")
        own = self._own.of(search, plan, answer)
        laps.lap("personal")
        page = page_of(search, plan, found.matches, answer, found.late, why, self._fuser, self._options.facets, own)
        laps.lap("page")
        page = spared(self._beside.of(search, plan, found.matches, page), self.bans)
        self._pages.keep(search, began, page)
        laps.lap("videos")
        return page.timed(laps)

    def remembered(self, request: SearchRequest) -> SearchResponse | None:
        """The answer where nothing of it has to be made, None where something has. Raises as `search`."""
        laps = Laps()
        *_, known = self._again(lambda: self._known(request))
        laps.lap("understand")
        return known and known.timed(laps)

    def ahead(self, *requests: SearchRequest) -> None:
        """Has the queries of searches to come encoded meanwhile, many of them in batches. Returns at once; no answer
        depends on it."""
        meant = [each for each in requests if not each.cursor and SEMANTIC in each.channels]
        self._channels.ahead([each.query[:MAX_QUERY_CHARS] for each in meant], (SEMANTIC,))

    def beside(
        self, request: SearchRequest, document_ids: Sequence[str], timeout_ms: float | None = None
    ) -> dict[str, Product]:
        """Id → record of what may stand beside the answer to a search: it is found, and no rule that holds hides it.

        Raises as `search`.
        """

        def look() -> dict[str, Product]:
            search, _ = self._rules.read(self._begin(replace(request, timeout_ms=timeout_ms)), self._understand)
            found = [row for row in search.reader.rows_of(document_ids) if row is not None]
            rows = self._rules.allowed(search, np.array(found, np.int64))
            records = map(orjson.loads, search.reader.sources(rows))
            return {record["id"]: Product(search.page.snapshot.generation, record) for record in records}

        return self._again(look)

    def examine(self, query: str) -> Examined:
        """What the closer look sees of a query, to learn from. Nothing of it is remembered.

        Raises:
            NotReady: no generation is published yet.
        """
        search = self._begin(SearchRequest(query))
        plan = search.understanding.plan(query)
        rows, features = self._finder.examine(search, plan)
        records = [orjson.loads(source) for source in search.reader.sources(rows)]
        ids, titles = (tuple(record[name] for record in records) for name in ("id", "title"))
        return Examined(plan.text.normalized, ids, titles, features)

    def holding(self, request: SearchRequest) -> tuple[str, ...]:
        """Ids of the rules that hold for a search, what counts first before, and of the campaign that it means. Raises
        as `search`."""
        search, _ = self._rules.read(self._begin(request), self._understand)
        meant = (search.occasion.campaign.id,) if search.occasion else ()
        return (*(rule.id for rule in search.ruled.rules), *meant)

    @property
    def rules(self) -> Edition:
        """The rules and campaigns in force."""
        return self._rules.edition

    def trying(
        self, understanding: MakeUnderstanding | None = None, personal: PersonalOptions | None = None,
        rules: Edition | None = None,
    ) -> Engine:  # fmt: skip
        """This engine with one part changed, beside it: they share the rest, so only the first is to be closed."""
        other = copy(self)
        if understanding:
            other.use(understanding)
        other._own = self._own.under(personal) if personal else self._own
        if rules:
            other._rules = self._rules.under(rules)
            other._finder = self._finder.under(other._rules)
            other._pages = KeptPages(self._options.pages)
        return other

    def status(self) -> dict[str, Any]:
        """What is being served, and how much of it is remembered."""
        served = super().status()
        if self.generation is None:
            return served
        kept = {"lists_kept": len(self._finder), "pages_kept": len(self._pages)}
        return served | kept | {"profiles_read": self._own.profiles_read}

    def close(self) -> None:
        """Stops the threads; running searches end first."""
        self._channels.close()
        self._generations.close()
        self._rules.close()

    def _known(self, request: SearchRequest) -> tuple[Moment, Search, Plan, SearchResponse | None]:
        """What is asked, when, and the answer where it is remembered, or may be none."""
        now = Moment(self._generations.changes.epoch(), self._beside.air)
        search, plan = self._rules.read(self._begin(request), self._understand)
        asked = search.page.list.query if request.cursor else request.query
        if ban := self.bans.ban(asked, *readings(search.page.list.query, plan)):
            return now, search, plan, refused(search, asked, plan, ban)
        return now, search, plan, self._pages.get(search, now)

    def _begin(self, request: SearchRequest) -> Search:
        deadline = Deadline.after_ms(request.timeout_ms)
        if request.cursor:
            page = next_page(request, request.cursor)
            generation, epoch = page.snapshot.generation, page.snapshot.epoch
            present = self._generations.of(generation, deadline)
            opened = self._generations.of(generation, deadline, epoch)
        else:
            opened = present = self._generations.of(self._generations.current(), deadline)
            page = first_page(request, opened.reader.snapshot)
        said = present.said  # what is said is looked at anew for each page
        edition, late = self._understandings, deadline.later(_JOURNEY_SECONDS)
        reader = for_request(opened.reader, late)
        return Search(
            replace(page, snapshot=opened.reader.snapshot), request.size, request.explain, opened, reader, edition,
            edition.of(opened.reader), deadline, deadline.later(_WORK_SECONDS), request.user_id, request.session_id,
            why_neutral(request, page), said and said.asked(for_request(present.reader, late), late), request.kinds,
            self._generations.taken_down(opened), time.time() if request.now is None else request.now,
            hurried=request.hurried,
        )  # fmt: skip

    @cachedmethod(attrgetter("_plans"), lambda _, search: search.reading_key, attrgetter("_lock"))
    def _understand(self, search: Search) -> Plan:
        asked, reads, query = search.page.list, search.understanding, search.page.list.words.query
        # Of 100 queries 97 are searched as they are written: they are encoded while they are read.
        if not search.hurried:
            self._channels.ahead((query,), asked.channels)
        return (reads if asked.understand else WordsOnly(reads.analyzer)).plan(query, asked.ignore)
