"""Whose a document is: by these marks a take-down finds its rows, in an index by a look-up, in a record by reading it.

A mark is the target of a take-down (``shop:s1``). Documents carry them as exact values beside their keywords, which
only the service itself asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from retrieval.analysis.brand_field import brand_names
from retrieval.schema import MOMENT, PRODUCT, VIDEO
from retrieval.takedowns.takedown import Kind, target_of
from retrieval.takedowns.words import squeezed

KINDS: Mapping[str, frozenset[Kind]] = {
    PRODUCT.kind: frozenset({Kind.PRODUCT, Kind.SPU, Kind.SHOP, Kind.BRAND, Kind.WORD}),
    VIDEO.kind: frozenset({Kind.VIDEO, Kind.CREATOR, Kind.WORD}),
    # The moments of a video that is gone are closed by the gate (`retrieval.spoken.gate`).
    MOMENT.kind: frozenset({Kind.VIDEO, Kind.WORD}),
}
"""Kind of documents → what can take them down."""


def marks_of(kind: str, record: Mapping[str, Any]) -> tuple[str, ...]:
    """The marks of a record of this kind of documents, but that of its own id; each once."""
    own = {PRODUCT.kind: _of_product, VIDEO.kind: _of_video, MOMENT.kind: _of_moment}[kind]
    return tuple(dict.fromkeys(target_of(kind_of, value) for kind_of, value in own(record) if value))


def id_mark(kind: str, document_id: str) -> str:
    """The mark of a product or a video by its id."""
    return target_of(Kind(kind), document_id)


def telling(kind: str, record: Mapping[str, Any]) -> str:
    """The text in which a forbidden word counts, squeezed: titles, and of a moment also what is said."""
    parts = [record.get("title") or ""]
    if kind == MOMENT.kind:
        parts += [record.get("said") or "", record.get("heard") or ""]
    return "\n".join(squeezed(str(part)) for part in parts)


def _of_product(record: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    yield Kind.SPU, str(record.get("spu_id") or "")
    yield from ((Kind.SHOP, name) for name in _names(record.get("shop")))
    if brand := record.get("brand"):
        yield from ((Kind.BRAND, name) for name in (str(brand), *brand_names(str(brand))))


def _of_video(record: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    yield from ((Kind.CREATOR, name) for name in _names(record.get("creator")))


def _of_moment(record: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    yield Kind.VIDEO, str(record.get("video_id") or "")


def _names(whom: object) -> Iterator[str]:
    """Id and name of a shop or a creator, or what it is called where it is a text."""
    if isinstance(whom, Mapping):
        yield from (str(whom[name]) for name in ("id", "name") if whom.get(name))
    elif whom:
        yield str(whom)
