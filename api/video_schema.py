"""The shapes of what is said in videos, for the OpenAPI description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.understood_schema import Shape

VideoKind = Literal["video", "live"]


class MarkedText(Shape):
    """A piece of a quote; joined they are the quote."""

    text: str
    match: bool


class EvidenceAnswer(Shape):
    """A moment that speaks to the query; times are seconds from the beginning, null where a transcript has none."""

    id: str
    video_id: str
    title: str
    creator: str | None
    kind: VideoKind
    start: float | None
    end: float | None
    at: float | None = Field(description="Where the quote begins.")
    quote: str
    highlights: list[MarkedText]
    confidence: float | None = Field(description="That it shows the product; null on the card of a video.")


class LiveBadge(Shape):
    """Where a product is on a screen right now; `since` is seconds since 1970, `price` yuan, as it is said."""

    video_id: str
    since: float
    price: float | None


class VideoCardAnswer(Shape):
    """A video among hits, with the moments that speak to the query, and ids of the products that these show."""

    id: str
    title: str
    creator: str | None
    kind: VideoKind
    score: float
    on_air: bool
    moments: list[EvidenceAnswer]
    products: list[str]


class BlockAnswer(Shape):
    """A stretch of a mixed page: ids of `hits`, or of `videos`."""

    kind: Literal["products", "videos"]
    ids: list[str]


class SegmentAnswer(Shape):
    """What was said between two times; `marks`: filler, repeat, chant, doubtful."""

    start: float | None
    end: float | None
    text: str
    marks: list[str]


class LineAnswer(Shape):
    """A line of a moment."""

    start: float | None
    end: float | None
    text: str


class ShownAnswer(Shape):
    """A product of a moment."""

    id: str
    confidence: float


class MomentAnswer(Shape):
    """A moment of a video."""

    id: str
    start: float | None
    end: float | None
    lines: list[LineAnswer]
    products: list[ShownAnswer]


class VideoProductAnswer(Shape):
    """A product that a video shows from `start` to `end`, why it is taken to be that one, and its record."""

    id: str
    start: float | None
    end: float | None
    confidence: float
    reasons: list[str]
    product: dict[str, Any]


class VideoAnswer(Shape):
    """A video to watch: what is said when, and what is shown meanwhile."""

    id: str
    title: str
    creator: dict[str, Any] | None
    kind: VideoKind
    published_at: str | None
    stats: dict[str, Any]
    segments: list[SegmentAnswer]
    moments: list[MomentAnswer]
    products: list[VideoProductAnswer]
    generation: str
    request_id: str


class MomentsAnswerShape(Shape):
    """The moments of a product, the surest first."""

    id: str
    moments: list[EvidenceAnswer]
    generation: str
    took_ms: float
    request_id: str


class AfterQueryAnswer(Shape):
    """A query; `source`: viewers of this video asked it, it is shown, or it is said."""

    query: str
    source: Literal["watched", "shown", "said"]


class AfterAnswerShape(Shape):
    """看后搜: what to search after a video."""

    id: str
    queries: list[AfterQueryAnswer]
    generation: str
    took_ms: float
    request_id: str
