"""How good an offer is said to be: its rating, drawn towards the usual one while few have spoken.

    quality = (rating · reviews + USUAL · DOUBT) / (reviews + DOUBT) / 5

the posterior mean of a rating under a prior worth `DOUBT` reviews. One review of five stars is no proof, and an offer
without any is neither good nor bad.
"""

from __future__ import annotations

USUAL, DOUBT = 4.7, 20
"""Mean rating of Chinese marketplaces, where nearly all reviews have five stars; and how many reviews outweigh it."""
_STARS = 5.0


def quality_of(rating: object, reviews: object) -> float:
    """In [0, 1]. A rating without a number of reviews counts as one review; what is no number says nothing."""
    if not isinstance(rating, int | float) or not 0 <= rating <= _STARS:
        return USUAL / _STARS
    count = reviews if isinstance(reviews, int) and reviews >= 0 else 1
    return (rating * count + USUAL * DOUBT) / (count + DOUBT) / _STARS
