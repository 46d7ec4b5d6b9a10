"""Rooms on a cluster: `retrieval.live.store.LiveStore` over one small index beside the generations.

A room is one document under the digest of its id. Who writes it names the version that was read (``if_seq_no``), so of
two changes at the same moment the second is tried again on what the first left; reading by id sees every write at once.
`put` returns when its change is on disk and searchable.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable, Conflict, Missing
from retrieval.backends.opensearch.event_requests import Body, digest
from retrieval.backends.opensearch.small_index import make, unchanged_since
from retrieval.live.state import Change, Room, Screen, State
from retrieval.live.store import Put, taken

MOST = 10_000
"""Rooms on air at once that are read; a cluster gives no more at a time."""
_TRIES = 20
"""Of a change; each that fails is another change of the room that was taken."""
_LOOK_S = 0.5
"""Seconds that a look at who is on air may take: a search waits for it."""
_KEYWORD, _STORED = {"type": "keyword"}, {"type": "keyword", "index": False, "doc_values": False}
_ROOM: Body = {
    "id": _KEYWORD, "state": _KEYWORD, "ts": {"type": "double"}, "since": {"type": "double", "index": False},
    "known": _STORED, "screen": {"type": "object", "enabled": False},
}  # fmt: skip


class OpenSearchLiveStore:
    """See `retrieval.live.sqlite_store.SqliteLiveStore`; the index is made by the first change."""

    def __init__(self, options: ClusterOptions, *, prefix: str, heartbeat: float, replicas: int = 0) -> None:
        self._cluster, self._index, self._replicas = Cluster(options), f"{prefix}-live", replicas
        self.heartbeat = heartbeat
        self._made = False

    def put(self, id: str, change: Change) -> Put:
        self._make()
        for _ in range(_TRIES):
            found = self._found(id)
            put = taken(_room_of(found["_source"]) if found else None, id, change, self.heartbeat)
            if not put.changed:
                return put
            with suppress(Conflict):
                self._write(put.room, found)
                return put
        raise ClusterUnavailable(f"others change {id} all the time", hint="send the call again")

    def room(self, id: str) -> Room | None:
        found = self._found(id)
        return _room_of(found["_source"]) if found else None

    def on_air(self, now: float) -> Sequence[Room]:
        on_air = [{"term": {"state": State.ON_AIR}}, {"range": {"ts": {"gte": now - self.heartbeat}}}]
        body: Body = {"query": {"bool": {"filter": on_air}}, "sort": [{"id": "asc"}], "size": MOST}
        params = {"ignore_unavailable": "true"}
        path = f"/{self._index}/_search"
        answer = self._cluster.call("POST", path, params=params, body=body, attempts=1, timeout=_LOOK_S)
        return [_room_of(hit["_source"]) for hit in answer["hits"]["hits"]]

    def close(self) -> None:
        self._cluster.close()

    def _make(self) -> None:
        if self._made:
            return
        settings = {"number_of_shards": 1, "number_of_replicas": self._replicas, "refresh_interval": "100ms"}
        mappings = {"dynamic": "strict", "properties": _ROOM}
        make(self._cluster, self._index, {"settings": {"index": settings}, "mappings": mappings})
        self._made = True

    def _found(self, id: str) -> Any:
        try:
            return self._cluster.call("GET", f"/{self._index}/_doc/{digest(id)}")
        except Missing:
            return None

    def _write(self, room: Room, found: Any) -> None:
        """Raises Conflict where it is no longer what was found."""
        params = {**unchanged_since(found), "refresh": "wait_for"}
        path = f"/{self._index}/_doc/{digest(room.id)}"
        # Sent twice it would meet itself, and be tried again as a change that is known.
        self._cluster.call("PUT", path, params=params, body=_document_of(room))


def _document_of(room: Room) -> Body:
    return {
        "id": room.id, "state": room.state.value, "ts": room.ts, "since": room.since, "known": [*room.known],
        "screen": asdict(room.screen) if room.screen else None,
    }  # fmt: skip


def _room_of(source: Body) -> Room:
    screen = Screen(**source["screen"]) if source["screen"] else None
    return Room(
        source["id"], State(source["state"]), source["ts"], source["since"], screen, known=tuple(source["known"])
    )  # fmt: skip
