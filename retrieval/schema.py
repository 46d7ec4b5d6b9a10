"""Kinds of documents: what of each is searched, filtered, sorted and counted.

A generation holds a collection of each kind. What a backend writes and asks follows the schema of the kind; a field
that a kind does not have matches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from retrieval.types import Sort

MARKS = "marks"
"""Beside the keywords of every kind: whose a document is (`retrieval.takedowns.marks`). Exact values that only the
service itself looks up (`IndexReader.rows_passing`): no caller filters by them, no facet counts them."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one kind.

    Attributes:
        kind: its name, of small letters.
        text: searched fields, the most telling first.
        keywords: exact values that can be filtered; of ``attributes`` each is ``name=value``.
        numbers: int64 columns.
        facets: keywords, and columns with `bands`, that can be counted over a list.
        sorts: order → (column, sign); the highest of column times sign comes first.
        bands: column → ascending lower bounds of the bands in which it is counted.
        encoded: whether its documents have vectors, in a generation with an encoder.
    """

    kind: str
    text: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    sorts: Mapping[Sort, tuple[str, int]] = field(default_factory=dict)
    bands: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    encoded: bool = True


PRODUCT = Schema(
    kind="product",
    text=("title", "brand", "category", "attributes", "description"),
    # A category counts for each of its ancestors: a, a/b, a/b/c.
    # Quality is the band of it (`retrieval.ranking.quality`).
    keywords=("category", "brand", "shop", "labels", "services", "quality", "attributes"),
    # Price in fen (1/100 yuan), sales and stock in pieces, created_at in epoch seconds.
    numbers=("price", "sales_30d", "created_at", "stock"),
    facets=("category", "brand", "price", "quality", "labels", "services", "shop", "attributes"),
    sorts={
        Sort.SALES: ("sales_30d", 1),
        Sort.NEWEST: ("created_at", 1),
        Sort.PRICE_ASC: ("price", -1),
        Sort.PRICE_DESC: ("price", 1),
    },
    bands={"price": (0, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 300_000)},
)
"""What is sold."""

MOMENT = Schema(
    kind="moment",
    # What is said, what may have been said where the recogniser misheard, and the title of the video.
    text=("said", "heard", "title"),
    # The ids of its video and of the products that it shows; `kind` is video or live.
    keywords=("video", "kind", "product"),
    # Milliseconds from the beginning of the video; published_at in epoch seconds.
    numbers=("start", "end", "published_at"),
)
"""Some seconds of a video in which one thing is talked about."""

VIDEO = Schema(
    kind="video",
    text=("title", "creator"),
    keywords=("kind", "product"),
    numbers=("published_at",),
    encoded=False,
)
"""A short video or a livestream as a whole: its transcript, its moments, what it shows."""

KINDS = (PRODUCT, MOMENT, VIDEO)
"""All there are; the products are in every generation."""
