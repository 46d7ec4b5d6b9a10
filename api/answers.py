"""From an engine's response to JSON. Plain dictionaries: an answer is built once and never validated again.

`api.answer_schema` describes the same shape to callers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from starlette.responses import Response

from api.record import record_answer
from api.requests import filters_in_request_form
from api.understood import understood_answer
from api.video_answers import block_answer, card_answer, spoken_of
from retrieval.answer import Hit, PersonalParts, PersonalView, RuleView, ScoreParts, SearchResponse


def json_response(content: Mapping[str, Any]) -> Response:
    """A JSON answer; shared caches may not keep it, since a generation may change at any time."""
    body = orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")


def search_answer(
    response: SearchResponse, *, request_id: str, sponsored: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The body of a search answer; `sponsored` are paid cards beside it."""
    query = response.query
    return {
        "query": {
            "text": query.text,
            "normalized": query.normalized,
            "tokens": query.tokens,
            "match": query.match,
            "truncated": query.truncated,
        },
        "understood": understood_answer(response.understood),
        "filters": filters_in_request_form(response.filters),
        "sort": response.sort,
        "hits": [_hit(hit) for hit in response.hits],
        "sponsored": list(sponsored),
        "videos": [card_answer(card) for card in response.videos],
        "blocks": [block_answer(block) for block in response.blocks],
        "total": {"value": response.total.value, "relation": response.total.relation},
        "near": response.near,
        "divider": response.divider,
        "facets": {
            name: [{"value": entry.value, "count": entry.count} for entry in entries]
            for name, entries in response.facets.items()
        },
        "facets_truncated": [
            {"facet": one.facet, "attribute": one.attribute, "more": one.more} for one in response.facets_truncated
        ],
        "personal": _personal(response.personal),
        "rules": _rules(response.rules, explained=any(hit.explain for hit in response.hits)),
        "next_cursor": response.next_cursor,
        "generation": response.generation,
        "degraded": response.degraded,
        "took_ms": round(response.took_ms, 3),
        "request_id": request_id,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    source = hit.source
    return {
        "id": hit.id,
        "kind": hit.kind,
        "rank": hit.rank,
        "score": hit.score,
        "relevance": hit.relevance,
        "near": hit.near,
        "pinned": hit.pinned,
        "campaign": hit.campaign,
        "neutral_rank": hit.neutral_rank,
        "because": hit.because,
        **record_answer(source),
        "highlights": {
            name: [{"text": fragment.text, "match": fragment.match} for fragment in fragments]
            for name, fragments in hit.highlights.items()
        },
        **spoken_of(hit),
        "explain": _explain(hit.explain),
    }


def _explain(parts: ScoreParts | None) -> dict[str, Any] | None:
    if parts is None:
        return None
    return {
        "score": parts.score,
        "channels": {channel: dict(values) for channel, values in parts.channels.items()},
        "fields": dict(parts.fields),
        "features": dict(parts.features),
        "formula": parts.formula,
        "placed": parts.placed,
        "personal": _personal_parts(parts.personal),
        "rules": [asdict(effect) for effect in parts.rules],
    }


def _personal_parts(parts: PersonalParts | None) -> dict[str, Any] | None:
    if parts is None:
        return None
    interests = [
        {"dimension": part.dimension, "value": part.value, "contribution": part.contribution}
        for part in parts.interests
    ]
    return {"score": parts.score, "interests": interests}


def _rules(view: RuleView | None, *, explained: bool) -> dict[str, Any] | None:
    """What a shop shows; which rules held is for whoever asks why."""
    if view is None:
        return None
    return {
        "version": view.version,
        "rewritten": view.rewritten,
        "redirect": view.redirect and {name: value or None for name, value in asdict(view.redirect).items()},
        "campaign": view.campaign and {name: getattr(view.campaign, name) for name in ("id", "name", "label")},
        "banners": [{name: value or None for name, value in asdict(banner).items()} for banner in view.banners],
        "held": [asdict(rule) for rule in view.held] if explained else [],
    }


def _personal(view: PersonalView) -> dict[str, Any]:
    return {
        "applied": view.applied,
        "why_not": view.why_not,
        "strength": None if view.strength is None else round(view.strength, 4),
        "shift": view.shift,
        "carry_over": [
            {
                "interest": {"dimension": one.interest.dimension, "value": one.interest.value},
                "weight": round(one.interest.weight, 4),
                "from": {"kind": one.source, "id": one.item},
                "expires": one.expires,
            }
            for one in view.carry_over
        ],
    }
