"""Which interests of a profile may not be named: those in what is taken down. They are known all the same."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.protocols import IndexReader
from retrieval.takedowns.bans import Bans
from retrieval.takedowns.takedown import Kind


def unnamed_in(profile: Profile, reader: IndexReader, bans: Bans) -> Callable[[Interest], bool]:
    """Tells them; `reader` shows the products that are there."""
    own = [one.value for one in profile.interests if one.dimension is Dimension.ITEM]
    gone = {id for id, row in zip(own, reader.rows_of(own), strict=True) if row is None}

    def unnamed(one: Interest) -> bool:
        if one.dimension is Dimension.ITEM:
            return one.value in gone
        if one.dimension is Dimension.SHOP:
            return any(bans.stands(Kind.SHOP, name) for name in (one.value, one.called))
        return bans.unsayable(one.called)

    return unnamed
