"""Cursors:

1. What was encoded is decoded, for every request; the text is safe in a URL.
2. Anything else is an InvalidRequest: garbage, other versions, wrong types, unknown names, out-of-range numbers.
3. Of 10,000 damaged, made-up and random cursors each decodes to a valid request or is an InvalidRequest.
4. A small cursor cannot unpack to more than 256 KiB, and a long text is refused before it is read.
5. Unknown names, values that are no text and prices out of range are refused in a request too, naming the field.
"""

from __future__ import annotations

import base64
import random
import string
import tracemalloc
import zlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.cursor import MAX_CHARS, decode_cursor, encode_cursor
from retrieval.errors import InvalidRequest
from retrieval.request import CameFrom, ListRequest, Order, PageRequest, check_names
from retrieval.schema import PRODUCT
from retrieval.snapshot import Snapshot
from retrieval.types import CHANNELS, FacetOrder, Filters, Sort

PLAIN = PageRequest(
    Snapshot("g1", 7), ListRequest("连衣裙", Filters({"brand": ("花田",)}, (100, None)), Sort.SALES), ("brand",), 20
)
PARTS: list[Any] = [
    7, "g1", 7, 20, "连衣裙", {"brand": ["花田"]}, [100, None], False, "sales", ["lexical"], ["brand"], True,
    ["price:0-3"], ["塑料"], None, True, "count", [3, [0, 2]], "",
]  # fmt: skip
BIG = 2**63 - 1

bounds = st.one_of(st.none(), st.integers(-BIG, BIG))
texts = st.text(max_size=20)
lists = st.builds(
    ListRequest,
    query=st.text(max_size=200),
    filters=st.builds(
        Filters,
        keywords=st.dictionaries(st.sampled_from(PRODUCT.keywords), st.lists(texts, max_size=4).map(tuple)),
        price=st.tuples(bounds, bounds),
        in_stock=st.booleans(),
        without=st.lists(texts, max_size=2).map(tuple),
    ),
    understand=st.booleans(),
    ignore=st.lists(texts, max_size=2).map(tuple),
    sort=st.sampled_from(Sort),
    channels=st.sampled_from([("lexical",), ("semantic",), CHANNELS]),
    rules=st.none() | st.tuples(st.integers(0, 2**62), st.lists(st.integers(0, 1_000_000), max_size=3).map(tuple)),
    rewritten=texts,
)
cursors = st.builds(
    PageRequest,
    snapshot=st.builds(Snapshot, st.text(max_size=64), st.integers(0, 2**62)),
    list=lists,
    offset=st.integers(0, 1_000_000),
    facets=st.lists(st.sampled_from(PRODUCT.facets), unique=True).map(tuple),
    order=st.none()
    | st.builds(
        Order,
        mark=st.text("0123456789abcdef", min_size=16, max_size=16),
        as_of=st.floats(0, 1e12),
        came_from=st.none() | st.builds(CameFrom, texts, texts, st.none() | st.floats(0, 1e12)),
        carry_over=st.booleans(),
    ),
    near=st.booleans(),
    facet_order=st.sampled_from(FacetOrder),
)


def packed(data: Any) -> str:
    raw = data if isinstance(data, bytes) else orjson.dumps(data)
    return base64.urlsafe_b64encode(zlib.compress(raw)).rstrip(b"=").decode()


def changed(place: int, value: Any) -> list[Any]:
    return [*PARTS[:place], value, *PARTS[place + 1 :]]


@given(cursors)
def test_round_trip(cursor: PageRequest) -> None:
    text = encode_cursor(cursor)
    assert set(text) <= {*string.ascii_letters, *string.digits, "-", "_"}
    assert decode_cursor(text) == cursor


def test_the_parts_are_a_cursor() -> None:
    assert decode_cursor(packed(PARTS)).list.query == "连衣裙"


