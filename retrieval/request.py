"""What is asked: a search as a caller sends it, the list that it asks for, and one page of that list.

`ListRequest` is what decides a list, and nothing else is: equal ones have equal lists in one snapshot, so it is its own
cache key, and a cursor is no more than a page of it (`retrieval.cursor`).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import orjson

from retrieval.errors import InvalidRequest
from retrieval.schema import PRODUCT
from retrieval.snapshot import Snapshot
from retrieval.types import CHANNELS, EVERYTHING, FacetOrder, Filters, Sort

SHOWN = ("product", "video", "live")
"""What a page may show."""
MAX_FEN = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class CameFrom:
    """What a shopper looked at before searching: a `kind` (feed, video, product …) and an id.

    Attributes:
        ts: seconds since 1970; None: just now.
        watch_s: seconds that a video was watched; 0: not known, or no video.
    """

    kind: str
    id: str
    ts: float | None = None
    watch_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a caller asks.

    Attributes:
        query: as typed.
        filters: what every hit must satisfy.
        sort: order of the list.
        size: hits on a page, ≥ 0.
        cursor: continue a frozen list; the other fields are then ignored except `size` and `explain`.
        facets: fields to count; facet_order: of their values, but price bands and likely categories keep theirs.
        explain: give every part of a score.
        near: False leaves out what stands under the divider.
        channels: recall channels to use.
        kinds: of what is shown: products, videos, livestreams.
        understand: False searches the words alone, as if nothing was understood.
        ignore: ids of constraints that are not meant, and ``correction`` to keep the spelling.
        user_id, session_id: who asks; "" where not known. A cursor goes on only for who it was made for.
        personalize: False reads no profile.
        came_from: what the shopper looked at before; carry_over: False leaves that, and what was seen in feeds, behind.
        now: seconds since 1970, for evaluation: later events do not count; None: now.
        hurried: what takes long (meaning) is left out where it is not remembered, and the answer says `degraded`.
        timeout_ms: budget; what is not ready by then is left out and the answer says `degraded`. None: no limit.
    """

    query: str
    filters: Filters = EVERYTHING
    sort: Sort = Sort.RELEVANCE
    size: int = 20
    cursor: str | None = None
    facets: tuple[str, ...] = ()
    explain: bool = False
    channels: tuple[str, ...] = CHANNELS
    kinds: tuple[str, ...] = ("product",)
    timeout_ms: float | None = None
    understand: bool = True
    ignore: tuple[str, ...] = ()
    user_id: str = ""
    session_id: str = ""
    personalize: bool = True
    came_from: CameFrom | None = None
    carry_over: bool = True
    now: float | None = None
    near: bool = True
    facet_order: FacetOrder = FacetOrder.COUNT
    hurried: bool = False


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What decides which documents answer, in which order. Attributes as in `SearchRequest`.

    Attributes:
        rules: which of an operator's rules hold (`retrieval.rules.edition.Mark`); None: that was not asked yet.
        rewritten: what one of them has searched instead of `query`; "" where none does.
    """

    query: str
    filters: Filters = EVERYTHING
    sort: Sort = Sort.RELEVANCE
    channels: tuple[str, ...] = CHANNELS
    understand: bool = True
    ignore: tuple[str, ...] = ()
    rules: tuple[int, tuple[int, ...]] | None = None
    rewritten: str = ""

    @property
    def words(self) -> ListRequest:
        """What decides how the query is read and what matches it: all but filters, order, channels and rules."""
        return ListRequest(self.rewritten or self.query, understand=self.understand, ignore=self.ignore)


@dataclass(frozen=True, slots=True)
class Order:
    """In whose order a list stands, and as of when: the same mark and events before `as_of` give the same order.

    Attributes:
        mark: tells shoppers apart without naming them (`mark_of`).
        as_of: seconds since 1970.
    """

    mark: str
    as_of: float
    came_from: CameFrom | None = None
    carry_over: bool = True


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The page from `offset` on of a list in a snapshot, with what is counted beside it: all that a cursor says.

    Attributes:
        order: of the shopper; None: the neutral one.
        near: whether the pages go on under the divider.
        facet_order: of what is counted.
    """

    snapshot: Snapshot
    list: ListRequest
    facets: tuple[str, ...] = ()
    offset: int = 0
    order: Order | None = None
    near: bool = True
    facet_order: FacetOrder = FacetOrder.COUNT


def list_request(request: SearchRequest, max_query_chars: int) -> ListRequest:
    """The list that a first page is of; of the query so many characters are read.

    Raises:
        InvalidRequest: naming the field, and what there is.
    """
    check_names(request.channels, request.facets, request.filters)
    _check_kinds(request.kinds)
    ignore = tuple(map(_printable, request.ignore))
    query = _printable(request.query[:max_query_chars])
    return ListRequest(query, request.filters, request.sort, request.channels, request.understand, ignore)


def mark_of(request: SearchRequest, generation: str) -> str:
    """A keyed digest of who asks, another one in each generation; 16 hexadecimal digits."""
    name = orjson.dumps([_printable(request.user_id), _printable(request.session_id)])
    return blake2b(name, digest_size=8, key=generation.encode()[:64]).hexdigest()


def check_names(channels: tuple[str, ...], facets: tuple[str, ...], filters: Filters) -> None:
    """Whether everything named exists, and everything filtered by can be written down.

    Raises:
        InvalidRequest: naming the field and what exists.
    """
    for field, given, known in (
        ("channels", channels, CHANNELS),
        ("facets", facets, PRODUCT.facets),
        ("filters", tuple(filters.keywords), PRODUCT.keywords),
    ):
        if wrong := [name for name in given if name not in known]:
            raise InvalidRequest(f"there is no {wrong[0]!r} in {field}", field=field, hint=f"one of {', '.join(known)}")
    if not channels:
        raise InvalidRequest("no channel to search in", field="channels", hint=f"one of {', '.join(CHANNELS)}")
    for name, values in (*filters.keywords.items(), ("without", filters.without)):
        if any("\ud800" <= char <= "\udfff" for value in values for char in value):
            raise InvalidRequest("a value is not Unicode text", field=f"filters.{name}", hint="no lone surrogates")
    if any(bound is not None and abs(bound) > MAX_FEN for bound in filters.price):
        raise InvalidRequest("a price is out of range", field="filters.price", hint=f"at most {MAX_FEN} fen")


def _check_kinds(kinds: tuple[str, ...]) -> None:
    if not kinds or not set(kinds) <= set(SHOWN):
        raise InvalidRequest("kinds names something else than is shown", field="kinds", hint=", ".join(SHOWN))


def _printable(text: str) -> str:
    """A lone surrogate, as a terminal may hand over, could not be written into a cursor or an answer."""
    return text.encode(errors="replace").decode()
