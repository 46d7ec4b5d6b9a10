"""A search under way: one value that is handed from step to step; which page it asks for, and in whose order."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from cachetools.keys import hashkey

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.answer import WhyNeutral
from retrieval.cursor import decode_cursor
from retrieval.deadline import Deadline
from retrieval.errors import InvalidRequest
from retrieval.protocols import IndexReader
from retrieval.request import Order, PageRequest, SearchRequest, list_request, mark_of
from retrieval.rules.campaign import Occasion
from retrieval.rules.edition import NOTHING, Ruled
from retrieval.serving.opened import Opened
from retrieval.serving.understandings import Understanding, Understandings
from retrieval.snapshot import Snapshot
from retrieval.spoken.said import Said
from retrieval.types import IntArray


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked, of which generation, read by whom, until when.

    Attributes:
        size: hits of the page, ≥ 0; explain: whether every part of their scores is given.
        reader: of the products of the generation, for this request; said: in its videos, None where there are none.
        taken_down: rows of `reader` that may not be shown now, whatever the epoch of the page, ascending; on a later
            page also what rules hide by now.
        kinds: of what is shown.
        now: seconds since 1970; ruled: the rules of an operator that hold.
        occasion: the running campaign that the query means; where it says nothing else, the list is of its goods.
        edition: of the dictionaries; `understanding` is that of the generation.
        user_id, session_id: who asks; "" where not known.
        why_neutral: what forbids a personal order, None where nothing does.
        deadline: after it no channel is waited for; until: after it nothing more is begun.
        hurried: what takes long is left out.
    """

    page: PageRequest
    size: int
    explain: bool
    opened: Opened
    reader: IndexReader
    edition: Understandings
    understanding: Understanding
    deadline: Deadline
    until: Deadline
    user_id: str = ""
    session_id: str = ""
    why_neutral: WhyNeutral | None = None
    said: Said | None = None
    kinds: tuple[str, ...] = ("product",)
    taken_down: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    now: float = 0.0
    ruled: Ruled = NOTHING
    occasion: Occasion | None = None
    hurried: bool = False

    def key(self, *of: Hashable) -> Hashable:
        """Under which something may be remembered that depends on the snapshot, the dictionaries and on `of`."""
        return hashkey(self.edition, self.page.snapshot, *of)

    @property
    def reading_key(self) -> Hashable:
        """Under which it may be remembered how its words are read: that lasts as long as the generation does."""
        return hashkey(self.edition, self.page.snapshot.generation, self.page.list.words)


def first_page(request: SearchRequest, snapshot: Snapshot) -> PageRequest:
    """The first page of a list, in the order of who asks, where that is wanted. Raises InvalidRequest."""
    asked = list_request(request, MAX_QUERY_CHARS + 1)
    if why_neutral(request, None):
        return PageRequest(snapshot, asked, request.facets, near=request.near, facet_order=request.facet_order)
    as_of = time.time() if request.now is None else request.now
    order = Order(mark_of(request, snapshot.generation), as_of, request.came_from, request.carry_over)
    return PageRequest(snapshot, asked, request.facets, order=order, near=request.near, facet_order=request.facet_order)


def next_page(request: SearchRequest, cursor: str) -> PageRequest:
    """The page that a cursor asks for.

    Raises:
        InvalidRequest: it is none of ours; or the list is in the order of a shopper, and this is another one.
    """
    page = decode_cursor(cursor)
    if page.order and not (request.personalize and page.order.mark == mark_of(request, page.snapshot.generation)):
        raise InvalidRequest(
            "this list is in the order of a shopper, and that is not who asks now", field="cursor",
            hint="send the user_id and session_id that it was made for, or search again",
        )  # fmt: skip
    return page


def why_neutral(request: SearchRequest, page: PageRequest | None) -> WhyNeutral | None:
    """What the request itself says against an order of the shopper's own."""
    if not request.personalize:
        return WhyNeutral.OFF
    if page and page.offset and page.order is None:
        return WhyNeutral.FROZEN
    known = request.user_id or request.session_id or request.came_from or (page and page.order)
    return None if known else WhyNeutral.NOBODY
