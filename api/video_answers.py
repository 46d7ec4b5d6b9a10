"""From what is said in videos to JSON; `api.video_schema` describes the same shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from api.record import record_answer
from retrieval.answer import Hit
from retrieval.spoken.cards import Block, Evidence, VideoCard
from retrieval.spoken.moment import Moment
from retrieval.videos.videos import AfterAnswer, MomentsAnswer
from retrieval.videos.watching import Watched


def spoken_of(hit: Hit) -> dict[str, Any]:
    """What is said about a hit, and where it is on a screen right now."""
    return {
        "moments": [evidence_answer(one) for one in hit.moments],
        "live": asdict(hit.live) if hit.live else None,
    }


def evidence_answer(one: Evidence) -> dict[str, Any]:
    """A moment with its quote."""
    return {
        "id": one.id,
        "video_id": one.video_id,
        "title": one.title,
        "creator": one.creator,
        "kind": one.kind,
        "start": one.start,
        "end": one.end,
        "at": one.at,
        "quote": "".join(fragment.text for fragment in one.quote),
        "highlights": [{"text": fragment.text, "match": fragment.match} for fragment in one.quote],
        "confidence": None if one.confidence is None else round(one.confidence, 3),
    }


def card_answer(card: VideoCard) -> dict[str, Any]:
    """A video among hits."""
    return {
        "id": card.id,
        "title": card.title,
        "creator": card.creator,
        "kind": card.kind,
        "score": round(card.score, 4),
        "on_air": card.on_air,
        "moments": [evidence_answer(one) for one in card.moments],
        "products": list(card.products),
    }


def block_answer(block: Block) -> dict[str, Any]:
    """A stretch of a page."""
    return {"kind": block.kind, "ids": list(block.ids)}


def video_answer(found: Watched, *, request_id: str) -> dict[str, Any]:
    """The body of a video."""
    return {
        **found.record,
        "segments": list(found.segments),
        "moments": [_moment(one) for one in found.moments],
        "products": [_shown(link) for link in found.products],
        "generation": found.generation,
        "request_id": request_id,
    }


def moments_answer(found: MomentsAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of the moments of a product."""
    return {
        "id": found.id, "moments": [evidence_answer(one) for one in found.moments], "generation": found.generation,
        "took_ms": round(found.took_ms, 3), "request_id": request_id,
    }  # fmt: skip


def after_answer(found: AfterAnswer, *, request_id: str) -> dict[str, Any]:
    """The body of what to search after a video."""
    queries = [{"query": one.query, "source": one.source} for one in found.queries]
    return {
        "id": found.id, "queries": queries, "generation": found.generation, "took_ms": round(found.took_ms, 3),
        "request_id": request_id,
    }  # fmt: skip


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "id": moment.id,
        "start": moment.start,
        "end": moment.end,
        "lines": [{"start": line.start, "end": line.end, "text": line.text} for line in moment.lines],
        "products": [{"id": shown.id, "confidence": shown.confidence} for shown in moment.products],
    }


def _shown(link: Mapping[str, Any]) -> dict[str, Any]:
    about = {name: link[name] for name in ("id", "start", "end", "confidence", "reasons")}
    return {**about, "product": {"id": link["id"], **record_answer(link["record"])}}
