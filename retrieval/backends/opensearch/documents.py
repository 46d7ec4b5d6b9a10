"""Documents as the lines of a bulk request. Pure."""

from __future__ import annotations

import orjson

from retrieval.types import FloatArray, IndexedDocument


def bulk_lines(row: int, indexed: IndexedDocument, vector: FloatArray | None) -> bytes:
    """Two lines: what to do, and the document. `vector`, shape (dim,), is written with the digits that tell it apart.

    The row is the document's ``_id``: sending it twice changes nothing, and an id may be of any length.
    """
    document = indexed.document
    body: dict[str, object] = {
        "row": row,
        "id": document.id,
        "text": {field: " ".join(words) for field, words in indexed.tokens.items() if words},
        "match": " ".join(dict.fromkeys(word for words in indexed.tokens.values() for word in words)),
        "keywords": {name: list(values) for name, values in document.keywords.items() if values},
        "numbers": dict(document.numbers),
        "source": document.source.decode("utf-8"),
    }
    if vector is not None:
        body["vector"] = vector
    action = b'{"index":{"_id":"%d"}}\n' % row
    return action + orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n"


def failed_items(answer: dict[str, object]) -> tuple[list[int], list[str]]:
    """(rows to send again, reasons of those that are refused for good) of a bulk answer."""
    again: list[int] = []
    refused: list[str] = []
    items = answer.get("items")
    for item in items if isinstance(items, list) else []:
        entry = item["index"]
        if entry["status"] < 300:
            continue
        error = entry.get("error", {})
        if entry["status"] in (429, 503) and "block" not in error.get("type", ""):
            again.append(int(entry["_id"]))
        else:
            cause = error.get("caused_by", error)
            refused.append(f"row {entry['_id']}: {error.get('type')}: {cause.get('reason', error.get('reason'))}")
    return again, refused
