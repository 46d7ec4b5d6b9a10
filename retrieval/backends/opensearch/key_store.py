"""Keys on a cluster: `retrieval.keys.store.KeyStore` over two documents of one small index beside the generations.

All keys are one document: there are few, who writes it names the version that was read (``if_seq_no``), and reading by
id sees every write at once. Its sequence number is the version. When keys were used lies in a document of its own, so
that using one changes no version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable, Conflict, Missing
from retrieval.backends.opensearch.event_requests import Body
from retrieval.backends.opensearch.small_index import make, unchanged_since
from retrieval.keys.key import Key, Role
from retrieval.keys.sqlite_store import no_such

_KEYS, _USED = "keys", "used"
_TRIES = 20
"""Of a change; each that fails is another change that was taken."""
_LOOK_S = 1.0
"""Seconds that a look at the version may take: callers wait for it."""
_UNREAD = {"type": "object", "enabled": False}


class OpenSearchKeyStore:
    """See `retrieval.keys.sqlite_store.SqliteKeyStore`; the index is made by the first key."""

    def __init__(self, options: ClusterOptions, *, prefix: str, replicas: int = 0) -> None:
        self._cluster, self._index, self._replicas = Cluster(options), f"{prefix}-keys", replicas

    def version(self) -> str:
        return _version_of(self._found(_KEYS, look=True))

    def all(self) -> Sequence[Key]:
        found, used = self._found(_KEYS), self._found(_USED)
        times = used["_source"][_USED] if used else {}
        keys = [_key_of(each | {"used": times.get(each["id"])}) for each in _listed(found)]
        return sorted(keys, key=lambda key: (key.created, key.id))

    def add(self, key: Key) -> None:
        self._make()
        self._amend(lambda listed: [*listed, _document_of(key)])

    def change(self, id: str, change: Callable[[Key], Key]) -> Key:
        changed: list[Key] = []

        def amended(listed: list[Body]) -> list[Body]:
            at = next((at for at, each in enumerate(listed) if each["id"] == id), None)
            if at is None:
                raise no_such(id)
            changed[:] = [change(_key_of(listed[at]))]
            return [*listed[:at], _document_of(changed[0]), *listed[at + 1 :]]

        self._amend(amended)
        return changed[0]

    def used(self, times: Mapping[str, float]) -> None:
        def amend(found: Any) -> Body:
            known = found["_source"][_USED] if found else {}
            return {_USED: known | {id: max(at, known.get(id, 0.0)) for id, at in times.items()}}

        self._put(_USED, amend)

    def close(self) -> None:
        self._cluster.close()

    def _amend(self, amended: Callable[[list[Body]], list[Body]]) -> None:
        self._put(_KEYS, lambda found: {_KEYS: amended(_listed(found))})

    def _put(self, name: str, amend: Callable[[Any], Body]) -> None:
        """Writes what `amend` makes of what is there, again where somebody else was first."""
        path = f"/{self._index}/_doc/{name}"
        for _ in range(_TRIES):
            found = self._found(name)
            with suppress(Conflict):
                self._cluster.call("PUT", path, params=unchanged_since(found), body=amend(found))
                return
        raise ClusterUnavailable("others change keys all the time", hint="send the call again")

    def _found(self, name: str, *, look: bool = False) -> Any:
        path = f"/{self._index}/_doc/{name}"
        try:
            if look:
                return self._cluster.call("GET", path, params={"_source": "false"}, attempts=1, timeout=_LOOK_S)
            return self._cluster.call("GET", path)
        except Missing:
            return None

    def _make(self) -> None:
        settings = {"number_of_shards": 1, "number_of_replicas": self._replicas}
        body = {
            "settings": {"index": settings},
            "mappings": {"dynamic": "strict", "properties": {_KEYS: _UNREAD, _USED: _UNREAD}},
        }
        make(self._cluster, self._index, body)


def _version_of(found: Any) -> str:
    return f"{found['_primary_term']}.{found['_seq_no']}" if found else ""


def _listed(found: Any) -> list[Body]:
    listed: list[Body] = found["_source"][_KEYS] if found else []
    return listed


def _document_of(key: Key) -> Body:
    return {name: value for name, value in asdict(key).items() if name != "used"}


def _key_of(source: Body) -> Key:
    return Key(**{**source, "role": Role(source["role"]), "origins": tuple(source["origins"])})
