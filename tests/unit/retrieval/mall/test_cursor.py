"""The cursor of a feed:

1. What is encoded comes back, to the last row.
2. A text that is none of ours is refused: another version, a wrong type, too long, too many rows, a search's cursor.
3. Five hundred things fit into a URL; nobody is named in it.
"""

from __future__ import annotations

import base64
import zlib

import orjson
import pytest

from retrieval.cursor import encode_cursor
from retrieval.errors import InvalidRequest
from retrieval.mall.cursor import FeedCursor, decode, encode, seed_of
from retrieval.request import ListRequest, PageRequest
from retrieval.snapshot import Snapshot

CURSOR = FeedCursor(Snapshot("g1", 2), "0123456789abcdef", 7, "女装/连衣裙", (5, 0, 71_642))


def packed(*wire: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(orjson.dumps(wire))).rstrip(b"=").decode()


def test_back_and_forth() -> None:  # 1
    assert decode(encode(CURSOR)) == CURSOR
    empty = FeedCursor(Snapshot("g1"), "", 0, "")
    assert decode(encode(empty)) == empty


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "ü", "A" * 20_000, encode(CURSOR)[:30], encode_cursor(PageRequest(Snapshot("g1"), ListRequest("q"))),
        packed("feed-0", "g1", 0, "", 0, "", []), packed("feed-1", "g1", 0, "", 0, ""), packed("feed-1"),
        packed("feed-1", "g1", 0, "u1", 0, "", []), packed("feed-1", "g1", 0, "", 0, "", [-1]),
        packed("feed-1", "g1", 0, "", 0, "", [0.5]), packed("feed-1", "g1", 0, "", 0, "", [0] * 10_001),
        packed("feed-1", "g1", 0, "", -1, "", []), packed("feed-1", "g1", 0, "", 0, "x" * 300, []),
    ],
)  # fmt: skip
def test_not_ours(text: str) -> None:  # 2
    with pytest.raises(InvalidRequest, match="not a cursor of a feed"):
        decode(text)


def test_size() -> None:  # 3
    rows = tuple(seed_of(str(n)) % 1_000_000 for n in range(500))
    assert len(encode(FeedCursor(Snapshot("g20260101T120000.000Z-1a2b"), "0" * 16, 2**61, "", rows))) < 4_000
    assert seed_of("a", "b") != seed_of("ab", "") != seed_of("b", "a")
