"""What a generation keeps of a moment: its record, which is shown, and its row, which recall and the gate read.

A row is short, for a query reads the rows of all moments that match it. Records are read of what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from retrieval.errors import GenerationError


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """A product in a moment.

    Attributes:
        confidence: probability that the moment is about it, in [0, 1].
        reasons: of `indexer.videos.nouns.Reason`.
    """

    id: str
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MomentRow:
    """What is read of every moment that matches.

    Attributes:
        video_id: of its video; kind: ``video`` or ``live``.
        spoken: in normal form, what may have been said included.
        products: that it shows.
    """

    video_id: str
    kind: str
    spoken: str
    products: tuple[ShownProduct, ...]

    def encode(self) -> bytes:
        """As it stands in the generation."""
        products = [[shown.id, round(shown.confidence, 3)] for shown in self.products]
        return orjson.dumps([self.video_id, self.kind, self.spoken, products])


def decode_rows(stored: Sequence[bytes]) -> list[MomentRow]:
    """The rows as they were encoded; reasons stand in the records alone.

    Raises:
        GenerationError: one is damaged.
    """
    try:
        found = [orjson.loads(row) for row in stored]
        return [
            MomentRow(video, kind, spoken, tuple(ShownProduct(id, confidence) for id, confidence in products))
            for video, kind, spoken, products in found
        ]
    except (ValueError, TypeError) as why:
        raise GenerationError(f"the row of a moment is damaged: {why}", hint="rebuild, or roll back") from None


@dataclass(frozen=True, slots=True)
class Line:
    """A segment of a transcript, as the recogniser wrote it.

    Attributes:
        start, end: seconds from the beginning of the video; None where the transcript has no times.
    """

    start: float | None
    end: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as it is shown.

    Attributes:
        creator: its name.
        lines: what is said, at least one.
        products: that it shows.
    """

    id: str
    video_id: str
    title: str
    creator: str | None
    kind: str
    lines: tuple[Line, ...]
    products: tuple[ShownProduct, ...]

    @property
    def start(self) -> float | None:
        """Seconds from the beginning of the video."""
        return self.lines[0].start

    @property
    def end(self) -> float | None:
        """Seconds from the beginning of the video."""
        return self.lines[-1].end

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Moment:
        """Of a record."""
        products = tuple(ShownProduct(p["id"], p["confidence"], tuple(p["reasons"])) for p in record["products"])
        lines = tuple(Line(*line) for line in record["lines"])
        return cls(
            record["id"], record["video_id"], record["title"], record["creator"], record["kind"], lines, products
        )  # fmt: skip

    def record(self) -> dict[str, Any]:
        """As it stands in the generation."""
        return {
            "id": self.id, "video_id": self.video_id, "title": self.title, "creator": self.creator, "kind": self.kind,
            "lines": [[line.start, line.end, line.text] for line in self.lines],
            "products": [{"id": p.id, "confidence": p.confidence, "reasons": list(p.reasons)} for p in self.products],
        }  # fmt: skip
