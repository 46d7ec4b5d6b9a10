"""The one gate: whether a moment may be seen. Evidence, cards, queries and pages of videos all ask here.

A moment is open where its video is there, and every product that it shows. What is withheld at a rebuild is in no
collection; what is taken down later is a row that is gone. Neither has a row any more, so nothing else has to be known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.spoken.moment import MomentRow
from retrieval.types import Mask


class Gate:
    """Of one snapshot of products and videos."""

    def __init__(self, products: IndexReader, videos: IndexReader) -> None:
        self._products, self._videos = products, videos

    def open(self, moments: Sequence[MomentRow]) -> Mask:
        """Which may be seen, shape (len(moments),)."""
        shown = list(dict.fromkeys(product.id for moment in moments for product in moment.products))
        playing = list(dict.fromkeys(moment.video_id for moment in moments))
        gone = {id for id, row in zip(shown, self._products.rows_of(shown), strict=True) if row is None}
        off = {id for id, row in zip(playing, self._videos.rows_of(playing), strict=True) if row is None}
        return np.array(
            [m.video_id not in off and not any(p.id in gone for p in m.products) for m in moments], np.bool_
        )  # fmt: skip
