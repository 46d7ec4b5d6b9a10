"""From suggestions to JSON; `api.suggest_schema` describes the same shape."""

from __future__ import annotations

from typing import Any

from retrieval.suggest.answer import HotAnswer, ShadeAnswer, SuggestAnswer


def suggest_answer(found: SuggestAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of completions."""
    lines = [
        {
            "text": one.text,
            "query": one.query,
            "category": one.category.split("/") if one.category else None,
            "shop": one.shop or None,
            "kind": one.kind,
            "own": one.own,
            "score": round(one.score, 4),
        }
        for one in found.suggestions
    ]
    return {"q": found.q, "suggestions": lines, **_tail(found, request_id)}


def hot_answer(found: HotAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of the hot list."""
    hot = [{"query": one.query, "trend": one.trend, "score": round(one.score, 4)} for one in found.hot]
    return {"hot": hot, **_tail(found, request_id)}


def shade_answer(found: ShadeAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of shade words."""
    words = [{"query": one.query, "because": one.because, "of": one.of or None} for one in found.words]
    return {"words": words, **_tail(found, request_id)}


def _tail(found: SuggestAnswer | HotAnswer | ShadeAnswer, request_id: str) -> dict[str, Any]:
    return {"generation": found.generation, "took_ms": round(found.took_ms, 3), "request_id": request_id}
