"""What is shown of speech: moments beside a product, cards of videos, and how a mixed page is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.answer import Fragment


@dataclass(frozen=True, slots=True)
class Evidence:
    """A moment that speaks to a query.

    Attributes:
        kind: ``video`` or ``live``.
        start, end: of the moment, at: of the quote; seconds from the beginning, None where there are no times.
        quote: what is said, the words of the query marked.
        confidence: that it shows the product beside which it stands, in [0, 1]; None on the card of a video.
    """

    id: str
    video_id: str
    title: str
    creator: str | None
    kind: str
    start: float | None
    end: float | None
    at: float | None
    quote: tuple[Fragment, ...]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class VideoCard:
    """A video with the moments that speak to a query, best first.

    Attributes:
        score: of the best of them, the higher the better.
        on_air: whether it is a livestream that is on right now.
        products: ids of what these moments show.
    """

    id: str
    title: str
    creator: str | None
    kind: str
    score: float
    on_air: bool
    moments: tuple[Evidence, ...]
    products: tuple[str, ...]


class BlockKind(StrEnum):
    """What stands in a block of a page."""

    PRODUCTS = "products"
    VIDEOS = "videos"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page: ids of its hits, or of its cards, in their order."""

    kind: BlockKind
    ids: tuple[str, ...]
