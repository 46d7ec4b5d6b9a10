"""A call of a journal as one document, so that all of its changes are kept or none. Pure.

Its id is the position of its first change: of two calls for the same place only one can be created.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from retrieval.changes.journal import Change, Entry, checksum
from retrieval.errors import StorageError

Body = dict[str, Any]
PAGE = 1_000
"""Calls that are named at once."""
_PAGE_BYTES = 32_000_000
"""Of bodies that are read at once, but for a single call that is larger."""
_STORED = {"type": "long", "index": False}
_CALL: Body = {
    "first": {"type": "long"}, "last": {"type": "long"}, "bytes": _STORED,
    "kinds": {"type": "keyword"}, "keys": {"type": "keyword"},
    "token": {"type": "keyword", "index": False, "doc_values": False},
    "entries": {"type": "object", "enabled": False},
}  # fmt: skip


def index_body(replicas: int) -> Body:
    """An index of one shard; a call is on the disks of all its copies before it is acknowledged."""
    settings = {"number_of_shards": 1, "number_of_replicas": replicas, "translog.durability": "request"}
    return {"settings": {"index": settings}, "mappings": {"dynamic": "strict", "properties": _CALL}}


def call_of(first: int, changes: Sequence[Change], token: str) -> Body:
    """The document; by `token` its writer knows it again."""
    return {
        "first": first,
        "last": first + len(changes) - 1,
        "bytes": sum(len(change.body) for change in changes),
        "kinds": sorted({change.kind for change in changes}),
        "keys": sorted({change.key for change in changes if change.key}),
        "token": token,
        "entries": [_entry(first + place, change) for place, change in enumerate(changes)],
    }


def placed(changes: Sequence[Change], known: Mapping[str, int], first: int) -> tuple[list[Change], list[int]]:
    """Those that are not `known` by their key yet, numbered from `first`; and the position of each change."""
    fresh: list[Change] = []
    positions: list[int] = []
    here = dict(known)
    for change in changes:
        position = here.get(change.key) if change.key else None
        if position is None:
            position = first + len(fresh)
            fresh.append(change)
            here[change.key] = position
        positions.append(position)
    return fresh, positions


def entries_of(call: Body, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Entry]:
    """Those behind `after`, of these kinds where any are named; each is checked when it is its turn.

    Raises:
        StorageError: one of them is damaged.
    """
    for position, entry in enumerate(call["entries"], call["first"]):
        if position > after and (not kinds or entry["kind"] in kinds):
            yield _read(position, entry)


def behind(after: int, kinds: Collection[str]) -> Body:
    """Which calls are behind `after`, with their sizes, and how far the calls go that can be searched."""
    body: Body = {
        "query": {"range": {"last": {"gt": after}}}, "sort": [{"first": "asc"}, {"bytes": "asc"}], "size": PAGE,
        "_source": False, "stored_fields": "_none_", "aggs": {"head": {"max": {"field": "last"}}},
    }  # fmt: skip
    return body | ({"post_filter": {"terms": {"kinds": sorted(kinds)}}} if kinds else {})


def head_of(answer: Body) -> int:
    """The last position that can be searched; 0 where nothing can."""
    return int(answer.get("aggregations", {}).get("head", {}).get("value") or 0)


def readable(answer: Body) -> list[str]:
    """Ids of the first calls of an answer to `behind` that may be read at once."""
    ids: list[str] = []
    room = _PAGE_BYTES
    for hit in answer["hits"]["hits"]:
        first, size = hit["sort"]
        room -= size
        if ids and room < 0:
            break
        ids.append(str(first))
    return ids


def _entry(position: int, change: Change) -> Body:
    return {
        "kind": change.kind, "target": change.target, "body": b64encode(change.body).decode("ascii"),
        "key": change.key, "by": change.by, "at": change.at, "sum": checksum(position, change).hex(),
    }  # fmt: skip


def _read(position: int, entry: Body) -> Entry:
    try:
        change = Change(
            entry["kind"], entry["target"], b64decode(entry["body"]), entry["key"], entry["by"], entry["at"]
        )  # fmt: skip
        whole = checksum(position, change).hex() == entry["sum"]
    except (KeyError, TypeError, ValueError):
        whole = False
    if not whole:
        raise StorageError(
            f"entry {position} of the journal is damaged", field="opensearch.prefix",
            hint="restore a snapshot of its index (docs/opensearch.md)",
        )  # fmt: skip
    return Entry(position, change)
