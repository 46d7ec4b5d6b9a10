"""Records by row and rows by id.

1. Records come back byte for byte, whatever is in them; an id is found only under its exact spelling.
2. Two ids with the same hash are told apart.
3. Ids are ordered by code points.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest

from retrieval.backends.embedded import documents as module
from retrieval.backends.embedded.documents import DocumentsReader, DocumentsWriter

IDS = ["b", "a", "é", "e\u0301", "商品-1", "𝄞", "1", "01", "a" * 256, "\uff5e"]


def reader_of(folder: Path) -> DocumentsReader:
    writer = DocumentsWriter(folder / "documents")
    for document_id in IDS:
        writer.add(document_id, source_of(document_id), b"")
    writer.finish()
    return DocumentsReader(folder / "documents")


def source_of(document_id: str) -> bytes:
    return orjson.dumps({"id": document_id, "title": "两行\n的标题" * len(document_id)})


def test_records_and_rows(tmp_path: Path) -> None:  # 1
    reader = reader_of(tmp_path)
    assert reader.size == len(IDS)
    assert reader.sources(np.arange(len(IDS))) == [source_of(i) for i in IDS]
    assert [reader.row_of(i) for i in IDS] == list(range(len(IDS)))
    others = ["A", " a", "", "001", "商品"]
    assert [reader.row_of(i) for i in others] == [None] * 5
    assert reader.rows_of([*others, *IDS, IDS[0]]) == [*[None] * 5, *range(len(IDS)), 0]
    assert reader.rows_of([]) == []


def test_equal_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    monkeypatch.setattr(module, "_hash", lambda document_id: len(document_id) % 2)
    reader = reader_of(tmp_path)
    assert [reader.row_of(i) for i in IDS] == list(range(len(IDS)))
    assert reader.row_of("c") is None
    assert reader.rows_of([*IDS, "c"]) == [*range(len(IDS)), None]


def test_order_of_ids(tmp_path: Path) -> None:  # 3
    order = np.argsort(reader_of(tmp_path).by_id(np.arange(len(IDS))))
    assert [IDS[row] for row in order] == sorted(IDS)
