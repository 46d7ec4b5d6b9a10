"""From what the mall recommends to JSON; `api.mall_schema` describes the same shape."""

from __future__ import annotations

from typing import Any, Protocol

from api.record import record_answer
from retrieval.answer import WhyNeutral
from retrieval.mall.answer import AlsoAnswer, FeedAnswer, Found, RelatedAnswer, Shown, SimilarAnswer


class Answered(Protocol):
    """What every answer of the mall says of itself."""

    @property
    def generation(self) -> str:
        """Which it was read from."""

    @property
    def took_ms(self) -> float:
        """How long it took."""


def feed_answer(found: FeedAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of a page of a feed."""
    return {
        "hits": [shown_answer(hit) for hit in found.hits],
        "category": found.category or None,
        "personal": personal_answer(found.why_not),
        "next_cursor": found.next_cursor,
        **tail_of(found, request_id),
    }


def similar_answer(found: SimilarAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of things like a thing."""
    return {"id": found.id, **_found(found.found), **tail_of(found, request_id)}


def also_answer(found: AlsoAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of what goes together with a thing."""
    both = {"viewed": _found(found.viewed), "bought": _found(found.bought)}
    return {"id": found.id, **both, **tail_of(found, request_id)}


def related_answer(found: RelatedAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of related queries."""
    related = [{"query": one.query, "source": one.source, "score": round(one.score, 4)} for one in found.related]
    return {"query": found.query, "related": related, **tail_of(found, request_id)}


def _found(found: Found) -> dict[str, Any]:
    return {"hits": [shown_answer(hit) for hit in found.hits], "by": found.by}


def shown_answer(hit: Shown) -> dict[str, Any]:
    """One thing that is recommended."""
    return {
        "id": hit.id,
        "kind": "product",
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "source": hit.source,
        "because": hit.because,
        "policy": hit.policy,
        "propensity": hit.propensity,
        **record_answer(hit.record),
    }


def personal_answer(why_not: WhyNeutral | None) -> dict[str, Any]:
    """Whether something is the shopper's own, or why not."""
    return {"applied": why_not is None, "why_not": why_not}


def tail_of(found: Answered, request_id: str) -> dict[str, Any]:
    """What stands at the end of every body."""
    return {"generation": found.generation, "took_ms": round(found.took_ms, 3), "request_id": request_id}
