"""What of a shopper counts for a feed: the profile, what was done last, and what is not to be shown again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from retrieval.answer import WhyNeutral
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.taste import Taste
from retrieval.mall.crowd import LOOKED
from retrieval.mall.options import FeedOptions
from retrieval.protocols import IndexReader
from retrieval.types import IntArray, Mask

FEED = "feed"
"""The surface on which what a feed showed is told in events."""
_VISIT_S = 1_800.0
"""Without a session: so long what was shown is not shown again."""
_DAY_S = 86_400.0
_INTERESTS = 64
"""The strongest of a profile, of some hundreds, that order a feed."""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Rows are those of the generation.

    Attributes:
        profile: None where nothing is known.
        seeds: what was looked at last, the newest first.
        due: what may be bought again, and its interest.
        done: what is not shown (again): hidden, bought, shown or looked at in this visit.
    """

    profile: Profile | None = None
    seeds: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    due: dict[int, Interest] = field(default_factory=dict)
    done: frozenset[int] = frozenset()

    @property
    def known(self) -> bool:
        """Whether there is anything to go by."""
        return bool(self.profile or len(self.seeds))


NOBODY = Shopper()


def read_shopper(
    taste: Taste, user_id: str, session_id: str, reader: IndexReader, as_of: float, options: FeedOptions,
    sensitive: Mask,
) -> Shopper | None:  # fmt: skip
    """What counts; None where the shopper forbids it, and then nothing was read.

    Args:
        sensitive: rows that are nobody's business, shape (rows,): nothing is shown next to them.
    """
    profile = taste.profile(user_id, session_id, reader, as_of)
    if profile is None:
        return None
    events = taste.recent(user_id, session_id, as_of - options.seed_days * _DAY_S, as_of)
    events = [event for event in events if event.item_id and event.kind == "product"]
    done = {event.item_id for event in events if _is_done(event, session_id, as_of)}
    looked = [event.item_id for event in reversed(events) if event.type in LOOKED]
    hidden = {event.item_id for event in events if event.type is EventType.HIDE}
    seeds = [item for item in dict.fromkeys(looked) if item not in hidden][: options.seeds]
    own = [one for one in profile.interests if one.dimension is Dimension.ITEM]
    done |= {one.value for one in own if one.weight < 0}
    named = list(dict.fromkeys([*done, *seeds, *(one.value for one in own)]))
    rows = {item: row for item, row in zip(named, reader.rows_of(named), strict=True) if row is not None}
    due = {rows[one.value]: one for one in own if one.weight > 0 and one.value in rows}
    return Shopper(
        _strongest(profile) if profile.confidence > 0 else None,
        np.array([rows[item] for item in seeds if item in rows and not sensitive[rows[item]]], np.int64),
        due,
        frozenset(rows[item] for item in done if item in rows) - due.keys(),
    )


def who_asks(
    taste: Taste | None, user_id: str, session_id: str, personalize: bool, reader: IndexReader, as_of: float,
    options: FeedOptions, sensitive: Mask,
) -> tuple[Shopper, WhyNeutral | None]:  # fmt: skip
    """The shopper, or nobody and why; without `personalize` nothing is read. Else as `read_shopper`."""
    if taste is None:
        return NOBODY, WhyNeutral.UNAVAILABLE
    if not personalize:
        return NOBODY, WhyNeutral.OFF
    if not (user_id or session_id):
        return NOBODY, WhyNeutral.NOBODY
    found = read_shopper(taste, user_id, session_id, reader, as_of, options, sensitive)
    if found is None:
        return NOBODY, WhyNeutral.NO_CONSENT
    return found, None if found.known else WhyNeutral.COLD


def _strongest(profile: Profile) -> Profile:
    """With as many interests as are worth the time."""
    if len(profile.interests) <= _INTERESTS:
        return profile
    least = sorted((abs(one.weight) for one in profile.interests), reverse=True)[_INTERESTS - 1]
    return replace(profile, interests=tuple(one for one in profile.interests if abs(one.weight) >= least))


def _is_done(event: ShopperEvent, session_id: str, as_of: float) -> bool:
    here = event.session_id == session_id if session_id else as_of - event.ts <= _VISIT_S
    if event.type is EventType.IMPRESSION:
        return here and event.surface == FEED
    return event.type in (EventType.HIDE, EventType.ORDER) or (here and event.type in LOOKED)
