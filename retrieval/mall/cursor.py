"""The cursor of a feed: which things were shown so far, so that none comes twice, and for whom.

It names no shopper, and needs no state of a server: the rows that were shown, of one generation, and a keyed digest of
who asks. A page is made when it is asked for, so what was just clicked counts at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Literal

import msgspec

from retrieval.cursor import packed, unpacked
from retrieval.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """Where a feed goes on.

    Attributes:
        mark: of the shopper, "" in everybody's feed.
        seed: of what is drawn by chance.
        shown: rows in the order in which they were shown.
    """

    snapshot: Snapshot
    mark: str
    seed: int
    category: str
    shown: tuple[int, ...] = ()


class _Wire(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    version: Literal["feed-1"]
    generation: Annotated[str, msgspec.Meta(max_length=64)]
    epoch: Annotated[int, msgspec.Meta(ge=0, le=2**62)]
    mark: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{16})?$")]
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**62)]
    category: Annotated[str, msgspec.Meta(max_length=256)]
    shown: Annotated[tuple[Annotated[int, msgspec.Meta(ge=0, le=2**40)], ...], msgspec.Meta(max_length=10_000)]


_decoder = msgspec.json.Decoder(_Wire)


def encode(cursor: FeedCursor) -> str:
    """URL-safe text."""
    at = cursor.snapshot
    return packed(_Wire("feed-1", at.generation, at.epoch, cursor.mark, cursor.seed, cursor.category, cursor.shown))


def decode(text: str) -> FeedCursor:
    """Reads what `encode` wrote.

    Raises:
        InvalidRequest: for anything else.
    """
    wire = unpacked(text, _decoder, "a feed")
    return FeedCursor(Snapshot(wire.generation, wire.epoch), wire.mark, wire.seed, wire.category, wire.shown)


def seed_of(*parts: str) -> int:
    """A number that these texts always give, in [0, 2**62)."""
    return int.from_bytes(blake2b("\x1f".join(parts).encode(errors="replace"), digest_size=8).digest(), "little") >> 2
