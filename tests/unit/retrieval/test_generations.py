"""Manifests:

1. What was written is read again, in the format of today and in that of one collection; what a later version adds is
   passed over, and what an older one lacked has its default.
2. Documents are those of all kinds together.
3. Another format is refused, saying which one it is, where, which are read, and that a rebuild is due.
4. What is damaged is refused, whatever the damage, saying where.
5. A generation is refused where another analyzer or encoder made it, saying both and what to do; what is not compared,
   and a generation without vectors, passes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from retrieval.errors import GenerationError
from retrieval.generations import FORMAT_VERSION, SINGLE, Collection, Manifest, check_readable, read_manifest

PRODUCTS = Collection(70, {"title": 70, "brand": 30}, {"kind": "flat", "recall": 0.99})
MANIFEST = Manifest(
    "g1", "2026-01-01T00:00:00Z", "words-1", "e5-1", 384, {"product": PRODUCTS}, {"a/b": {"bytes": 3, "sha256": "00"}},
    details={"accepted": {"products": 70}}, libraries={"faiss": "1.12"},
)  # fmt: skip
CLIPS = Collection(5, {"title": 5}, {})


def damaged(**changes: Any) -> bytes:
    raw = orjson.loads(MANIFEST.to_json())
    return orjson.dumps({name: value for name, value in (raw | changes).items() if value is not None})


def refused(data: bytes) -> GenerationError:
    with pytest.raises(GenerationError) as caught:
        read_manifest(data, "folder g1")
    assert "folder g1" in caught.value.message
    return caught.value


def test_round_trip() -> None:  # 1
    several = replace(MANIFEST, collections={"product": PRODUCTS, "clip": CLIPS})
    single = replace(MANIFEST, format_version=SINGLE)
    for manifest in (MANIFEST, several, single, replace(MANIFEST, encoder=None, dim=0)):
        assert read_manifest(manifest.to_json(), "") == manifest
    assert orjson.loads(single.to_json())["documents"] == 70
    assert "collections" not in orjson.loads(single.to_json())
    assert list(orjson.loads(MANIFEST.to_json())) == sorted(orjson.loads(MANIFEST.to_json()))
    assert read_manifest(damaged(added_later=1, libraries=None, details=None), "") == replace(
        MANIFEST, libraries={}, details={}
    )


def test_documents() -> None:  # 2
    assert replace(MANIFEST, collections={"product": PRODUCTS, "clip": CLIPS}).documents == 75
    assert replace(MANIFEST, collections={}).documents == 0


@pytest.mark.parametrize("version", [0, 2, FORMAT_VERSION + 1, "4"])
def test_another_format(version: object) -> None:  # 3
    why = refused(damaged(format_version=version))
    assert f"has format {version};" in why.message
    assert "reads 3 and 4" in why.message
    assert "xunhuo rebuild" in str(why.hint)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"\xff", damaged(format_version=None), damaged(generation=None), damaged(collections=5),
     damaged(collections=None), damaged(collections={"product": {"documents": 1}}), damaged(collections={"product": 7}),
     damaged(collections=[1])],
)  # fmt: skip
def test_damage(data: bytes) -> None:  # 4
    why = refused(data)
    assert "damaged" in why.message
    assert why.hint


def test_who_made_it() -> None:  # 5
    check_readable(MANIFEST, analyzer="words-1", encoder="e5-1")
    check_readable(MANIFEST, analyzer=None, encoder=None)
    check_readable(replace(MANIFEST, encoder=None), analyzer=None, encoder="e5-2")
    for made, other, given in (
        ("words-1", "words-2", {"analyzer": "words-2", "encoder": None}),
        ("e5-1", "e5-2", {"analyzer": "words-1", "encoder": "e5-2"}),
        ("words-1", "words-2", {"analyzer": "words-2", "encoder": "e5-2"}),
    ):
        with pytest.raises(GenerationError) as caught:
            check_readable(MANIFEST, **given)
        assert all(name in caught.value.message for name in ("g1", made, other))
        assert "rebuild" in str(caught.value.hint)
