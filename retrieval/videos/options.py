"""How speech is shown, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.recall.moments import MomentRecall
from retrieval.videos.find import FindOptions


@dataclass(frozen=True, slots=True)
class VideoOptions:
    """Section ``videos`` of `configs/default.yaml`.

    Attributes:
        find: how moments are found.
        surely: least confidence of a link that is shown, in [0, 1].
        beside: moments beside a product, ≥ 0; 0: none.
        said: moments that the channel looks at, ≥ 1.
        cards: of videos on a page, ≥ 1.
        in_card: moments on a card, ≥ 1.
        least: share of the best score from which a video is shown, in [0, 1].
        after: hits before the videos where somebody asks for a sort of thing, ≥ 1.
        equal: share of the best score; livestreams on air come first among cards that differ by less.
        quote_chars: longest quote, ≥ 1.
    """

    find: FindOptions
    surely: float
    beside: int
    said: int
    cards: int
    in_card: int
    least: float
    after: int
    equal: float
    quote_chars: int

    @property
    def recall(self) -> MomentRecall:
        """The channel of moments."""
        return MomentRecall(dict(self.find.fields), self.said, self.surely)
