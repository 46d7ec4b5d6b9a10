"""The engine: understand → recall → select → score → rule → arrange → pin → the shopper's own order → page → speech.

A running request sees one generation, and a cursor goes on in the generation it began in (`retrieval.serving.opened`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from operator import attrgetter
from threading import Lock
from typing import Any

import numpy as np
import orjson
from cachetools import LRUCache, cachedmethod

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.answer import Examined, Product, SearchResponse
from retrieval.changes.products import built_at
from retrieval.changes.seen import Changes
from retrieval.deadline import Deadline
from retrieval.fusion.fusers import Fuser
from retrieval.interest.taste import Taste
from retrieval.journeys import for_request
from retrieval.laps import Laps
from retrieval.lists.arrange import arrange
from retrieval.lists.campaign_goods import CampaignGoods, meant_alone, said
from retrieval.lists.flagship import flagships
from retrieval.lists.lists import Lists
from retrieval.lists.pages import page_of
from retrieval.lists.personal import OwnOrder, PersonalOptions
from retrieval.lists.refused import readings, refused, spared
from retrieval.lists.relax import Answer, Wishes
from retrieval.lists.remembered import KeptPages, Moment
from retrieval.lists.ruling import Ruling
from retrieval.lists.second import SecondLook
from retrieval.live.view import Rooms
from retrieval.options import EngineOptions
from retrieval.protocols import Backend, Encoder
from retrieval.ranking.stage import MakeStages, no_stages
from retrieval.recall.asked import Asked
from retrieval.recall.channels import Channels
from retrieval.recall.lexical import LexicalRecall
from retrieval.recall.matches import Matches
from retrieval.recall.semantic import SemanticRecall, background_of
from retrieval.request import SearchRequest
from retrieval.rules.book import RuleBook
from retrieval.rules.edition import Edition
from retrieval.search import Search, first_page, next_page, why_neutral
from retrieval.serving.opened import OpenGenerations
from retrieval.serving.served import Served
from retrieval.serving.understandings import MakeUnderstanding, WordsOnly
from retrieval.takedowns.bans import Bans, NoBans
from retrieval.types import CHANNELS, Sort
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
        self._lists = Lists(fuser, options.lists, kept=options.kept, second=second)
        self._goods = CampaignGoods(options.lists.arrange, taste)
        generations = OpenGenerations(
            backend, encoder=encoder.fingerprint if encoder else None, stages=stages, background=background_of,
            changes=changes,
        )  # fmt: skip
        super().__init__(generations, understanding)
        self._plans: LRUCache[Hashable, Plan] = LRUCache(options.kept)
        self._answers: LRUCache[Hashable, Answer] = LRUCache(options.kept)
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
        campaign = meant_alone(search)
        plan = said(plan, campaign) if campaign else plan
        matches, late = (Matches(), ()) if campaign else self._recall(search, plan)
        laps.lap("recall")
        matches, unread = (matches, ()) if campaign else self._lists.read(search, plan, matches)
        late = (*late, *unread)

        def listed(wishes: Wishes) -> Answer:
            within = self._rules.within(search, wishes)
            scored = self._lists.denied(search, plan, matches, within)
            if scored is None:
                selected = self._lists.select(search, matches, within)
                scored = self._lists.score(search, plan, matches, selected, within)
                scored = self._rules.of(search, scored, wishes.sort)
            options = self._options.lists.arrange
            own = flagships(search.reader, plan, scored, options.flagship) if wishes.sort is Sort.RELEVANCE else None
            return Answer(arrange(search.reader, scored, wishes.sort, options, own), wishes)

        if campaign:
            within = self._rules.within(search, Wishes(search.page.list.filters, search.page.list.sort))
            answer = self._goods.answer(search, campaign, within, partial(self._rules.allowed, search))
        else:
            answer = self._relax(search, plan, matches, listed)
        search = self._rules.hiding(search, plan, answer.arranged.list.rows, self._understand)
        asks_why = plan.intent and not answer.total and not search.page.offset and not campaign
        why = self._lists.why_empty(search, plan, matches, late, answer, listed) if asks_why else None
        why = why and told_of(why, plan.text, self.bans.titles(search.reader))
        laps.lap("list")
        own = self._own.of(search, plan, answer)
        laps.lap("personal")
        page = page_of(search, plan, matches, answer, late, why, self._fuser, self._options.facets, own)
        laps.lap("page")
        page = spared(self._beside.of(search, plan, matches, page), self.bans)
        self._pages.keep(search, began, page)
        laps.lap("videos")
        return page.timed(laps)

    def remembered(self, request: SearchRequest) -> SearchResponse | None:
        """The answer where nothing of it has to be made, None where something has. Raises as `search`."""
        laps = Laps()
        *_, known = self._again(lambda: self._known(request))
        laps.lap("understand")
        return known and known.timed(laps)

    def ahead(self, request: SearchRequest) -> None:
        """Has the query of a search encoded that still waits for a thread. Returns at once; no answer depends on it."""
        if not request.cursor:
            self._channels.ahead((request.query[:MAX_QUERY_CHARS],), request.channels)

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
        opened = search.opened
        asked = Asked(search.reader, plan.text, opened.background, search.said, opened.reads_vectors)
        matches, _ = self._channels.recall(asked, search.page.list.channels, search.deadline, None)
        rows, features = self._lists.examine(search, plan, matches)
        return Examined(tuple(orjson.loads(source)["id"] for source in search.reader.sources(rows)), features)

    def expect(self, queries: Sequence[str]) -> None:
        """Has queries that will be searched one after the other encoded meanwhile, in batches."""
        self._channels.ahead(queries, CHANNELS)

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
            other._rules, other._answers = self._rules.under(rules), LRUCache(self._options.kept)
            other._pages = KeptPages(self._options.pages)
        return other

    def status(self) -> Mapping[str, Any]:
        """What is being served, for health pages."""
        if self.generation is None:
            return {"generation": None}
        manifest, epoch = self.serving.reader.manifest, self._generations.changes.epoch()
        return {
            "generation": manifest.generation,
            "created_at": manifest.created_at,
            "documents": self.serving.reader.documents,
            "epoch": epoch,
            "changes": max(0, epoch - built_at(manifest)),
            "analyzer": manifest.analyzer,
            "encoder": manifest.encoder,
            "lists_kept": len(self._answers),
            "pages_kept": len(self._pages),
            "profiles_read": self._own.profiles_read,
        }

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
        page = (
            next_page(request, request.cursor) if request.cursor else first_page(request, self.serving.reader.snapshot)
        )
        generation, epoch = page.snapshot.generation, page.snapshot.epoch
        opened, present = self._generations.of(generation, deadline, epoch), self._generations.of(generation, deadline)
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

    def _recall(self, search: Search, plan: Plan) -> tuple[Matches, tuple[str, ...]]:
        opened = search.opened
        asked = Asked(search.reader, plan.text, opened.background, search.said, opened.reads_vectors)
        key = search.key(search.page.list.words)
        return self._channels.recall(asked, search.page.list.channels, search.deadline, key, hurried=search.hurried)

    @cachedmethod(
        attrgetter("_answers"), lambda _, search, plan, matches, listed: search.key(search.page.list, *matches.parts),
        attrgetter("_lock"),
    )  # fmt: skip
    def _relax(self, search: Search, plan: Plan, matches: Matches, listed: Callable[[Wishes], Answer]) -> Answer:
        return self._rules.pinned(search, self._lists.relaxed(search, plan, matches, listed))
