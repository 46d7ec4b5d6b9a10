"""How the mall recommends, as plain values (section `mall` of `configs/default.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.lists.facets import FacetBounds


@dataclass(frozen=True, slots=True)
class CrowdOptions:
    """What is learned from what all shoppers did.

    Attributes:
        days: before the newest event; older ones teach nothing.
        events: at most so many of the newest.
        minutes: two things are viewed together within so many; queries are asked together, too.
        bought_days: two things are bought together within so many.
        least_shoppers: a pair, or a query, that fewer distinct shoppers made is not known.
        neighbours: kept of each thing.
        pairs: kept while counting; above it the rarest go.
    """

    days: int
    events: int
    minutes: float
    bought_days: float
    least_shoppers: int
    neighbours: int
    pairs: int


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """How a feed is put together.

    Attributes:
        interest, together, due, popular, fresh: weights of what speaks for a thing, each part in [0, 1].
        alike: what is taken off a thing that says the same as one shown just before, times their likeness in [0, 1].
        window: places; in each stretch of so many at most …
        shop_most, brand_most, category_most, interest_most: … so many of one.
        explore: share of the places that are given by chance, in [0, 1).
        least_quality: in [0, 1], of what is shown to everybody (`retrieval.ranking.quality`).
        recalled: things each source names.
        fresh_days: half-life of what is new.
        seeds: things done last whose neighbours are looked for; seed_days: how old they may be.
        depth: places of a feed; then it ends.
    """

    interest: float
    together: float
    due: float
    popular: float
    fresh: float
    alike: float
    window: int
    shop_most: int
    brand_most: int
    category_most: int
    interest_most: int
    explore: float
    least_quality: float
    recalled: int
    fresh_days: float
    seeds: int
    seed_days: float
    depth: int


@dataclass(frozen=True, slots=True)
class MallOptions:
    """Everything; `facets`: of the pages of channels, shops and campaigns."""

    crowd: CrowdOptions
    feed: FeedOptions
    fields: dict[str, float]
    facets: FacetBounds
