"""Cursors: a page's place in a frozen list, and the request that made the list.

A cursor holds no secret and no server state: any worker can make the same list again from the same generation, since
the same input gives the same list. Tampering gives another valid request or an error, never another generation's page.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from retrieval.errors import InvalidRequest
from retrieval.types import CHANNELS, FACETS, KEYWORD_FIELDS, Filters, Sort

_VERSION = 2
MAX_CHARS = 16_384
_MAX_BYTES = 262_144
_MAX_OFFSET = 1_000_000
_MAX_NAME_CHARS = 64
_MAX_FEN = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Cursor:
    """Page from `offset` on of the list of this request in this generation."""

    generation: str
    offset: int
    query: str
    filters: Filters
    sort: Sort
    channels: tuple[str, ...]
    facets: tuple[str, ...]
    understand: bool = True
    ignore: tuple[str, ...] = ()


def encode_cursor(cursor: Cursor) -> str:
    """URL-safe text."""
    f = cursor.filters
    data = [_VERSION, cursor.generation, cursor.offset, cursor.query, dict(f.keywords), f.price, f.in_stock,
            cursor.sort.value, cursor.channels, cursor.facets, cursor.understand, cursor.ignore, f.without]  # fmt: skip
    return base64.urlsafe_b64encode(zlib.compress(orjson.dumps(data))).rstrip(b"=").decode()


def decode_cursor(text: str) -> Cursor:
    """Reads what `encode_cursor` wrote.

    Raises:
        InvalidRequest: for anything else.
    """
    try:
        if len(text) > MAX_CHARS:
            raise ValueError("too long")
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        raw = zlib.decompressobj().decompress(packed, _MAX_BYTES)
        version, *parts = orjson.loads(raw)
        if version != _VERSION:
            raise ValueError("another version")
        return _cursor(*parts)
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error, binascii.Error):
        raise InvalidRequest(
            "this is not a cursor of ours", field="cursor", hint="send next_cursor as it came, or leave it out"
        ) from None


def _cursor(
    generation: str, offset: int, query: str, keywords: dict[str, list[str]], price: Any, in_stock: bool, sort: str,
    channels: list[str], facets: list[str], understand: bool, ignore: list[str], without: list[str],
) -> Cursor:  # fmt: skip
    flags = isinstance(in_stock, bool) and isinstance(understand, bool)
    if not (isinstance(generation, str) and isinstance(query, str) and flags):
        raise TypeError
    if type(offset) is not int or not 0 <= offset <= _MAX_OFFSET or len(generation) > _MAX_NAME_CHARS:
        raise ValueError
    low, high = price
    if any(bound is not None and type(bound) is not int for bound in (low, high)):
        raise TypeError
    filters = Filters(
        {name: _texts(values) for name, values in keywords.items()}, (low, high), in_stock, _texts(without)
    )
    check_names(_texts(channels), _texts(facets), filters)
    return Cursor(
        generation, offset, query, filters, Sort(sort), _texts(channels), _texts(facets), understand, _texts(ignore)
    )


def check_names(channels: tuple[str, ...], facets: tuple[str, ...], filters: Filters) -> None:
    """Whether everything named exists, and everything filtered by can be written down.

    Raises:
        InvalidRequest: naming the field and what exists.
    """
    for field, given, known in (
        ("channels", channels, CHANNELS),
        ("facets", facets, FACETS),
        ("filters", tuple(filters.keywords), KEYWORD_FIELDS),
    ):
        if wrong := [name for name in given if name not in known]:
            raise InvalidRequest(f"there is no {wrong[0]!r} in {field}", field=field, hint=f"one of {', '.join(known)}")
    if not channels:
        raise InvalidRequest("no channel to search in", field="channels", hint=f"one of {', '.join(CHANNELS)}")
    for name, values in (*filters.keywords.items(), ("without", filters.without)):
        if any("\ud800" <= char <= "\udfff" for value in values for char in value):
            raise InvalidRequest("a value is not Unicode text", field=f"filters.{name}", hint="no lone surrogates")
    if any(bound is not None and abs(bound) > _MAX_FEN for bound in filters.price):
        raise InvalidRequest("a price is out of range", field="filters.price", hint=f"at most {_MAX_FEN} fen")


def _texts(values: list[str]) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise TypeError
    return tuple(values)
