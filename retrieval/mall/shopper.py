"""What of a shopper counts for a feed: the profile, what was done last, and what is not to be shown again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.taste import Taste
from retrieval.mall.crowd import LOOKED
from retrieval.mall.options import FeedOptions
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows
from retrieval.types import IntArray

FEED = "feed"
"""The surface on which what a feed showed is told in events."""
_VISIT_S = 1_800.0
"""Without a session: so long what was shown is not shown again."""
_DAY_S = 86_400.0

Forbids = Callable[[str], bool]
"""Whether a normalised text is about something sensitive."""


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
    forbids: Forbids,
) -> Shopper | None:  # fmt: skip
    """What counts; None where the shopper forbids it, and then nothing was read."""
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
        profile if profile.confidence > 0 else None,
        _allowed(reader, [rows[item] for item in seeds if item in rows], forbids),
        due,
        frozenset(rows[item] for item in done if item in rows) - due.keys(),
    )


def _is_done(event: ShopperEvent, session_id: str, as_of: float) -> bool:
    here = event.session_id == session_id if session_id else as_of - event.ts <= _VISIT_S
    if event.type is EventType.IMPRESSION:
        return here and event.surface == FEED
    return event.type in (EventType.HIDE, EventType.ORDER) or (here and event.type in LOOKED)


def _allowed(reader: IndexReader, rows: Sequence[int], forbids: Forbids) -> IntArray:
    """Without what is sensitive: it is nobody's business what is looked at next to it."""
    seeds = np.array(rows, np.int64)
    if not len(seeds):
        return seeds
    texts = ForwardRows.decode(reader.forward(seeds)).texts.documents
    return seeds[[not forbids(text) for text in texts]]
