"""From what the mall recommends to JSON; `api.mall_schema` describes the same shape."""

from __future__ import annotations

from typing import Any

from api.record import record_answer
from retrieval.mall.answer import AlsoAnswer, FeedAnswer, Found, RelatedAnswer, Shown, SimilarAnswer


def feed_answer(found: FeedAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of a page of a feed."""
    return {
        "hits": [_shown(hit) for hit in found.hits],
        "category": found.category or None,
        "personal": {"applied": found.why_not is None, "why_not": found.why_not},
        "next_cursor": found.next_cursor,
        **_tail(found, request_id),
    }


def similar_answer(found: SimilarAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of things like a thing."""
    return {"id": found.id, **_found(found.found), **_tail(found, request_id)}


def also_answer(found: AlsoAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of what goes together with a thing."""
    both = {"viewed": _found(found.viewed), "bought": _found(found.bought)}
    return {"id": found.id, **both, **_tail(found, request_id)}


def related_answer(found: RelatedAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of related queries."""
    related = [{"query": one.query, "source": one.source, "score": round(one.score, 4)} for one in found.related]
    return {"query": found.query, "related": related, **_tail(found, request_id)}


def _found(found: Found) -> dict[str, Any]:
    return {"hits": [_shown(hit) for hit in found.hits], "by": found.by}


def _shown(hit: Shown) -> dict[str, Any]:
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


def _tail(found: FeedAnswer | SimilarAnswer | AlsoAnswer | RelatedAnswer, request_id: str) -> dict[str, Any]:
    return {"generation": found.generation, "took_ms": round(found.took_ms, 3), "request_id": request_id}
