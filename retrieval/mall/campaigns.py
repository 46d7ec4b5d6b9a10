"""The campaigns that run, and the page of each: its goods in its order, with what is counted over all of them.

What is sold out is not on it, and what is sensitive only in a category that was chosen, as in a feed. Offers of one
product stand behind each other's first, but where prices or the operator's own order decide.

The page of new shoppers is a campaign of segment `new`, so it is checked, timed, versioned and taken back as all are.
It has the address of its id, and `NEW`, which an app may know before there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from retrieval.errors import NotFound
from retrieval.interest.profile import Profile
from retrieval.interest.taste import Taste
from retrieval.lists.campaign_goods import in_order
from retrieval.lists.facets import FacetBounds
from retrieval.mall.answer import Shown, Source
from retrieval.mall.channels import path_of
from retrieval.mall.counting import FACETS, channels_in, count
from retrieval.mall.kept import Kept
from retrieval.mall.pages import (
    CampaignAnswer,
    CampaignRequest,
    CampaignsAnswer,
    CampaignsRequest,
    Channel,
    Counted,
    RunningCampaign,
)
from retrieval.mall.place import Place
from retrieval.protocols import IndexReader
from retrieval.rules.campaign import Campaign
from retrieval.rules.edition import Edition
from retrieval.rules.goods import goods_of
from retrieval.rules.segments import NEW, belongs
from retrieval.types import Filters, IntArray

POLICY = "campaign-1"
_KEPT = 32
"""Pages whose goods are kept: they are the same for all."""


@dataclass(frozen=True, slots=True)
class Goods:
    """The goods of a campaign, or those of one category: rows in their order, and what is counted over them."""

    rows: IntArray
    channels: tuple[Channel, ...]
    counted: Counted


class Campaigns:
    """Thread-safe. `edition`: the rules in force; without a `taste` everybody is new."""

    def __init__(self, edition: Callable[[], Edition], taste: Taste | None, bounds: FacetBounds) -> None:
        self._edition, self._taste, self._bounds = edition, taste, bounds
        self._kept: Kept[Goods] = Kept(_KEPT)

    def running(self, reader: IndexReader, place: Place, request: CampaignsRequest) -> CampaignsAnswer:
        """Those that run and are for who asks."""
        edition, now = self._edition(), time.time() if request.now is None else request.now
        on = [each for each in edition.rules.campaigns if each.runs_at(now)]
        is_new = any(each.segment for each in on) and self._is_new(reader, request, now)
        shown = (each for each in on if is_new or not each.segment)
        return CampaignsAnswer(
            tuple(RunningCampaign(one, len(self.goods(reader, place, edition, one, "").rows)) for one in shown),
            reader.snapshot.generation,
        )

    def page(self, reader: IndexReader, place: Place, request: CampaignRequest) -> CampaignAnswer:
        """The page of one that runs. Raises NotFound."""
        edition, now = self._edition(), time.time() if request.now is None else request.now
        campaign = _running(edition, request.id, now)
        found = self.goods(reader, place, edition, campaign, request.category)
        rows = found.rows[request.offset : request.offset + request.size]
        after = request.offset + len(rows)
        hits = tuple(
            Shown(record["id"], rank, 1 / rank, record, Source.CAMPAIGN, None, POLICY, 1.0)
            for rank, record in enumerate(map(orjson.loads, reader.sources(rows)), request.offset + 1)
        )
        return CampaignAnswer(
            campaign, request.category, path_of(request.category), found.channels, found.counted, hits,
            after if len(rows) and after < len(found.rows) else None, reader.snapshot.generation,
        )  # fmt: skip

    def goods(self, reader: IndexReader, place: Place, edition: Edition, campaign: Campaign, category: str) -> Goods:
        """What it has; `category`: "" for all of it."""
        key = reader.snapshot, edition, campaign.id, category
        return self._kept.of(place, key, lambda: self._made(reader, place, campaign, category))

    def _made(self, reader: IndexReader, place: Place, campaign: Campaign, category: str) -> Goods:
        rows, shelf = goods_of(reader, campaign), place.shelf
        if category:
            rows = reader.passing(Filters({"category": (category,)}), rows)
        else:
            rows = rows[~shelf.columns.sensitive[rows]]
        channels = channels_in(reader, shelf, rows, category)
        ordered = in_order(reader, campaign, rows, shelf.columns.quality[rows], shelf.columns.groups[rows])
        return Goods(ordered, channels, count(reader, FACETS, rows, self._bounds))

    def _is_new(self, reader: IndexReader, request: CampaignsRequest, now: float) -> bool:
        """Whether nothing is known of who asks; who wants nothing read is not told either way."""
        if not request.personalize:
            return False
        known: Profile | None = None
        if self._taste is not None and (request.user_id or request.session_id):
            known = self._taste.profile(request.user_id, request.session_id, reader, now)
        return belongs(NEW, known)


def _running(edition: Edition, id: str, now: float) -> Campaign:
    on = {each.id: each for each in edition.rules.campaigns if each.runs_at(now)}
    if id in on:
        return on[id]
    if id == NEW and (first := next((each for each in on.values() if each.segment == NEW), None)):
        return first
    hint = f"These run: {', '.join(on)}." if on else "None runs now; an operator publishes them with the rules."
    raise NotFound(f"no campaign {id} runs now", field="id", hint=hint)
