"""Answers as arrays. An answer that is not whole is an error: a part of a list looks like a list.

Of a search with ``k`` neighbours the score is ``1 + c`` for an inner product c ≥ 0 and ``1 / (1 − c)`` below
(OpenSearch documentation, "k-NN spaces"), which is turned back here.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from retrieval.backends.common.values import band_name
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable, tail_lost
from retrieval.backends.opensearch.names import TAIL
from retrieval.errors import CursorExpired
from retrieval.types import FacetValue, FloatArray, IntArray

Answer = Mapping[str, Any]

FILTER_PATH = (
    "responses.timed_out,responses._shards.*,responses.status,responses.error,"
    "responses.hits.total,responses.hits.hits.sort,responses.hits.hits.fields,responses.aggregations"
)
"""What of an answer is sent at all."""


def whole(answer: Answer) -> Answer:
    """The answer of one search, if it is one.

    Raises:
        ClusterUnavailable: it is an error, it timed out, or a shard did not answer.
        CursorExpired: the index was taken away since it was opened.
    """
    if "error" in answer:
        reason = reason_of(answer["error"])
        if "index_not_found" in reason and TAIL in reason:
            raise tail_lost()
        if "index_not_found" in reason:
            raise CursorExpired("the generation of this request is gone", field="cursor", hint="search again")
        raise ClusterUnavailable(f"the search cluster answers: {reason}", hint="try again; see its health and its log")
    if not is_whole(answer):
        missing = answer["_shards"]["total"] - answer["_shards"]["successful"]
        lost = max(missing, answer["_shards"]["failed"])
        what = "timed out" if answer["timed_out"] else f"{lost} of its shards did not answer"
        raise ClusterUnavailable(f"the search cluster answered in part only: {what}", hint="try again; see its health")
    return answer


def is_whole(answer: Answer) -> bool:
    """Whether every shard answered in time; one without a living copy is only missing among the successful ones."""
    if "error" in answer or answer["timed_out"]:
        return False
    shards = answer["_shards"]
    return bool(shards["total"] == shards["successful"] and not shards["failed"])


def ranked(answer: Answer) -> tuple[IntArray, FloatArray, list[str]]:
    """(rows, scores, ids) in the order of the answer."""
    hits = [hit["sort"] for hit in answer.get("hits", {}).get("hits", ())]
    scores = np.array([hit[0] for hit in hits], np.float64)
    return np.array([hit[2] for hit in hits], np.int64), scores.astype(np.float32), [hit[1] for hit in hits]


def listed(answer: Answer) -> tuple[IntArray, FloatArray, list[str]]:
    """(rows, scores, ids) of a search that is sorted by a column."""
    hits = [hit["sort"] for hit in answer.get("hits", {}).get("hits", ())]
    scores = np.array([hit[3] for hit in hits], np.float64).astype(np.float32)
    return np.array([hit[2] for hit in hits], np.int64), scores, [hit[1] for hit in hits]


def cosines(scores: FloatArray) -> FloatArray:
    """Scores of an inner-product search → inner products."""
    exact = scores.astype(np.float64)
    return np.where(exact >= 1, exact - 1, 1 - 1 / np.maximum(exact, 1e-9)).astype(np.float32)


def total(answer: Answer) -> int:
    """How many match, as far as they were counted."""
    return int(answer["hits"]["total"]["value"])


def sort_values(answer: Answer) -> list[list[Any]]:
    """The sort values of every hit."""
    return [hit["sort"] for hit in answer.get("hits", {}).get("hits", ())]


def columns(answer: Answer) -> Iterator[tuple[int, Mapping[str, list[Any]]]]:
    """Row and columns of every hit; the row is the last sort value, or a column itself."""
    for hit in answer.get("hits", {}).get("hits", ()):
        fields = hit["fields"]
        yield (hit["sort"][-1] if "sort" in hit else fields["row"][0]), fields


def stored(answer: Answer, field: str) -> dict[int, str]:
    """Row → a column of bytes as it came (`unpacked`)."""
    return {row: fields[field][0] for row, fields in columns(answer)}


def unpacked(column: str) -> bytes:
    """A column of bytes, which comes in base 64 without padding; too much of it does no harm."""
    return a2b_base64(column + "==")


def row_cosines(answer: Answer) -> dict[int, float]:
    """Row → cosine, of the hits of an inner-product search."""
    rows, scores, _ = ranked(answer)
    return dict(zip(rows.tolist(), cosines(scores).tolist(), strict=True))


def script_cosines(answer: Answer) -> dict[int, float]:
    """Row → the cosine that was asked along; none where none was."""
    return {row: fields["cosine"][0] for row, fields in columns(answer) if "cosine" in fields}


def scattered(rows: IntArray, found: IntArray, values: FloatArray) -> FloatArray:
    """`values` of `found` in the places of `rows`, 0 where a row was not found."""
    out = np.zeros(len(rows), np.float32)
    if len(found):
        order = np.argsort(found)
        place = np.minimum(np.searchsorted(found[order], rows), len(found) - 1)
        hit = found[order][place] == rows
        out[hit] = values[order][place[hit]]
    return out


def facet(answer: Answer, name: str, edges: Sequence[int] | None = None) -> tuple[FacetValue, ...]:
    """Most frequent first, equal counts by value; bands that begin at `edges` from low to high."""
    counted = answer["aggregations"][name]
    if counted.get("sum_other_doc_count"):
        raise ClusterRefused(f"too many values of {name} to count", field=name, hint="count fewer facets at once")
    buckets: Sequence[Answer] = counted["buckets"]
    if edges is not None:
        counts = [int(bucket["doc_count"]) for bucket in buckets]
        return tuple(FacetValue(band_name(edges, i), n) for i, n in enumerate(counts) if n)
    values = [FacetValue(str(b["key"]), int(b["doc_count"])) for b in buckets]
    return tuple(sorted(values, key=lambda v: (-v.count, v.value)))


def reason_of(error: Any) -> str:
    """The innermost reason of an error object."""
    if not isinstance(error, Mapping):
        return str(error)
    causes = error.get("root_cause") or [error]
    cause = error.get("caused_by") or causes[0]
    return f"{cause.get('type', 'error')}: {cause.get('reason', '')}"
