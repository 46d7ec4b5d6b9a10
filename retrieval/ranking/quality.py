"""How good an offer is said to be: stars, returns, complaints and kept promises, each drawn towards the usual while few
have spoken, so that a new shop is neither good nor bad.

    stars    = (rating · reviews + USUAL · DOUBT) / (reviews + DOUBT)
    rate^    = (rate · orders + usual rate · DOUBT) / (orders + DOUBT)        for returns, complaints and fulfilment
    quality  = stars / 5 - 0.3 · (returns^ - 0.08) - 2 · (complaints^ - 0.002) + 0.3 · (fulfilment^ - 0.97)
               + 0.003 for each of at most three services - 0.5 where a rule demoted the listing

cut to [0, 1]: posterior means under a prior worth `DOUBT` reviews or orders. One review of five stars is no proof. What
is missing takes nothing and gives nothing, so of an offer of which only stars are known it is the stars alone. The
weights are set by hand, small beside what words say: twice the usual returns cost what a third of a star does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

USUAL, DOUBT = 4.7, 20
"""Mean rating of Chinese marketplaces, where nearly all reviews have five stars; and how many reviews outweigh it."""
RATES = {"return_rate": (0.08, -0.3), "complaint_rate": (0.002, -2.0), "fulfilment_rate": (0.97, 0.3)}
"""Field → its usual value, and its weight."""
SERVICE, SERVICES = 0.003, 3
DEMOTED = 0.5
"""What a listing loses that a rule demoted: more than all else can give, less than a word of the query counts."""
EDGES = (0, 60, 80, 90, 95)
"""Hundredths at which the bands begin by which offers are counted and filtered; most lie between 90 and 95."""
_STARS = 5.0


def offer_quality(record: Mapping[str, Any]) -> float:
    """In [0, 1], of a product record (docs/input.md); what is of another type says nothing."""
    quality = quality_of(record.get("rating"), record.get("reviews"))
    orders = record.get("sales_30d")
    count = orders if isinstance(orders, int) and orders > 0 else 1
    for name, (usual, weight) in RATES.items():
        rate = record.get(name)
        if isinstance(rate, int | float) and 0 <= rate <= 1:
            quality += weight * ((rate * count + usual * DOUBT) / (count + DOUBT) - usual)
    quality += SERVICE * min(SERVICES, len(record.get("services") or ()))
    return min(1.0, max(0.0, quality - (DEMOTED if demoted(record) else 0.0)))


def quality_band(record: Mapping[str, Any]) -> str | None:
    """The band of a product's quality: ``0-60``, ``60-80``, ``80-90``, ``90-95`` (each without its end), ``95-100``.

    None where neither stars nor rates are given and no rule demoted it: then it is in no band.
    """
    if not demoted(record) and all(record.get(name) is None for name in ("rating", *RATES)):
        return None
    place = bisect_right(EDGES, round(offer_quality(record) * 100, 6)) - 1
    return f"{EDGES[place]}-{(*EDGES, 100)[place + 1]}"


def demoted(record: Mapping[str, Any]) -> bool:
    """Whether a rule of the listing check demoted it."""
    found = record.get("listing")
    given = found if isinstance(found, list | tuple) else ()
    return any(isinstance(each, Mapping) and each.get("decision") == "demote" for each in given)


def quality_of(rating: object, reviews: object) -> float:
    """That of the stars alone. A rating without a number of reviews counts as one; what is no number says nothing."""
    if not isinstance(rating, int | float) or not 0 <= rating <= _STARS:
        return USUAL / _STARS
    count = reviews if isinstance(reviews, int) and reviews >= 0 else 1
    return (rating * count + USUAL * DOUBT) / (count + DOUBT) / _STARS
