"""Events as columns of numbers, a few bytes each: what the crowd is learned from, and then forgotten."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.analysis.normalize import normalize
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.mall.after_watching import AfterWatching
from retrieval.mall.together import Choices
from retrieval.types import Mask

LONGEST_QUERY = 40
"""Characters; a longer text is rather pasted than asked, and is not shown to others."""
_PRIVATE = re.compile(r"\d{7,}|@|https?:|www\.")
"""Numbers of telephones, parcels and cards; addresses."""
_TYPES = {each: number for number, each in enumerate(EventType)}
WISHED = (EventType.CLICK, EventType.CART, EventType.ORDER)
"""What says that something was chosen."""
_NONE = -1
_PLAYED = frozenset({"video", "live"})


class Log:
    """Events of products and searches, in the order in which they were added; by (ts, id) for a store's scan.

    Attributes:
        items, queries: name → number.
        watching: what was searched after a video was watched.
    """

    def __init__(self) -> None:
        self.items: dict[str, int] = {}
        self.queries: dict[str, int] = {}
        self.watching = AfterWatching()
        self._shoppers: dict[str, int] = {}
        self._columns: list[array[Any]] = [array("q"), array("q"), array("q"), array("b"), array("d")]

    def __len__(self) -> int:
        return len(self._columns[0])

    def add(self, event: ShopperEvent) -> None:
        """Takes an event down; one of another kind of thing is passed over."""
        query = asked_as(event.query)
        name = f"u{event.user_id}" if event.user_id else f"s{event.session_id}"
        if event.item_id and event.kind in _PLAYED and event.type is EventType.WATCH:
            self.watching.watched(name, event.item_id, event.ts)
        if event.item_id and event.kind != "product":
            return
        if query and event.type is EventType.SEARCH:
            self.watching.searched(name, query, event.ts)
        numbers = (
            self._shoppers.setdefault(name, len(self._shoppers)),
            self.items.setdefault(event.item_id, len(self.items)) if event.item_id else _NONE,
            self.queries.setdefault(query, len(self.queries)) if query else _NONE,
            _TYPES[event.type],
            event.ts,
        )
        for column, number in zip(self._columns, numbers, strict=True):
            column.append(number)

    def keep_last(self, most: int) -> None:
        """Forgets all but the last `most`."""
        if len(self) > most:
            self._columns = [column[-most:] for column in self._columns]

    def choices(self, types: Collection[EventType], *, but: EventType) -> Choices:
        """Things that were chosen so, but for those that the same shopper took back with an event of type `but`."""
        shoppers, items, _, kinds, _ = self._arrays()
        pairs = shoppers * max(len(self.items), 1) + items
        back = np.unique(pairs[(kinds == _TYPES[but]) & (items != _NONE)])
        chosen = np.isin(kinds, [_TYPES[each] for each in types]) & (items != _NONE) & ~np.isin(pairs, back)
        return self._chosen(chosen, 1)

    def asked(self) -> Choices:
        """Queries that were searched."""
        _, _, queries, kinds, _ = self._arrays()
        return self._chosen((kinds == _TYPES[EventType.SEARCH]) & (queries != _NONE), 2)

    def clicked(self) -> Choices:
        """Queries after which something was chosen, and by whom."""
        _, items, queries, kinds, _ = self._arrays()
        wished = [_TYPES[each] for each in WISHED]
        return self._chosen(np.isin(kinds, wished) & (items != _NONE) & (queries != _NONE), 2)

    def named(self) -> Mask:
        """Of each shopper by number, whether it is one; else it is a visit of which no shopper is known."""
        return np.array([name.startswith("u") for name in self._shoppers], np.bool_)

    def chosen_after(self) -> Choices:
        """Queries by the thing that was chosen after them; here the things are who chose."""
        _, items, queries, kinds, _ = self._arrays()
        wished = [_TYPES[each] for each in WISHED]
        chosen = np.isin(kinds, wished) & (items != _NONE) & (queries != _NONE)
        once = np.unique(np.stack([items[chosen], queries[chosen]]), axis=1)
        return Choices(once[0], once[1], np.zeros(once.shape[1], np.float64))

    def _chosen(self, where: Mask, column: int) -> Choices:
        arrays = self._arrays()
        return Choices(arrays[0][where], arrays[column][where], arrays[4][where])

    def _arrays(self) -> list[npt.NDArray[Any]]:
        return [np.frombuffer(column, column.typecode) for column in self._columns]


def asked_as(query: str) -> str:
    """A query as it is counted: normalised; "" where it is too long to be one that many ask."""
    text = " ".join(normalize(query).split())
    return text if len(text) <= LONGEST_QUERY and text.isprintable() else ""


def private(query: str) -> bool:
    """Whether there may be a number or an address of somebody in a query: it is shown to nobody else."""
    return bool(_PRIVATE.search(query))
