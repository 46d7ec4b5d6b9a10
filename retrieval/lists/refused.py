"""What is left out of an answer by its words: a query that is not answered, and texts that are not offered."""

from __future__ import annotations

from dataclasses import replace

from retrieval.analysis.analyzer import MAX_QUERY_CHARS, QueryText
from retrieval.analysis.normalize import normalize
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
    """What a query was read as: as it was typed, and as it is searched; typed in letters, also what these stand for.

    Another name of the same thing is no reading: who is not allowed to ask for the one may ask for the other.
    """
    corrected = (plan.correction.text,) if plan.correction else ()
    letters = tuple(text.normalized for text in plan.beside) if query.isascii() else ()
    return query, plan.query, plan.text.normalized, *corrected, *letters


def refused(search: Search, asked: str, plan: Plan, ban: Ban) -> SearchResponse:
    """The answer to a query that may not be answered: nothing, and why where that may be told.

    Args:
        asked: as it was typed; nothing is shown of what it was read as.
    """
    page, cause = search.page, BY_RULE if ban.told else _NOTHING
    typed = normalize(asked).strip()
    bare = Plan(typed, QueryText(asked[:MAX_QUERY_CHARS], " ".join(typed.split()), (), {}), intent=plan.intent)
    understood = Understood(bare, autopsy=Autopsy((cause,), ())) if plan.intent else None
    return SearchResponse(
        query=view_of(asked, bare, Match.NONE), filters=page.list.filters, sort=page.list.sort, hits=(),
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
