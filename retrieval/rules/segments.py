"""Whether a shopper belongs to a segment: as little as rules need, and only of who lets a profile be read.

A list is kept and shared by all, so what depends on a shopper may not be in it unseen. Which rules hold is part of the
key under which a list is kept, and that is all that is kept of a segment: two shoppers for whom the same rules hold get
the same list. Rules of segments move what is there and show banners; they decide nothing about what is in a list.
"""

from __future__ import annotations

from retrieval.interest.profile import Profile

NEW, KNOWN = "new", "known"
LIKED = 0.3
"""An interest of such a weight, in (0, 1], says that a shopper likes something; a single look has less."""


def belongs(segment: str, profile: Profile | None) -> bool:
    """Whether a shopper belongs to a segment.

    Args:
        segment: ``new``: nothing is known; ``known``: something is; ``brand:小米``: this is liked.
        profile: None where there is none, or where it may not be read.
    """
    known = profile is not None and profile.confidence > 0
    if segment in (NEW, KNOWN):
        return known is (segment == KNOWN)
    dimension, _, value = segment.partition(":")
    interests = profile.interests if profile else ()
    return any(
        one.dimension == dimension and value in (one.value, one.name) and one.weight >= LIKED for one in interests
    )
