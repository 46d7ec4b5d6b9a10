"""Documents as the lines of a bulk request, and what an answer says of each. Pure."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
import orjson

from retrieval.backends.common.tokens import ABSENT, distinct, field_texts
from retrieval.types import FloatArray, IndexedDocument, Refusal


def body_of(fields: Sequence[str], indexed: IndexedDocument, vector: FloatArray | None) -> bytes:
    """The document as JSON, without its row; `fields` are searched.

    `vector`, shape (dim,), is rounded to half precision, as on one machine: what is searched is what is read back.
    """
    document = indexed.document
    body: dict[str, object] = {
        "id": document.id,
        "text": field_texts(fields, indexed.tokens),
        "match": distinct(indexed.tokens),
        "keywords": {name: list(values) for name, values in document.keywords.items() if values},
        "numbers": dict(document.numbers),
        "source": b64encode(document.source).decode("ascii"),
        "forward": b64encode(indexed.forward).decode("ascii"),
    }
    if vector is not None:
        half = vector.astype("<f2")
        body["vector"], body["half"] = half.astype(np.float32), b64encode(half.tobytes()).decode("ascii")
    return orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)


def digest_of(body: bytes) -> int:
    """64 bits of BLAKE2b as a signed integer: whether a document on the cluster is this one."""
    return int.from_bytes(blake2b(body, digest_size=8).digest(), "big", signed=True)


def bulk_lines(row: int, body: bytes, digest: int, fence: int = 0) -> bytes:
    """Two lines: what to do, and the document.

    The row is the document's ``_id``: sending it twice changes nothing, and an id may be of any length. With a `fence`
    it takes the place of no document that was written behind a higher one.
    """
    behind = b',"version":%d,"version_type":"external_gte"' % fence if fence else b""
    return b'{"index":{"_id":"%d"%b}}\n{"row":%d,"digest":%d,%b\n' % (row, behind, row, digest, body[1:])


@dataclass(slots=True)
class Failed:
    """Items of a bulk answer that were not taken.

    Attributes:
        again: rows to send again: a queue was full, or a shard is away.
        refused: row → why the document itself cannot be indexed.
        broken: why the index takes nothing at all, e.g. of a full disk.
    """

    again: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def failed_items(answer: Mapping[str, Any]) -> Failed:
    """What of a bulk answer was not taken."""
    failed = Failed()
    for item in answer.get("items", ()):
        entry = item["index"]
        status, row, error = entry["status"], int(entry["_id"]), entry.get("error", {})
        if status < 300:
            continue
        cause = error.get("caused_by", error)
        why = f"{error.get('type')}: {cause.get('reason', error.get('reason'))}"
        if status in (429, 503) and "block" not in error.get("type", ""):
            failed.again.append(row)
        elif status == 400:
            failed.refused[row] = why
        else:
            failed.broken.append(f"row {row}: {why}")
    return failed


def refusal(lines: bytes, reason: str) -> Refusal:
    """A document that was refused, from its lines."""
    document = orjson.loads(lines.split(b"\n", 1)[1])
    fields = tuple(name for name, text in document["text"].items() if text != ABSENT)
    return Refusal(document["id"], reason, b64decode(document["source"]), fields)
