"""The nouns of a video on its way into the index. Places are numbers of its segments, from 0, both ends included."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What a segment is besides speech about something. What is marked is kept, but counts for nothing."""

    FILLER = "filler"
    """Says nothing: 嗯, 那个, 来来来."""
    REPEAT = "repeat"
    """Says again what was said just before."""
    CHANT = "chant"
    """Promotion that fits any video: 点赞关注, 三二一上链接."""
    DOUBTFUL = "doubtful"
    """Made up over silence, most probably: of low confidence."""


@dataclass(frozen=True, slots=True)
class Said:
    """A segment as it was cleaned.

    Attributes:
        start, end: seconds from the beginning; None where the recogniser gave no times.
        text: as it came; words: what of it is worth finding, in sentences; "" where all of it is marked.
        confidence: of the recogniser, in [0, 1]; None where it gave none.
    """

    start: float | None
    end: float | None
    text: str
    words: str
    marks: frozenset[Mark] = frozenset()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment: segments `first` to `last`. Moments may overlap."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """What may have been said instead of what was written down.

    Attributes:
        segment: in which it stands; start, end: characters of its text.
        written: in its place.
        confidence: in [0, 1].
    """

    segment: int
    start: int
    end: int
    written: str
    confidence: float


class Reason(StrEnum):
    """Why a product is taken to be shown."""

    GIVEN = "given"
    """The video says so, with times."""
    BASKET = "basket"
    """It is for sale under the video."""
    BRAND = "brand"
    THING = "thing"
    MODEL = "model"
    ATTRIBUTE = "attribute"
    PRICE = "price"
    CARRIED = "carried"
    """Nothing else has begun since: 「这一款」."""


@dataclass(frozen=True, slots=True)
class Link:
    """A run of segments in which a product is shown or talked about. A product that comes back has several.

    Attributes:
        best: first and last segment of what says most about it.
        confidence: probability that it is this product, in [0, 1].
    """

    product_id: str
    first: int
    last: int
    best: tuple[int, int]
    confidence: float
    reasons: tuple[Reason, ...]
