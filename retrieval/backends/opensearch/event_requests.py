"""What a store of events asks a cluster: index bodies, documents and queries. Pure.

The version of a shopper is the sequence number of the shopper's document: it grows with every write, and with one shard
there is one sequence for all, so a document that came back after a deletion never has a number that was seen before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

import orjson

from retrieval.interest.event import EventType, ShopperEvent

Body = dict[str, Any]
META = "meta"
"""Document of the shoppers' index that is touched whenever somebody left, and holds until when events were pruned."""
_KEYWORD, _STORED = {"type": "keyword"}, {"type": "keyword", "index": False, "doc_values": False}
_EVENT: Body = {
    "actor": _KEYWORD, "id": _KEYWORD, "ts": {"type": "double"}, "type": _KEYWORD, "user_id": _STORED,
    "session_id": _KEYWORD, "item_id": _KEYWORD, "kind": _KEYWORD, "query": _STORED,
    "position": {"type": "long", "index": False}, "surface": _STORED, "watch_s": {"type": "double", "index": False},
    "quantity": {"type": "long"}, "policy": _STORED, "propensity": {"type": "double", "index": False},
}  # fmt: skip
_SHOPPER: Body = {
    "key": _KEYWORD, "consent": {"type": "boolean"}, "choices": _STORED, "pruned_before": {"type": "double"},
    "kept_from": {"type": "double"}, "kept_from_id": _KEYWORD,
}  # fmt: skip
_COUNT: Body = {
    "item_id": _KEYWORD, "kind": _KEYWORD, "type": _KEYWORD, "events": {"type": "long"}, "quantity": {"type": "long"},
}  # fmt: skip
MAPPINGS = {"events": _EVENT, "shoppers": _SHOPPER, "counts": _COUNT}
BY_TIME: list[Any] = [{"ts": "asc"}, {"id": "asc"}]
NEWEST_FIRST: list[Any] = [{"ts": "desc"}, {"id": "desc"}]


def index_body(name: str, replicas: int) -> Body:
    """An index of one shard; what is added is visible within the refresh interval, which `add` waits for."""
    settings = {
        "number_of_shards": 1,
        "number_of_replicas": replicas,
        "refresh_interval": "100ms",
        "merge.policy.expunge_deletes_allowed": 0,
    }
    return {"settings": {"index": settings}, "mappings": {"dynamic": "strict", "properties": MAPPINGS[name]}}


def digest(text: str) -> str:
    """A document id: a cluster takes at most 512 bytes, which an id of ours may exceed."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def document_of(event: ShopperEvent, actor: str) -> Body:
    """An event as it lies in the index."""
    return {"actor": actor, **asdict(event)}


def event_of(source: Body) -> ShopperEvent:
    """The event of a document."""
    fields = {name: source[name] for name in ShopperEvent.__slots__}
    return ShopperEvent(**fields | {"type": EventType(source["type"])})


def lines(*pairs: tuple[Body, Body | None]) -> bytes:
    """(action, body) of a bulk request."""
    return b"".join(orjson.dumps(part) + b"\n" for pair in pairs for part in pair if part is not None)


def touched(index: str, name: str, fields: Body) -> tuple[Body, Body]:
    """Writes fields of a document, which is made if it is not there; always a new sequence number."""
    action = {"update": {"_index": index, "_id": name, "retry_on_conflict": 5}}
    return action, {"doc": fields, "doc_as_upsert": True, "detect_noop": False}


def added(index: str, key: Body, events: int, quantity: int) -> tuple[Body, Body]:
    """Adds to the counter of an item, a kind and a type."""
    name = digest(orjson.dumps([key["item_id"], key["kind"], key["type"]]).decode())
    action = {"update": {"_index": index, "_id": name, "retry_on_conflict": 5}}
    script = "ctx._source.events += params.events; ctx._source.quantity += params.quantity"
    params = {"events": events, "quantity": quantity}
    upsert = {**key, **params}
    return action, {"script": {"source": script, "params": params}, "upsert": upsert}


def of_actors(actors: Iterable[str], until: float | None = None) -> Body:
    """Their events before a time."""
    clauses: list[Body] = [{"terms": {"actor": [*actors]}}]
    return {"bool": {"filter": [*clauses, *between(None, until)]}}


def between(since: float | None, until: float | None) -> list[Body]:
    """Events of a time, its end excluded."""
    bounds = {name: value for name, value in (("gte", since), ("lt", until)) if value is not None}
    return [{"range": {"ts": bounds}}] if bounds else []


def of_types(types: Collection[EventType]) -> list[Body]:
    """Events of these types; none: of all."""
    return [{"terms": {"type": [each.value for each in types]}}] if types else []


def older_than(actor: str, ts: float, id_: str) -> Body:
    """Events of an actor that come before one by (ts, id)."""
    same = {"bool": {"filter": [{"term": {"ts": ts}}, {"range": {"id": {"lt": id_}}}]}}
    before = {"bool": {"should": [{"range": {"ts": {"lt": ts}}}, same], "minimum_should_match": 1}}
    return {"bool": {"filter": [{"term": {"actor": actor}}, before]}}


def grouped(names: Sequence[str], size: int, after: Body | None) -> Body:
    """An aggregation over the combinations of these fields, page by page."""
    sources = [{name: {"terms": {"field": name}}} for name in names]
    page: Body = {"size": size, "sources": sources}
    if after:
        page["after"] = after
    return {"groups": {"composite": page, "aggs": {"quantity": {"sum": {"field": "quantity"}}}}}
