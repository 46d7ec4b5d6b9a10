"""What speech adds to a page of products: moments beside the hits, and cards of videos among them."""

from __future__ import annotations

import logging
from dataclasses import replace

from retrieval.answer import SearchResponse
from retrieval.errors import XunhuoError
from retrieval.recall.matches import Matches
from retrieval.recall.moments import CHANNEL
from retrieval.schema import PRODUCT
from retrieval.search import Search
from retrieval.spoken.said import Said, withheld_in
from retrieval.takedowns.bans import Bans, NoBans
from retrieval.types import Sort
from retrieval.understanding.plan import Plan
from retrieval.videos.about import About
from retrieval.videos.airing import Airing
from retrieval.videos.cards import cards
from retrieval.videos.evidence import evidence
from retrieval.videos.layout import blocks
from retrieval.videos.options import VideoOptions

_log = logging.getLogger("xunhuo.engine")


class Beside:
    """Thread-safe."""

    def __init__(self, options: VideoOptions, airing: Airing, bans: Bans | None = None) -> None:
        self._options, self._airing, self._bans = options, airing, bans or NoBans()

    @property
    def air(self) -> object:
        """What is on air; the same object as long as nothing of it changes."""
        return self._airing.air

    def of(self, search: Search, plan: Plan, matches: Matches, page: SearchResponse) -> SearchResponse:
        """The page with what is said, and what is on air; without speech, and saying so, where that is late or fails.

        Only its first page has videos; the list of products goes on by itself.
        """
        if PRODUCT.kind not in search.kinds:
            page = replace(page, hits=(), next_cursor=None)
        # An order by price or date is kept.
        strength = plan.intent.strength if plan.intent and page.sort is Sort.RELEVANCE else None
        withheld = withheld_in(search.said, self._bans)
        page = replace(page, hits=self._airing.page(page.hits, strength, withheld)) if page.hits else page
        if search.said is None:
            return page
        try:
            return self._spoken(search, search.said, plan, matches, page)
        except XunhuoError as why:
            _log.warning("a page goes without what is said: %s", why.message)
            return replace(page, degraded=tuple(dict.fromkeys((*page.degraded, CHANNEL))))

    def _spoken(
        self, search: Search, said: Said, plan: Plan, matches: Matches, page: SearchResponse
    ) -> SearchResponse:  # fmt: skip
        vector = matches.semantic.query.vector if matches.semantic else None
        about = About.of(plan)
        shown = evidence(said, about.text, vector, [hit.id for hit in page.hits], self._options)
        if shown:
            page = replace(page, hits=tuple(replace(hit, moments=shown.get(hit.id, ())) for hit in page.hits))
        wanted = set(search.kinds) - {PRODUCT.kind}
        if not wanted or search.page.offset or not plan.text.terms:
            return page
        found = cards(said, about, vector, wanted, page.filters, self._airing.on_air(), self._options)
        laid = blocks(plan, page.hits, [card.id for card in found], self._options.after)
        return replace(page, videos=found, blocks=laid)
