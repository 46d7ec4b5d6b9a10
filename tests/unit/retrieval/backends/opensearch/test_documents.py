"""Bulk lines and what became of them:

1. A document is two lines; every part stands where the mapping says; the vector reads back as the same numbers from
   both places, in half precision.
2. A document without parts has no empty ones, but a token in every searched field; its record comes back byte for byte.
3. Of an answer, full queues and absent shards are sent again, a bad document is refused, all else breaks the feed.
4. The digest is of the content alone: it changes with every part, and not with the row.
5. A refused document is told with its id, its record and the fields in which it has text.
"""

from __future__ import annotations

import dataclasses
from base64 import b64decode

import numpy as np
import orjson

from retrieval.backends.opensearch.documents import body_of, bulk_lines, digest_of, failed_items, refusal
from retrieval.backends.opensearch.mapping import IndexOptions, mappings
from retrieval.schema import PRODUCT
from retrieval.types import Document, FloatArray, IndexedDocument
from tests.contract import world


def lines_of(row: int, indexed: IndexedDocument, vector: FloatArray | None) -> bytes:
    body = body_of(PRODUCT.text, indexed, vector)
    return bulk_lines(row, body, digest_of(body))


def test_lines() -> None:  # 1
    vector = np.random.default_rng(1).standard_normal(8).astype(np.float32)
    action, body, rest = lines_of(5, world.document(world.ROWS[11]), vector).split(b"\n")
    assert (orjson.loads(action), rest) == ({"index": {"_id": "5"}}, b"")
    document = orjson.loads(body)
    assert (document["row"], document["id"]) == (5, "p06")
    assert document["text"]["title"] == "红色 大码 加厚 连衣裙 秋冬 套装"
    assert document["match"].split() == ["红色", "大码", "加厚", "连衣裙", "秋冬", "套装", "山风", "绿茶"]
    assert document["keywords"]["category"] == ["女装", "女装/裙装", "女装/裙装/连衣裙"]
    assert document["numbers"] == {"price": 39900, "sales_30d": 10, "created_at": 350, "stock": 7}
    half = vector.astype(np.float16)
    assert np.array(document["vector"], np.float32).tobytes() == half.astype(np.float32).tobytes()
    assert b64decode(document["half"]) == half.tobytes()
    assert set(document) == set(mappings(IndexOptions(), PRODUCT, 8, {})["properties"])


def test_a_bare_document() -> None:  # 2
    source = '{"id":"x","名":"é\\u0000\\""}'.encode()
    line = lines_of(0, IndexedDocument(Document("x", {}, {"brand": ()}, {}, "", source), {"title": []}), None)
    document = orjson.loads(line.split(b"\n")[1])
    assert b64decode(document["source"]) == source
    assert document["text"] == dict.fromkeys(PRODUCT.text, "=")
    assert (document["match"], document["keywords"], document["numbers"]) == ("", {}, {})
    assert {"vector", "half"}.isdisjoint(document)


def test_failed_items() -> None:  # 3
    def item(row: int, status: int, kind: str = "") -> dict[str, object]:
        error = {"error": {"type": kind, "reason": f"because {row}"}} if kind else {}
        return {"index": {"_id": str(row), "status": status, **error}}

    items = [
        item(0, 201), item(1, 429, "rejected_execution_exception"), item(2, 400, "mapper_parsing_exception"),
        item(3, 503, "unavailable_shards_exception"), item(4, 429, "cluster_block_exception"), item(5, 200),
    ]  # fmt: skip
    failed = failed_items({"errors": True, "items": items})
    assert failed.again == [1, 3]
    assert failed.refused == {2: "mapper_parsing_exception: because 2"}
    assert failed.broken == ["row 4: cluster_block_exception: because 4"]


def test_digests() -> None:  # 4
    row, vector = world.ROWS[0], world.VECTORS[0]
    bodies = [
        body_of(PRODUCT.text, world.document(row), vector),
        body_of(PRODUCT.text, world.document(dataclasses.replace(row, price=1)), vector),
        body_of(PRODUCT.text, world.document(dataclasses.replace(row, title="红色")), vector),
        body_of(PRODUCT.text, world.document(row), world.VECTORS[1]),
        body_of(PRODUCT.text, world.document(row), None),
    ]
    assert len({digest_of(body) for body in bodies}) == len(bodies)
    written = [orjson.loads(lines_of(place, world.document(row), vector).split(b"\n")[1]) for place in (0, 7)]
    assert [document["row"] for document in written] == [0, 7]
    assert written[0]["digest"] == written[1]["digest"] == digest_of(bodies[0])


def test_a_refusal() -> None:  # 5
    told = refusal(lines_of(3, world.document(world.ROWS[9]), None), "too long")
    assert (told.id, told.reason, told.fields) == ("p04", "too long", ("title",))
    assert told.source == world.document(world.ROWS[9]).document.source
