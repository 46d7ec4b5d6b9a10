"""Whole pages that are remembered: those that are the same for everybody who asks the same right now.

A page is what it is by the generation and the epoch that it is of, the edition of the dictionaries, the rules that
hold, the campaign that it says, the present epoch (what is taken down is out of older pages, too) and what is on air.
All of that is in its key, so a switch, a changed product, a take-down, an edited rule or word, or a room that goes on
air leaves it behind.
What a shopper's own order has given is never kept, so there is nothing that a withdrawn consent would have to find. Nor
is a later page: what rules hide by now is out of it, and rules may begin to hold by the clock alone.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

from retrieval.answer import SearchResponse
from retrieval.search import Search


@dataclass(frozen=True, slots=True)
class Moment:
    """When a page is asked for.

    Attributes:
        epoch: the present one.
        air: what is on air; another object where that may be something else.
    """

    epoch: int
    air: object


class KeptPages:
    """Thread-safe. Keeps the last `kept`; 0: none."""

    def __init__(self, kept: int) -> None:
        self._pages: LRUCache[Hashable, tuple[object, SearchResponse]] = LRUCache(max(kept, 1))
        self._kept = kept
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, search: Search, now: Moment) -> SearchResponse | None:
        """The page that was kept of such a search."""
        with self._lock:
            air, page = self._pages.get(_key(search, now)) or (None, None)
        return page if air is now.air else None

    def keep(self, search: Search, began: Moment, page: SearchResponse) -> None:
        """Remembers a page that has all its parts and is the same for everybody; `began`: before it was made.

        One for which no time was left may lack what only would have been counted.
        """
        whole = not page.degraded and search.deadline.remaining() != 0
        if self._kept and whole and search.page.order is None and not search.page.offset:
            with self._lock:
                self._pages[_key(search, began)] = began.air, page


def _key(search: Search, now: Moment) -> Hashable:
    campaign = search.occasion and search.occasion.mark  # it begins and ends by the clock alone, and may be edited
    return search.key(now.epoch, search.page, search.size, search.explain, search.kinds, search.why_neutral, campaign)
