"""Bulk lines and what became of them:

1. A document is two lines; every part stands where the mapping says; the vector reads back as the same float32 values.
2. A document without parts has no empty ones, and its record comes back byte for byte.
3. Of an answer, full queues and absent shards are sent again, all else is refused for good, with its reason.
"""

from __future__ import annotations

import numpy as np
import orjson

from retrieval.backends.opensearch.documents import bulk_lines, failed_items
from retrieval.backends.opensearch.mapping import IndexOptions, mappings
from retrieval.types import Document, IndexedDocument
from tests.contract import world


def test_lines() -> None:  # 1
    vector = np.random.default_rng(1).standard_normal(8).astype(np.float32)
    action, body, rest = bulk_lines(5, world.document(world.ROWS[11]), vector).split(b"\n")
    assert (orjson.loads(action), rest) == ({"index": {"_id": "5"}}, b"")
    document = orjson.loads(body)
    assert (document["row"], document["id"]) == (5, "p06")
    assert document["text"]["title"] == "红色 大码 加厚 连衣裙 秋冬 套装"
    assert document["match"].split() == ["红色", "大码", "加厚", "连衣裙", "秋冬", "套装", "山风", "绿茶"]
    assert document["keywords"]["category"] == ["女装", "女装/裙装", "女装/裙装/连衣裙"]
    assert document["numbers"] == {"price": 39900, "sales_30d": 10, "created_at": 350, "stock": 7}
    assert np.array(document["vector"], np.float32).tobytes() == vector.tobytes()
    assert set(document) == set(mappings(IndexOptions(), 8, {})["properties"])


def test_a_bare_document() -> None:  # 2
    source = '{"id":"x","名":"é\\u0000\\""}'.encode()
    line = bulk_lines(0, IndexedDocument(Document("x", {}, {"brand": ()}, {}, "", source), {"title": []}), None)
    document = orjson.loads(line.split(b"\n")[1])
    assert document["source"].encode() == source
    assert (document["text"], document["match"], document["keywords"], document["numbers"]) == ({}, "", {}, {})
    assert "vector" not in document


def test_failed_items() -> None:  # 3
    def item(row: int, status: int, kind: str = "") -> dict[str, object]:
        error = {"error": {"type": kind, "reason": f"because {row}"}} if kind else {}
        return {"index": {"_id": str(row), "status": status, **error}}

    items = [
        item(0, 201), item(1, 429, "rejected_execution_exception"), item(2, 400, "mapper_parsing_exception"),
        item(3, 503, "unavailable_shards_exception"), item(4, 429, "cluster_block_exception"), item(5, 200),
    ]  # fmt: skip
    again, refused = failed_items({"errors": True, "items": items})
    assert again == [1, 3]
    assert refused == ["row 2: mapper_parsing_exception: because 2", "row 4: cluster_block_exception: because 4"]
