"""Bad rows never sink the good ones:

1. 10,000 rows spoiled in known ways, one after each good row: every one is rejected under its line with its reason,
   and the good ones all come out, in order.
2. Any bytes at all: every line that is not blank is accepted or rejected, none is lost and nothing crashes.
3. Any JSON values in the fields: what is accepted gives a source that reads as an equal record.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources.records import Product
from indexer.sources.rejects import REASONS
from tests.unit.indexer.sources.helpers import read_all, write_lines

SEED = 20240501
ROWS = 10_000

Fields = dict[str, Any]


def good_row(rng: random.Random, number: int) -> Fields:
    return {
        "id": f"p{number}",
        "title": "".join(rng.choices("红蓝绿连衣裙T恤手机壳 ", k=rng.randint(1, 30))) + "款",
        "price": rng.randint(0, 10**6) / 100,
        "attributes": {"颜色": [rng.choice("红蓝绿")]},
        "labels": ["新品"],
        "created_at": 1_714_521_600 + number,
    }


def spoiled(name: str, *values: Any) -> Callable[[random.Random, Fields], bytes]:
    return lambda rng, row: orjson.dumps(row | {name: rng.choice(values)})


def without(name: str) -> Callable[[random.Random, Fields], bytes]:
    return lambda rng, row: orjson.dumps({key: value for key, value in row.items() if key != name})


def raw_value(*values: bytes) -> Callable[[random.Random, Fields], bytes]:
    return lambda rng, row: orjson.dumps(row)[:-1] + b',"unknown":' + rng.choice(values) + b"}"


def cut(rng: random.Random, row: Fields) -> bytes:
    text = orjson.dumps(row).decode()
    return text[: rng.randrange(1, len(text))].encode()


def bad_byte(rng: random.Random, row: Fields) -> bytes:
    raw = orjson.dumps(row)
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + b"\xff" + raw[at:]


def nul(rng: random.Random, row: Fields) -> bytes:
    raw = orjson.dumps(row)
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + b"\0" + raw[at:]


SPOILERS: list[tuple[str, Callable[[random.Random, Fields], bytes]]] = [
    ("invalid_json", cut),
    ("invalid_utf8", bad_byte),
    ("nul_byte", nul),
    ("not_an_object", lambda rng, row: orjson.dumps([row])),
    ("missing_id", without("id")),
    ("missing_id", spoiled("id", None, "", " \t")),
    ("missing_field", without("title")),
    ("invalid_id", spoiled("id", "x" * 300, "a\nb", "\x7fa")),
    ("duplicate_id", spoiled("id", "p0", " p0", "p0 ")),
    ("title_too_long", spoiled("title", "裙" * 2_001)),
    ("wrong_type", spoiled("title", 5, True, ["裙"], {"a": 1})),
    ("wrong_type", spoiled("price", "贵", [1], {"a": 1}, True)),
    ("wrong_type", spoiled("attributes", 5, "红", [1], {"颜色": {"a": 1}})),
    ("wrong_type", spoiled("labels", 5, [[1]], {"a": 1})),
    ("out_of_range", spoiled("price", -1, 1e9, "-0.01")),
    ("out_of_range", spoiled("stock", -1, 2**63)),
    ("invalid_time", spoiled("created_at", "昨天", "2024-02-30")),
    ("invalid_choice", spoiled("status", "gone")),
    ("not_finite", raw_value(b"NaN", b"-Infinity", b"[1e999]")),
    ("integer_too_large", raw_value(b"1" * 21, b"[-9223372036854775809]")),
    ("lone_surrogate", raw_value(rb'"\ud800"', rb'{"\udfff": 1}')),
    ("too_deep", raw_value(b"[" * 100 + b"]" * 100, b'{"a":' * 3_000 + b"1" + b"}" * 3_000)),
]


@pytest.mark.slow
def test_ten_thousand_spoiled_rows(tmp_path: Path) -> None:
    rng = random.Random(SEED)
    good = [good_row(rng, number) for number in range(ROWS)]
    lines: list[bytes] = []
    expected: list[tuple[int, str]] = []
    for number, row in enumerate(good):
        reason, spoil = SPOILERS[number % len(SPOILERS)]
        lines.append(orjson.dumps(row))
        lines.append(spoil(rng, row | {"id": f"bad{number}"}))
        expected.append((len(lines), reason))
    products, rejects = read_all(write_lines(tmp_path / "p.jsonl", lines))
    assert [(reject["line"], reject["reason"]) for reject in rejects] == expected
    assert products == [Product.model_validate(row) for row in good]


@settings(deadline=None, database=None, max_examples=150)
@given(
    st.lists(
        st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
        min_size=1,
        max_size=20,
    )
)
def test_any_bytes(lines: list[bytes]) -> None:
    content = b'{"id": "first", "title": "t"}\n' + b"\n".join(lines)
    with TemporaryDirectory() as folder:
        for name in ("p.jsonl", "p.csv"):
            path = Path(folder) / name
            path.write_bytes((b"id,title\n" if name == "p.csv" else b"") + content)
            products, rejects = read_all(path)
            assert {reject["reason"] for reject in rejects} <= set(REASONS)
            if name == "p.jsonl":
                assert products[0].id == "first"
                filled = [line for line in content.split(b"\n") if line.strip()]
                assert len(products) + len(rejects) == len(filled)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, database=None, max_examples=300)
@given(st.dictionaries(st.sampled_from([*Product.model_fields, "other"]), JSON_VALUES), st.booleans())
def test_any_values(fields: Fields, named: bool) -> None:
    row = fields | {"id": "p1", "title": "裙"} if named else fields
    try:
        line = orjson.dumps(row)
    except orjson.JSONEncodeError:
        # Integers beyond 64 bits and lone surrogates, which only the slow writer puts into a file.
        line = json.dumps(row).encode()
    with TemporaryDirectory() as folder:
        products, rejects = read_all(write_lines(Path(folder) / "p.jsonl", [line]))
    assert len(products) + len(rejects) == 1
    for product in products:
        source = orjson.loads(orjson.dumps(product.source()))
        assert source == product.source()
        assert Product.model_validate(source) == product
