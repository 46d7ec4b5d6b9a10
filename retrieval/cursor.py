"""Cursors: a page of a frozen list as text.

A cursor holds no secret and no server state: any worker can make the same list again from the same generation, since
the same input gives the same list. Tampering gives another valid request or an error, never another generation's page.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Annotated, Literal, TypeVar

import msgspec

from retrieval.errors import InvalidRequest
from retrieval.request import MAX_FEN, CameFrom, ListRequest, Order, PageRequest, check_names
from retrieval.snapshot import Snapshot
from retrieval.types import FacetOrder, Filters, Sort

MAX_CHARS = 16_384
_MAX_BYTES = 262_144

_Name = Annotated[str, msgspec.Meta(max_length=64)]
_Offset = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
_Epoch = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
_Fen = Annotated[int, msgspec.Meta(ge=-MAX_FEN, le=MAX_FEN)]
_Texts = tuple[str, ...]
_Time = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
_Seen = tuple[str, str, _Time | None]
_Rules = tuple[
    _Epoch, Annotated[tuple[Annotated[int, msgspec.Meta(ge=0, le=1_000_000)], ...], msgspec.Meta(max_length=1000)]
]
_Order = tuple[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")], _Time, _Seen | None, bool]


class _Wire(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """What stands in a cursor, in this order; the version changes with the meaning of any of it."""

    version: Literal[7]
    generation: _Name
    epoch: _Epoch
    offset: _Offset
    query: str
    keywords: dict[str, _Texts]
    price: tuple[_Fen | None, _Fen | None]
    in_stock: bool
    sort: Sort
    channels: _Texts
    facets: _Texts
    understand: bool
    ignore: _Texts
    without: _Texts
    order: _Order | None
    near: bool
    facet_order: FacetOrder
    rules: _Rules | None
    rewritten: str


_decoder = msgspec.json.Decoder(_Wire)
_Any = TypeVar("_Any", bound=msgspec.Struct)


def encode_cursor(page: PageRequest) -> str:
    """URL-safe text."""
    asked, filters = page.list, page.list.filters
    wire = _Wire(
        7, page.snapshot.generation, page.snapshot.epoch, page.offset, asked.query, dict(filters.keywords),
        filters.price, filters.in_stock, asked.sort, asked.channels, page.facets, asked.understand, asked.ignore,
        filters.without, _order_out(page.order), page.near, page.facet_order,
        asked.rules, asked.rewritten,
    )  # fmt: skip
    return packed(wire)


def decode_cursor(text: str) -> PageRequest:
    """Reads what `encode_cursor` wrote.

    Raises:
        InvalidRequest: for anything else.
    """
    wire = unpacked(text, _decoder)
    filters = Filters(wire.keywords, wire.price, wire.in_stock, wire.without)
    check_names(wire.channels, wire.facets, filters)
    asked = ListRequest(
        wire.query, filters, wire.sort, wire.channels, wire.understand, wire.ignore, wire.rules, wire.rewritten
    )
    snapshot = Snapshot(wire.generation, wire.epoch)
    return PageRequest(snapshot, asked, wire.facets, wire.offset, _order_in(wire.order), wire.near, wire.facet_order)


def _order_out(order: Order | None) -> _Order | None:
    if order is None:
        return None
    seen = order.came_from
    return order.mark, order.as_of, (seen.kind, seen.id, seen.ts) if seen else None, order.carry_over


def _order_in(order: _Order | None) -> Order | None:
    if order is None:
        return None
    mark, as_of, seen, carry_over = order
    return Order(mark, as_of, CameFrom(*seen) if seen else None, carry_over)


def packed(wire: msgspec.Struct) -> str:
    """URL-safe text of what stands in a cursor of any kind."""
    return base64.urlsafe_b64encode(zlib.compress(msgspec.json.encode(wire))).rstrip(b"=").decode()


def unpacked(text: str, decoder: msgspec.json.Decoder[_Any], of: str = "ours") -> _Any:
    """Reads what `packed` wrote.

    Args:
        of: whose cursor was meant, for the error.

    Raises:
        InvalidRequest: for anything else.
    """
    try:
        if len(text) > MAX_CHARS:
            raise ValueError("too long")
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return decoder.decode(zlib.decompressobj().decompress(content, _MAX_BYTES))
    except (ValueError, msgspec.MsgspecError, zlib.error, binascii.Error):
        raise InvalidRequest(
            f"this is not a cursor of {of}", field="cursor", hint="send next_cursor as it came, or leave it out"
        ) from None
