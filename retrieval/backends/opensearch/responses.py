"""Answers as arrays. An answer that is not whole is an error: a part of a list looks like a list.

Of a search with ``k`` neighbours the score is ``1 + c`` for an inner product c ≥ 0 and ``1 / (1 − c)`` below
(OpenSearch documentation, "k-NN spaces"), which is turned back here.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable
from retrieval.backends.values import price_band
from retrieval.errors import CursorExpired
from retrieval.types import FacetValue, FloatArray, IntArray

Answer = Mapping[str, Any]

FILTER_PATH = (
    "responses.timed_out,responses._shards.*,responses.status,responses.error,"
    "responses.hits.total,responses.hits.hits.sort,responses.hits.hits.fields,responses.hits.hits._source,"
    "responses.aggregations"
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
        if "index_not_found" in reason:
            raise CursorExpired("the generation of this request is gone", field="cursor", hint="search again")
        raise ClusterUnavailable(f"the search cluster answers: {reason}", hint="try again; see its health and its log")
    # A shard without a living copy is not counted as failed: it is only missing among the successful ones.
    shards = answer["_shards"]
    missing = shards["total"] - shards["successful"]
    if answer["timed_out"] or missing or shards["failed"]:
        what = "timed out" if answer["timed_out"] else f"{max(missing, shards['failed'])} of its shards did not answer"
        raise ClusterUnavailable(f"the search cluster answered in part only: {what}", hint="try again; see its health")
    return answer


def ranked(answer: Answer) -> tuple[IntArray, FloatArray, list[str]]:
    """(rows, scores, ids) in the order of the answer."""
    hits = [hit["sort"] for hit in answer.get("hits", {}).get("hits", ())]
    scores = np.array([hit[0] for hit in hits], np.float64)
    return np.array([hit[2] for hit in hits], np.int64), scores.astype(np.float32), [hit[1] for hit in hits]


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


def stored(answer: Answer, field: str) -> dict[int, bytes]:
    """Row → a column of bytes, which comes in base 64 without padding; too much of it does no harm."""
    hits = answer.get("hits", {}).get("hits", ())
    return {hit["sort"][0]: b64decode(hit["fields"][field][0] + "==") for hit in hits}


def vectors(answer: Answer) -> dict[int, list[float]]:
    """Row → vector."""
    return {hit["sort"][0]: hit["_source"]["vector"] for hit in answer.get("hits", {}).get("hits", ())}


def scattered(rows: IntArray, found: IntArray, values: FloatArray) -> FloatArray:
    """`values` of `found` in the places of `rows`, 0 where a row was not found."""
    out = np.zeros(len(rows), np.float32)
    if len(found):
        order = np.argsort(found)
        place = np.minimum(np.searchsorted(found[order], rows), len(found) - 1)
        hit = found[order][place] == rows
        out[hit] = values[order][place[hit]]
    return out


def facet(answer: Answer, name: str) -> tuple[FacetValue, ...]:
    """Most frequent first, equal counts by value; price bands from low to high."""
    counted = answer["aggregations"][name]
    if counted.get("sum_other_doc_count"):
        raise ClusterRefused(f"too many values of {name} to count", field=name, hint="count fewer facets at once")
    buckets: Sequence[Answer] = counted["buckets"]
    if name == "price":
        return tuple(FacetValue(price_band(i), int(b["doc_count"])) for i, b in enumerate(buckets) if b["doc_count"])
    values = [FacetValue(str(b["key"]), int(b["doc_count"])) for b in buckets]
    return tuple(sorted(values, key=lambda v: (-v.count, v.value)))


def reason_of(error: Any) -> str:
    """The innermost reason of an error object."""
    if not isinstance(error, Mapping):
        return str(error)
    causes = error.get("root_cause") or [error]
    cause = error.get("caused_by") or causes[0]
    return f"{cause.get('type', 'error')}: {cause.get('reason', '')}"
