"""Events on a cluster: `retrieval.interest.store.EventStore` over three indices beside the generations.

An event is created under the digest of its id, so a second delivery meets the first (409). `add` returns when its
events are on disk and searchable, and only then gives their shoppers a new version. What is asked of a shopper
(consent, choices, version) is read by id, which sees every write at once. Counters are added to before their events
are deleted: a prune that was killed may count some of them twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any

import orjson

from retrieval.backends.opensearch import event_requests as ask
from retrieval.backends.opensearch.client import ClusterOptions
from retrieval.backends.opensearch.errors import Missing
from retrieval.backends.opensearch.event_indices import LONG_S, EventIndices
from retrieval.backends.opensearch.lock import hold
from retrieval.errors import GenerationError
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.store import Added, Choices, Count, Refusal

Body = ask.Body


class OpenSearchEventStore:
    """See `retrieval.interest.sqlite_store.SqliteEventStore` for `most`; beyond it events are pruned, not at once."""

    def __init__(self, options: ClusterOptions, *, prefix: str, replicas: int = 0, most: int = 5_000) -> None:
        self._at, self._most = EventIndices(options, prefix, replicas), most
        self._lock = f"{prefix}-interest-lock"

    def add(self, events: Sequence[ShopperEvent]) -> Added:
        if not events:
            return Added(0, 0)
        self._at.make()
        refused = self._refused(events)
        kept = [event for event in events if event.id not in refused]
        creating = [
            ({"create": {"_index": self._at.events, "_id": ask.digest(event.id)}}, ask.document_of(event, _key(event)))
            for event in kept
        ]
        status = self._at.bulk(creating, refresh="wait_for")
        self._at.touch({_key(event) for event in kept})
        return Added(status.count(201), status.count(409), refused)

    def of_user(self, user_id: str, session_id: str = "", *, until: float | None = None) -> list[ShopperEvent]:
        found = self._at.documents(_keys(user_id, session_id))
        keys = [key for key, document in found.items() if document and document["_source"].get("consent", True)]
        if not keys:
            return []
        query = ask.of_actors(keys, until)
        hits = self._at.search(self._at.events, {"query": query, "sort": ask.NEWEST_FIRST, "size": self._most})
        return [ask.event_of(hit["_source"]) for hit in reversed(hits)]

    def held(self, user_id: str) -> list[ShopperEvent]:
        return [ask.event_of(hit["_source"]) for hit in self._all(ask.of_actors(self._actors_of(user_id)))]

    def version(self, user_id: str, session_id: str = "") -> int:
        keys = _keys(user_id, session_id)
        found = self._at.documents([*keys, ask.META])
        left = found.pop(ask.META)
        present = [document for document in found.values() if document]
        if left and len(present) < len(keys):
            present.append(left)
        return max((int(document["_seq_no"]) + 1 for document in present), default=0)

    def scan(
        self, *, since: float = 0.0, until: float | None = None, types: Collection[EventType] = ()
    ) -> Iterator[ShopperEvent]:
        withdrawn = {hit["_source"]["key"] for hit in self._shopper_hits({"term": {"consent": False}})}
        for hit in self._all({"bool": {"filter": [*ask.between(since, until), *ask.of_types(types)]}}):
            if hit["_source"]["actor"] not in withdrawn:
                yield ask.event_of(hit["_source"])

    def users(self) -> Iterator[str]:
        yield from (hit["_source"]["key"][1:] for hit in self._shopper_hits({"prefix": {"key": "u"}}))

    def newest(self) -> float:
        hits = self._at.search(self._at.events, {"size": 1, "sort": ask.NEWEST_FIRST, "_source": ["ts"]})
        return float(hits[0]["_source"]["ts"]) if hits else 0.0

    def choices(self, user_id: str) -> Choices:
        document = self._at.documents([f"u{user_id}"])[f"u{user_id}"]
        kept = document["_source"] if document else {}
        made = orjson.loads(kept.get("choices", "{}"))
        return Choices(kept.get("consent", True), made.get("removed", {}), frozenset(made.get("pinned", ())))

    def choose(self, user_id: str, choices: Choices) -> None:
        self._at.make()
        key = f"u{user_id}"
        made = orjson.dumps({"removed": dict(choices.removed), "pinned": sorted(choices.pinned)}).decode()
        fields = {"key": key, "consent": choices.consent, "choices": made}
        self._at.bulk([ask.touched(self._at.shoppers, ask.digest(key), fields)])

    def delete(self, user_id: str) -> int:
        self._at.make()
        actors = self._actors_of(user_id)
        gone = self._at.delete_events(ask.of_actors(actors))
        self._leave(actors)
        for index in (self._at.events, self._at.shoppers):
            self._at.cluster.call("POST", f"/{index}/_flush", params={"force": "true", "wait_if_ongoing": "true"})
            merging = {"only_expunge_deletes": "true"}
            self._at.cluster.call("POST", f"/{index}/_forcemerge", params=merging, timeout=LONG_S)
        return gone

    def prune(self, before: float) -> int:
        self._at.make()
        with suppress(GenerationError), hold(self._at.cluster, self._lock):  # somebody else is at it
            kept_from = self._pruned_before()
            if before > kept_from:
                self._at.bulk([ask.touched(self._at.shoppers, ask.digest(ask.META), {"pruned_before": before})])
            self._at.cluster.call("POST", f"/{self._at.events}/_refresh")
            pruned = self._fold({"bool": {"filter": ask.between(None, before)}})
            return pruned + self._trim()
        return 0

    def counts(self) -> Iterator[Count]:
        sort: list[Any] = [{"item_id": "asc"}, {"kind": "asc"}, {"type": "asc"}]
        for hit in self._at.paged(self._at.counts, {"match_all": {}}, sort):
            one = hit["_source"]
            yield Count(one["item_id"], one["kind"], EventType(one["type"]), one["events"], one["quantity"])

    def close(self) -> None:
        self._at.cluster.close()

    def _refused(self, events: Sequence[ShopperEvent]) -> dict[str, Refusal]:
        """Not those that are known already: they are duplicates."""
        found = self._at.documents([*{_key(event) for event in events}, ask.META])
        meta = found[ask.META]
        pruned_before = meta["_source"].get("pruned_before", 0.0) if meta else 0.0
        refused: dict[str, Refusal] = {}
        for event in events:
            document = found[_key(event)]
            shopper = document["_source"] if document else {}
            kept_from = (shopper.get("kept_from", -1.0), shopper.get("kept_from_id", ""))
            if not shopper.get("consent", True):
                refused[event.id] = Refusal.NO_CONSENT
            elif event.ts < pruned_before or (event.ts, event.id) < kept_from:
                refused[event.id] = Refusal.TOO_LATE
        known = self._at.found(self._at.events, {id_: ask.digest(id_) for id_ in refused})
        return {id_: why for id_, why in refused.items() if not known[id_]}

    def _pruned_before(self) -> float:
        meta = self._at.documents([ask.META])[ask.META]
        return float(meta["_source"].get("pruned_before", 0.0)) if meta else 0.0

    def _actors_of(self, user_id: str) -> list[str]:
        """The user, and what the user's sessions did before the user was known."""
        mine = f"u{user_id}"
        sessions = [group["key"]["session_id"] for group in self._at.groups(ask.of_actors([mine]), ["session_id"])]
        return [mine, *(f"s{session}" for session in sessions if session)]

    def _fold(self, query: Body) -> int:
        """Turns events into counters."""
        groups = [*self._at.groups(query, ["item_id", "kind", "type"])]
        actors = [group["key"]["actor"] for group in self._at.groups(query, ["actor"])]
        counting = [
            ask.added(self._at.counts, group["key"], group["doc_count"], int(group["quantity"]["value"]))
            for group in groups
            if group["key"]["item_id"]
        ]
        self._at.bulk(counting, refresh="wait_for")
        gone = self._at.delete_events(query)
        self._at.touch(set(actors))
        self._leave([key for key in actors if self._is_idle(key)])
        return gone

    def _is_idle(self, key: str) -> bool:
        document = self._at.documents([key])[key]
        decided = document and ("choices" in document["_source"] or "kept_from" in document["_source"])
        body = {"query": ask.of_actors([key]), "size": 1, "_source": False}
        return not decided and not self._at.search(self._at.events, body)

    def _trim(self) -> int:
        """Of shoppers with a tenth more than the most, the oldest events become counters."""
        trimmed = 0
        for group in [*self._at.groups({"match_all": {}}, ["actor"])]:
            if group["doc_count"] <= self._most + self._most // 10:
                continue
            key = group["key"]["actor"]
            body = {"query": ask.of_actors([key]), "sort": ask.NEWEST_FIRST, "from": self._most - 1, "size": 1}
            ts, id_ = self._at.search(self._at.events, body)[0]["sort"]
            fields = {"key": key, "kept_from": ts, "kept_from_id": id_}
            self._at.bulk([ask.touched(self._at.shoppers, ask.digest(key), fields)])
            trimmed += self._fold(ask.older_than(key, ts, id_))
        return trimmed

    def _leave(self, keys: Sequence[str]) -> None:
        gone: list[tuple[Body, Body | None]] = [
            ({"delete": {"_index": self._at.shoppers, "_id": ask.digest(key)}}, None) for key in keys
        ]
        # The last one: from then on those who left have its version.
        self._at.bulk([*gone, ask.touched(self._at.shoppers, ask.digest(ask.META), {"key": ""})])

    def _all(self, query: Body) -> Iterator[Any]:
        return self._at.paged(self._at.events, query, ask.BY_TIME)

    def _shopper_hits(self, query: Body) -> Iterator[Any]:
        with suppress(Missing):
            self._at.cluster.call("POST", f"/{self._at.shoppers}/_refresh")
        return self._at.paged(self._at.shoppers, query, [{"key": "asc"}])


def _key(event: ShopperEvent) -> str:
    return f"u{event.user_id}" if event.user_id else f"s{event.session_id}"


def _keys(user_id: str, session_id: str) -> list[str]:
    return [f"{mark}{name}" for mark, name in (("u", user_id), ("s", session_id)) if name]
