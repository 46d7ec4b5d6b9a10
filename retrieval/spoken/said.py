"""What is said, in one snapshot: the readers of moments and videos, and the gate in front of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from retrieval.deadline import Deadline
from retrieval.errors import NotFound
from retrieval.journeys import for_request
from retrieval.protocols import GenerationReader, IndexReader
from retrieval.schema import MOMENT, VIDEO
from retrieval.spoken.common import Common
from retrieval.spoken.gate import Gate
from retrieval.takedowns.bans import Bans
from retrieval.types import FloatArray

WITHHELD = "withheldvideos"
"""Under this name a generation keeps the ids of videos that may not be seen, as JSON."""


@dataclass(frozen=True, slots=True)
class Said:
    """The collections of speech of a generation.

    Attributes:
        products: that its moments show.
        common: what the vectors of its moments have in common.
        withheld: ids of the videos that are off or banned; they are in no collection.
    """

    moments: IndexReader
    videos: IndexReader
    products: IndexReader
    common: Common
    withheld: frozenset[str] = frozenset()

    @property
    def gate(self) -> Gate:
        """Which moments may be seen."""
        return Gate(self.products, self.videos)

    def asked(self, products: IndexReader, deadline: Deadline) -> Said:
        """For one request, which sees these products, and waits for nothing after `deadline`."""
        moments, videos = for_request(self.moments, deadline), for_request(self.videos, deadline)
        return Said(moments, videos, products, self.common, self.withheld)

    def close(self) -> None:
        """Gives back what the readers hold."""
        self.moments.close()
        self.videos.close()


def withheld_in(said: Said | None, bans: Bans) -> frozenset[str]:
    """Ids of the videos and livestreams that may not be seen: since the generation was built, or taken down."""
    return bans.videos(said.videos) | said.withheld if said else bans.videos(None)


def said_in(
    generation: GenerationReader, products: IndexReader, sample: Callable[[IndexReader], FloatArray]
) -> Said | None:  # fmt: skip
    """None where there are no videos; `sample` gives vectors of some moments, shape (n, dim)."""
    try:
        moments, videos = generation.collection(MOMENT.kind), generation.collection(VIDEO.kind)
    except NotFound:
        return None
    withheld = frozenset(orjson.loads(generation.attachment(WITHHELD) or b"[]"))
    return Said(moments, videos, products, Common.of(sample(moments)), withheld)
