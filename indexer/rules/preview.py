"""What rules would do, before anybody sees it: the first hits of queries under those in force, and under the draft."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from retrieval.answer import SearchResponse
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.rules.edition import Edition
from retrieval.rules.goods import goods_of
from retrieval.rules.model import RuleSet

SHOWN = 10
_serial = count(1)


@dataclass(frozen=True, slots=True)
class Moved:
    """A product of the first hits; `before`, `after`: its places from 1, None where it is not among them."""

    id: str
    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Side:
    """What a query gives under one edition.

    Attributes:
        held: ids of the rules that held, what counts first before.
        total: hits above the divider; hits: ids of the first.
        rewritten, redirect: what is searched instead, and where it leads; banners: their ids.
        campaign: the id of the one that it means.
    """

    held: tuple[str, ...]
    total: int
    hits: tuple[str, ...]
    rewritten: str | None = None
    redirect: str | None = None
    banners: tuple[str, ...] = ()
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class CampaignPreview:
    """A campaign of the draft: whether it runs then, and how many of its goods are in stock."""

    id: str
    runs: bool
    total: int


@dataclass(frozen=True, slots=True)
class QueryPreview:
    """A query on both sides; `moved`: what stands elsewhere, by its new place."""

    query: str
    before: Side
    after: Side
    moved: tuple[Moved, ...]

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Preview:
    """Both sides of all queries.

    Attributes:
        silent: ids of rules of the draft that held for none of them.
        seconds: it took.
    """

    queries: tuple[QueryPreview, ...]
    silent: tuple[str, ...]
    campaigns: tuple[CampaignPreview, ...]
    seconds: float


def preview(engine: Engine, rules: RuleSet, queries: Sequence[str], now: float | None = None) -> Preview:
    """What `rules` would change in the first hits of `queries`.

    Args:
        now: seconds since 1970, for rules that begin later; None: now.

    Raises:
        NotReady: no generation is published yet.
    """
    started = time.perf_counter()
    # A number of its own, so that no list of another draft is taken for one of this.
    draft = engine.trying(rules=Edition.of(0, -next(_serial), rules))
    requests = [SearchRequest(query, size=SHOWN, personalize=False, now=now) for query in dict.fromkeys(queries)]
    engine.ahead(*requests)
    found = tuple(_compared(engine, draft, request) for request in requests)
    held = {id for each in found for id in each.after.held}
    silent = tuple(rule.id for rule in rules.rules if rule.id not in held)
    then = time.time() if now is None else now
    campaigns = tuple(
        CampaignPreview(each.id, each.runs_at(then), len(goods_of(engine.serving.reader, each)))
        for each in rules.campaigns
    )
    return Preview(found, silent, campaigns, time.perf_counter() - started)


def queries_of(rules: RuleSet) -> list[str]:
    """The queries and phrases that rules and campaigns speak of, each once: what to look at where nobody says."""
    asked = [query for rule in rules.rules for query in (*rule.when.query, *rule.when.phrase)]
    return list(dict.fromkeys([*asked, *(word for campaign in rules.campaigns for word in campaign.words)]))


def _compared(engine: Engine, draft: Engine, request: SearchRequest) -> QueryPreview:
    first = engine.search(request)
    # Of a hundred queries rules speak of few: the others need no second search.
    answers = first, draft.search(request) if first.rules or draft.holding(request) else first
    before, after = map(_side, answers)
    titles = {hit.id: str(hit.source.get("title") or "") for answer in answers for hit in answer.hits}
    places = [{id: place for place, id in enumerate(side.hits, start=1)} for side in (before, after)]
    both = [(id, places[0].get(id), places[1].get(id)) for id in dict.fromkeys((*after.hits, *before.hits))]
    moved = tuple(Moved(id, titles[id], was, now_at) for id, was, now_at in both if was != now_at)
    return QueryPreview(request.query, before, after, moved)


def _side(answer: SearchResponse) -> Side:
    hits, said = tuple(hit.id for hit in answer.hits), answer.rules
    if said is None:
        return Side((), answer.total.value, hits)
    led = said.redirect and (said.redirect.url or said.redirect.channel)
    banners = tuple(banner.id for banner in said.banners)
    return Side(
        tuple(rule.id for rule in said.held),
        answer.total.value,
        hits,
        said.rewritten,
        led,
        banners,
        said.campaign and said.campaign.id,
    )
