"""What is left out of an answer by its words: a query that is not answered, and texts that are not offered."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answer import SearchResponse, Total
from retrieval.lists.pages import view_of
from retrieval.search import Search
from retrieval.takedowns.bans import Ban, Bans
from retrieval.types import Match
from retrieval.understanding.kinds import CauseKind
from retrieval.understanding.plan import Action, Autopsy, Cause, Plan, Understood
from retrieval.understanding.ways_out.withheld import BY_RULE

_NOTHING = Cause(CauseKind.NO_MATCH, "没有商品符合这个说法")


def readings(query: str, plan: Plan) -> tuple[str, ...]:
    """What a query was read as: as it was typed, and as it is searched."""
    corrected = (plan.correction.text,) if plan.correction else ()
    return query, plan.query, plan.text.normalized, *corrected, *(text.normalized for text in plan.beside)


def refused(search: Search, plan: Plan, ban: Ban) -> SearchResponse:
    """The answer to a query that may not be answered: nothing, and why where that may be told."""
    page = search.page
    cause = BY_RULE if ban.told else _NOTHING
    understood = Understood(replace(plan, correction=None), autopsy=Autopsy((cause,), ())) if plan.intent else None
    return SearchResponse(
        query=view_of(page.list.query, plan, Match.NONE), filters=page.list.filters, sort=page.list.sort, hits=(),
        total=Total(0, "eq"), facets=dict.fromkeys(page.facets, ()), next_cursor=None,
        generation=page.snapshot.generation, degraded=(), understood=understood,
    )  # fmt: skip


def spared(page: SearchResponse, bans: Bans) -> SearchResponse:
    """The page without corrections, categories, causes and suggestions that would offer what may not be."""
    read: Understood | None = page.understood
    if read is None:
        return page
    correction, autopsy = read.plan.correction, read.autopsy
    if correction and bans.unsayable(correction.text):
        read = replace(read, plan=replace(read.plan, correction=None))
    if any(bans.unsayable(guess.category) for guess in read.plan.categories):
        kept = tuple(guess for guess in read.plan.categories if not bans.unsayable(guess.category))
        read = replace(read, plan=replace(read.plan, categories=kept))
    if autopsy:
        causes = tuple(_spared(cause, bans) for cause in autopsy.causes if not _offers(cause, bans))
        offered = tuple(text for text in autopsy.suggestions if not bans.unsayable(text))
        read = replace(read, autopsy=Autopsy(causes or (_NOTHING,), offered))
    return page if read is page.understood else replace(page, understood=read)


def _offers(cause: Cause, bans: Bans) -> bool:
    """Whether a cause names another spelling that may not be offered."""
    return cause.kind is CauseKind.TYPO and bans.unsayable(cause.action.query or "")


def _spared(cause: Cause, bans: Bans) -> Cause:
    return replace(cause, action=Action()) if bans.unsayable(cause.action.query or "") else cause