@pytest.mark.parametrize(
    "text",
    ["", "x", "====", "abc def", "连衣裙", "\x00", "\ud800", "AAAA", "null",
     encode_cursor(PLAIN)[:-9], "!" + encode_cursor(PLAIN),
     packed(b""), packed(b"{"), packed(b"[" * 5000), packed(b"\xff\xfe"),
     packed(None), packed(1), packed("x"), packed([]), packed({}), packed({"1": 2}),
     packed([1]), packed([1, *PARTS[1:]]), packed([*PARTS, 1]), packed(PARTS[:-1])],
)  # fmt: skip
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        decode_cursor(text)
    assert (caught.value.field, bool(caught.value.hint)) == ("cursor", True)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (1, 5), (1, None), (1, "g" * 65),
        (2, -1), (2, 1.5), (2, None), (2, True), (2, 2**63),
        (3, -1), (3, 1_000_001), (3, "20"), (3, 1.5), (3, True), (3, None),
        (4, None), (4, ["连衣裙"]),
        (5, []), (5, {"brand": "花田"}), (5, {"brand": [1]}), (5, {"brand": None}), (5, {"colour": ["红"]}), (5, None),
        (6, [1]), (6, [1, 2, 3]), (6, ["1", None]), (6, [1.5, None]), (6, [True, None]), (6, None),
        (6, [None, BIG + 1]), (6, [-BIG - 1, None]),
        (7, 1), (7, None),
        (8, "best"), (8, None), (8, []), (8, 0),
        (9, []), (9, ["lexical", "video"]), (9, "lexical"), (9, [1]), (9, None),
        (10, ["colour"]), (10, [["brand"]]), (10, {"brand": 1}), (10, None),
        (11, 1), (11, None), (11, "true"),
        (12, "price:0-3"), (12, [1]), (12, [None]), (12, None),
        (13, "塑料"), (13, [1]), (13, None),
    ],
)  # fmt: skip
def test_wrong_parts(place: int, value: Any) -> None:
    with pytest.raises(InvalidRequest):
        decode_cursor(packed(changed(place, value)))


def test_ten_thousand_cursors() -> None:
    rng = random.Random(20260101)
    good = encode_cursor(PLAIN)
    makers = (_random_text, _random_bytes, _flipped, _cut, _other_parts, _noisy_json)
    refused = 0
    for i in range(10_000):
        try:
            cursor = decode_cursor(makers[i % len(makers)](rng, good))
        except InvalidRequest:
            refused += 1
        else:
            assert decode_cursor(encode_cursor(cursor)) == cursor
    assert 5_000 < refused < 10_000


@pytest.mark.parametrize("filling", [b"g", b" ", b"["])
def test_a_bomb_stays_small(filling: bytes) -> None:
    size = 10_000_000
    bomb = packed(b'[1,"' + filling * size + b'"]')
    assert len(bomb) <= MAX_CHARS
    tracemalloc.start()
    try:
        with pytest.raises(InvalidRequest):
            decode_cursor(bomb)
        assert tracemalloc.get_traced_memory()[1] < size / 2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("length", [MAX_CHARS + 1, 5_000_000])
def test_a_long_text_is_refused(length: int) -> None:
    with pytest.raises(InvalidRequest):
        decode_cursor("A" * length)


@pytest.mark.parametrize(
    ("channels", "facets", "filters", "field"),
    [
        (("video",), (), Filters(), "channels"),
        ((), (), Filters(), "channels"),
        (CHANNELS, ("colour",), Filters(), "facets"),
        (CHANNELS, (), Filters({"colour": ("红",)}), "filters"),
        (CHANNELS, (), Filters({"brand": ("花", "\ud800")}), "filters.brand"),
        (CHANNELS, (), Filters(price=(None, 2**63)), "filters.price"),
        (CHANNELS, (), Filters(price=(-(2**63), None)), "filters.price"),
    ],
)
def test_checked_in_requests(channels: tuple[str, ...], facets: tuple[str, ...], filters: Filters, field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        check_names(channels, facets, filters)
    assert caught.value.field == field
    assert caught.value.hint
    check_names(CHANNELS, PRODUCT.facets, PLAIN.list.filters)


def _random_text(rng: random.Random, good: str) -> str:
    return "".join(rng.choices(string.ascii_letters + string.digits + "-_=+/ 裙", k=rng.randrange(80)))


def _random_bytes(rng: random.Random, good: str) -> str:
    return packed(rng.randbytes(rng.randrange(60)))


def _flipped(rng: random.Random, good: str) -> str:
    place = rng.randrange(len(good))
    return good[:place] + rng.choice(string.ascii_letters) + good[place + 1 :]


def _cut(rng: random.Random, good: str) -> str:
    return good[rng.randrange(3) : rng.randrange(3, len(good) + 1)]


def _other_parts(rng: random.Random, good: str) -> str:
    return packed(changed(rng.randrange(len(PARTS)), _value(rng, depth=3)))


def _noisy_json(rng: random.Random, good: str) -> str:
    raw = bytearray(orjson.dumps(PARTS))
    for _ in range(rng.randint(1, 4)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return packed(bytes(raw))


def _value(rng: random.Random, depth: int) -> Any:
    simple = [None, True, False, 0, 1, -1, BIG, 2**64 - 1, 1.5, 1e300, "", "g1", "brand", "lexical", "价", "x" * 300]
    if depth == 0 or rng.random() < 0.5:
        return rng.choice(simple)
    values = [_value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return values if rng.random() < 0.6 else {str(rng.choice(["brand", "labels", "x"])): value for value in values}
