"""What is left out of an answer by its words: a query that is not answered, and texts that are not offered."""

from __future__ import annotations

from collections.abc import Iterator
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
    withheld = bans.unsayable_of(_offered(read))
    if not withheld:
        return page
    if correction and correction.text in withheld:
        read = replace(read, plan=replace(read.plan, correction=None))
    kept = tuple(guess for guess in read.plan.categories if guess.category not in withheld)
    read = replace(read, plan=replace(read.plan, categories=kept))
    if autopsy:
        causes = tuple(_spared(cause, withheld) for cause in autopsy.causes if not _offers(cause, withheld))
        suggested = tuple(text for text in autopsy.suggestions if text not in withheld)
        read = replace(read, autopsy=Autopsy(causes or (_NOTHING,), suggested))
    return replace(page, understood=read)


def _offered(read: Understood) -> Iterator[str]:
    """All texts of it that somebody may take up."""
    if read.plan.correction:
        yield read.plan.correction.text
    yield from (guess.category for guess in read.plan.categories)
    if read.autopsy:
        yield from (cause.action.query or "" for cause in read.autopsy.causes)
        yield from read.autopsy.suggestions


def _offers(cause: Cause, withheld: frozenset[str]) -> bool:
    """Whether a cause names another spelling that may not be offered."""
    return cause.kind is CauseKind.TYPO and cause.action.query in withheld


def _spared(cause: Cause, withheld: frozenset[str]) -> Cause:
    return replace(cause, action=Action()) if cause.action.query in withheld else cause
