"""What belongs to a generation beside its documents, e.g. what the catalogue taught: bytes under a name, in pieces.

They lie in one small index of their own, so that counting and searching a generation never meets them.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any

from retrieval.backends.opensearch.client import FOREVER, Cluster
from retrieval.backends.opensearch.errors import ClusterRefused, Missing
from retrieval.deadline import Deadline
from retrieval.errors import GenerationError
from retrieval.types import Buffer

_PIECE_BYTES = 4_000_000
_MAPPINGS = {
    "dynamic": "strict",
    "properties": {
        "generation": {"type": "keyword"},
        "pieces": {"type": "integer", "index": False},
        "data": {"type": "binary"},
    },
}


def attach(cluster: Cluster, index: str, generation: str, name: str, data: Buffer) -> None:
    """Keeps `data`; sending it twice changes nothing."""
    with suppress(ClusterRefused):  # it is there already
        settings = {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}
        cluster.call("PUT", f"/{index}", body={"settings": settings, "mappings": _MAPPINGS})
    pieces = [data[i : i + _PIECE_BYTES] for i in range(0, len(data), _PIECE_BYTES)] or [b""]
    for place, piece in enumerate(pieces):
        body = {"generation": generation, "pieces": len(pieces), "data": b64encode(piece).decode("ascii")}
        cluster.call("PUT", _path(index, generation, name, place), body=body, timeout=60.0)


def attachment(cluster: Cluster, index: str, generation: str, name: str, deadline: Deadline = FOREVER) -> bytes | None:
    """The bytes, None where there are none.

    Raises:
        GenerationError: pieces of them are missing.
    """
    try:
        first = _piece(cluster, _path(index, generation, name, 0), deadline)
    except Missing:
        return None
    try:
        rest = [_piece(cluster, _path(index, generation, name, i), deadline) for i in range(1, first["pieces"])]
    except Missing:
        raise GenerationError(f"{name} of {generation} is not whole", hint="rebuild (xunhuo rebuild)") from None
    return b"".join(b64decode(piece["data"]) for piece in [first, *rest])


def attached(cluster: Cluster, index: str, generation: str) -> list[str]:
    """Names of what belongs to a generation, sorted."""
    try:
        cluster.call("POST", f"/{index}/_refresh")
        body = {"query": {"term": {"generation": generation}}, "_source": False, "size": 10_000}
        found = cluster.call("POST", f"/{index}/_search", params={"filter_path": "hits.hits._id"}, body=body)
    except Missing:
        return []
    ids = (hit["_id"] for hit in found.get("hits", {}).get("hits", ()))
    return sorted({id.removeprefix(f"{generation}.").rpartition(".")[0] for id in ids})


def detach(cluster: Cluster, index: str, generation: str) -> None:
    """Takes away what belongs to a generation."""
    with suppress(Missing):
        body = {"query": {"term": {"generation": generation}}}
        cluster.call("POST", f"/{index}/_delete_by_query", body=body, params={"refresh": "true"}, timeout=60.0)


def _piece(cluster: Cluster, path: str, deadline: Deadline) -> Any:
    return cluster.call("GET", path, deadline=deadline)["_source"]


def _path(index: str, generation: str, name: str, place: int) -> str:
    return f"/{index}/_doc/{generation}.{name}.{place}"
