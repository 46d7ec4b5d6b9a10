"""The ways in which a query is answered: for nobody, for who asks, for somebody else, and blended without the bound.

All ways are the engine's own: the neutral list of a query is made once and kept, and each way only orders it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from random import Random

from eval.personal.types import COLD, NEUTRAL, PERSONAL, SHUFFLED, WARM, Asked, ShopperQuery, Shown
from retrieval.answer import SearchResponse, WhyNeutral
from retrieval.engine import Engine
from retrieval.errors import InputError, InvalidRequest
from retrieval.interest.bound import BoundOptions
from retrieval.interest.kept import KeepOptions
from retrieval.lists.personal import PersonalOptions
from retrieval.request import SearchRequest

WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Of what a shopper likes, in a blend that does not look at what the words have said."""
_UNBOUNDED = BoundOptions(widest=10**9, full=1e9, bend=1.0)
"""Whatever was said, and however little is known, the whole list may be ordered anew."""
_HEEDLESS = KeepOptions(begins=1.0, full=2.0)
"""Whatever was said, what leaves it out is lifted as high as what keeps it."""
_SHOWN = 10

Search = Callable[[SearchRequest], SearchResponse]


class For(Enum):
    """For whom a query is answered."""

    NOBODY = auto()
    OWN = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Way:
    """A search, and for whom."""

    search: Search
    whose: For


def fixed(weight: float) -> str:
    """The name of the way with this weight and no bound."""
    return f"fixed {weight:.1f}"


def ways_of(engine: Engine, options: PersonalOptions) -> dict[str, Way]:
    """By name; the neutral one first, so that all others find its list kept."""
    ways = {
        NEUTRAL: Way(engine.search, For.NOBODY), PERSONAL: Way(engine.search, For.OWN),
        SHUFFLED: Way(engine.search, For.OTHER),
    }  # fmt: skip
    for weight in WEIGHTS:
        changed = replace(options, bound=_UNBOUNDED, keep=_HEEDLESS, weight=weight)
        ways[fixed(weight)] = Way(engine.trying(personal=changed).search, For.OWN)
    return ways


def ask_all(
    ways: Mapping[str, Way], queries: Sequence[ShopperQuery], acts: Mapping[str, int], *, seed: int,
    watched: Callable[[Sequence[ShopperQuery]], Iterable[ShopperQuery]] = iter,
) -> tuple[Asked, ...]:  # fmt: skip
    """Every query in every way, as of its time.

    Args:
        acts: qid → what the shopper had done before.
        seed: of the draw of other shoppers, who are as warm or cold as who asks.
        watched: gives the queries one by one; a progress bar, say.

    Raises:
        InputError: a query is refused, answered without a channel, or nobody here knows shoppers.
    """
    others = strangers([Asked(query, acts[query.qid], {}) for query in queries], seed)
    return tuple(
        Asked(query, acts[query.qid], {name: _ask(way, query, others[query.qid]) for name, way in ways.items()})
        for query in watched(queries)
    )


def strangers(asked: Sequence[Asked], seed: int) -> dict[str, ShopperQuery | None]:
    """qid → the query of another shopper, as warm or cold; None where there is no other.

    Each is used once but for those who would meet themselves, who take the next one.
    """
    drawn = sorted(asked, key=lambda one: one.query.qid)
    Random(seed).shuffle(drawn)
    found: dict[str, ShopperQuery | None] = {}
    for warmth in (WARM, COLD):
        alike = [one.query for one in drawn if one.warmth == warmth]
        for place, query in enumerate(alike):
            following = (*alike[place + 1 :], *alike[:place])
            found[query.qid] = next((one for one in following if _who(one) != _who(query)), None)
    return found


def _who(query: ShopperQuery) -> str:
    return query.user_id or query.session_id


def _ask(way: Way, query: ShopperQuery, other: ShopperQuery | None) -> Shown:
    # A stranger is known as of the own time: what a later time knows of somebody else gives nothing away.
    who = {For.NOBODY: None, For.OWN: query, For.OTHER: other}[way.whose]
    request = SearchRequest(query.text, size=_SHOWN, personalize=who is not None)
    if who is not None:
        request = replace(request, user_id=who.user_id, session_id=who.session_id, now=who.ts)
    try:
        answer = way.search(request)
    except InvalidRequest as error:
        raise InputError(f"query {query.qid!r} was refused: {error.message}", field=error.field) from error
    if answer.degraded:
        raise InputError(f"the search answered {query.text!r} without {', '.join(answer.degraded)}", field="search")
    if answer.personal.why_not is WhyNeutral.UNAVAILABLE:
        raise InputError("this engine knows no shoppers", field="search", hint="open it with their profiles")
    return Shown(
        tuple(hit.id for hit in answer.hits),
        tuple(str(hit.source.get("title") or "") for hit in answer.hits),
        tuple(hit.neutral_rank for hit in answer.hits),
        answer.personal.strength,
        answer.personal.shift,
        answer.personal.applied,
    )
