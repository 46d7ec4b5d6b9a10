"""Reason codes:

1. Every reason of the table is produced by a row of a file, names the line and field, and spares its neighbours; but
   for ``refused``, which an index gives, ``listing``, of the listing check, and ``bad_query``, of query logs.
2. The table in docs/input.md has the same codes in the same order.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import orjson
import pytest

from indexer.sources.limits import Limits
from indexer.sources.rejects import REASONS
from tests.unit.indexer.sources.helpers import read_all, write_lines

FIRST, LAST = b'{"id": "first", "title": "t"}', b'{"id": "last", "title": "t"}'
LIMITS = Limits(max_title_chars=10, max_line_bytes=2_000)


def with_field(name: str, value: object) -> bytes:
    return orjson.dumps({"id": "bad", "title": "t", name: value})


CASES: list[tuple[str, str | None, bytes]] = [
    ("invalid_utf8", None, b'{"id": "bad", "title": "\xff"}'),
    ("invalid_utf8", None, '{"id": "bad", "title": "连衣裙"}'.encode("gbk")),
    ("invalid_utf8", None, b'{"id": "bad", "title": "\xed\xa0\x80"}'),
    ("nul_byte", None, b'{"id": "bad", "title": "a\x00b"}'),
    ("nul_byte", None, rb'{"id": "bad", "title": "a\u0000b"}'),
    ("nul_byte", None, rb'{"id": "bad", "title": "t", "x\u0000": [1]}'),
    ("lone_surrogate", None, rb'{"id": "bad", "title": "\ud83d"}'),
    ("lone_surrogate", None, rb'{"id": "bad", "title": "t", "\udc00": 1}'),
    ("invalid_json", None, b'{"id": "bad", "title": "t"'),
    ("invalid_json", None, b"{'id': 'bad', 'title': 't'}"),
    ("invalid_json", None, b'{"id": "bad", "title": "t"} {"id": "bad2", "title": "t"}'),
    ("invalid_json", None, b"bad"),
    ("not_an_object", None, b'["bad", "t"]'),
    ("not_an_object", None, b'"bad"'),
    ("not_an_object", None, b"null"),
    ("too_deep", None, b'{"id": "bad", "title": "t", "x": ' + b"[" * 64 + b"]" * 64 + b"}"),
    ("too_deep", None, b'{"id": "bad", "title": "t", "x": ' + b'{"x":' * 300 + b"1" + b"}" * 301),
    ("not_finite", None, b'{"id": "bad", "title": "t", "price": NaN}'),
    ("not_finite", None, b'{"id": "bad", "title": "t", "unknown": -Infinity}'),
    ("not_finite", None, b'{"id": "bad", "title": "t", "unknown": 1e999}'),
    ("not_finite", "price", with_field("price", "NaN")),
    ("integer_too_large", None, b'{"id": "bad", "title": "t", "unknown": 18446744073709551616}'),
    ("integer_too_large", None, b'{"id": -9223372036854775809, "title": "t"}'),
    ("integer_too_large", None, b'{"id": "bad", "title": "t", "unknown": ' + b"9" * 1_500 + b"}"),
    ("line_too_long", None, with_field("description", "长" * 700)),
    ("missing_id", "id", b'{"title": "t"}'),
    ("missing_id", "id", with_field("id", None)),
    ("missing_id", "id", with_field("id", " ")),
    ("missing_field", "title", b'{"id": "bad"}'),
    ("missing_field", "title", with_field("title", "")),
    ("invalid_id", "id", with_field("id", "x" * 257)),
    ("invalid_id", "id", with_field("id", "a\x07b")),
    ("duplicate_id", "id", b'{"id": " first", "title": "another"}'),
    ("title_too_long", "title", with_field("title", "t" * 11)),
    ("wrong_type", "title", with_field("title", ["t"])),
    ("wrong_type", "shop", with_field("shop", 5)),
    ("out_of_range", "price", with_field("price", -1)),
    ("invalid_time", "created_at", with_field("created_at", "2024-13-01")),
    ("invalid_choice", "status", with_field("status", "sold")),
]


@pytest.mark.parametrize(("reason", "field", "line"), CASES)
def test_bad_line_between_good_ones(reason: str, field: str | None, line: bytes, tmp_path: Path) -> None:
    products, rejects = read_all(write_lines(tmp_path / "p.jsonl", [FIRST, b"", line, LAST]), limits=LIMITS)
    assert [product.id for product in products] == ["first", "last"]
    assert [(reject["line"], reject["reason"], reject["field"]) for reject in rejects] == [(3, reason, field)]
    assert rejects[0]["file"] == str(tmp_path / "p.jsonl")
    assert rejects[0]["message"]
    assert rejects[0]["excerpt"].startswith(line.decode("utf-8", "replace")[:1])


def test_invalid_csv(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.csv", [b"id,title", b"1,a", b'2,"b"c', b"3,a,b", b"4", b"5,a"])
    products, rejects = read_all(path)
    assert [product.id for product in products] == ["1", "5"]
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [
        (3, "invalid_csv"),
        (4, "invalid_csv"),
        (5, "invalid_csv"),
    ]


@pytest.mark.parametrize("kept_share", [0.3, 0.9])
def test_truncated_gzip_keeps_the_rows_before(kept_share: float, tmp_path: Path) -> None:
    lines = [orjson.dumps({"id": number, "title": f"t{number * number:x}"}) for number in range(20_000)]
    packed = gzip.compress(b"\n".join(lines), mtime=0)
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(packed[: int(len(packed) * kept_share)])
    products, rejects = read_all(path)
    assert [product.id for product in products] == [str(number) for number in range(len(products))]
    assert len(products) == pytest.approx(20_000 * kept_share, rel=0.15)
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [(len(products) + 1, "truncated")]


ELSEWHERE = {
    "listing",
    "invalid_csv", "truncated", "refused", "bad_query", "text_too_long", "no_consent", "too_late",
    "bad_cue", "no_cues", "same_name",
}  # fmt: skip
"""Reasons that other tests show."""


def test_every_reason_is_shown_here() -> None:
    assert {reason for reason, _, _ in CASES} | ELSEWHERE == set(REASONS)


def test_documentation_has_the_same_reasons() -> None:
    text = (Path(__file__).parents[4] / "docs" / "input.md").read_text(encoding="utf-8")
    table = text.split("## Reject reasons")[1]
    assert re.findall(r"^\| `([a-z0-9_]+)` \|", table, re.MULTILINE) == list(REASONS)
