"""The journal on a cluster: `retrieval.changes.journal.Journal` over one small index beside the generations.

A call is one document under the position of its first change, created or not at all. Who meets another call in that
place reads it, and tries behind it: so positions have no gap, whoever appends. Since the next place is known, the head
is found by reading one document by its id, which sees every write at once; only what is searched waits for a refresh.

A node that reads from a copy which then dies may have seen a call that was never acknowledged and is lost with it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from threading import Lock
from typing import Any

from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable, Conflict, Missing
from retrieval.backends.opensearch.journal_calls import (
    Body,
    behind,
    call_of,
    entries_of,
    head_of,
    index_body,
    placed,
    readable,
)
from retrieval.backends.opensearch.responses import whole
from retrieval.backends.opensearch.small_index import awaited, make
from retrieval.changes.journal import Change, Entry, check_key
from retrieval.errors import XunhuoError

_TRIES = 200
"""Of an append; each that fails is another call that was kept."""
_LOOK_SECONDS = 0.5
"""That a look at the head may take: a search waits for it."""
_STEPS = 3
"""Calls that are read one after the other before the head is searched instead."""
_KEYS = 10_000
"""That are asked for at once, and calls that may have them."""


class OpenSearchJournal:
    """See `retrieval.changes.journal.Journal`; the index is made by the first append.

    Args:
        look_s: `position` is never older than so many seconds; appends of this object count at once.
        now: seconds of a clock that only goes forward.
    """

    def __init__(
        self, options: ClusterOptions, *, prefix: str, look_s: float = 0.25, replicas: int = 0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._cluster, self._index, self._replicas = Cluster(options), f"{prefix}-journal", replicas
        self._look_s, self._now = look_s, now
        self._made = False
        self._position, self._looked = 0, float("-inf")
        self._failure: tuple[float, XunhuoError] | None = None
        self._appending, self._looking, self._counting = Lock(), Lock(), Lock()

    @property
    def seen_after(self) -> float:
        """Seconds after an append in which every other process counts it."""
        return self._look_s

    def append(self, changes: Sequence[Change]) -> list[int]:
        for change in changes:
            check_key(change.key)
        token = secrets.token_hex(8)
        with self._appending:
            self._make()
            head = self.head()
            known = {key: entry.position for key, entry in self.known({each.key for each in changes}).items()}
            for _ in range(_TRIES):
                fresh, positions = placed(changes, known, head + 1)
                met = self._create(call_of(head + 1, fresh, token)) if fresh else None
                if met is None or met["token"] == token:  # sent again, it met itself
                    self._count(head + len(fresh))
                    return positions
                head = int(met["last"])
                known |= {each.change.key: each.position for each in entries_of(met) if each.change.key}
        raise ClusterUnavailable("others write to the journal all the time", hint="send the call again")

    def read(self, after: int = 0, limit: int = 10_000, kinds: Collection[str] = ()) -> list[Entry]:
        found: list[Entry] = []
        for call in self._calls_behind(after, kinds):
            found += islice(entries_of(call, after, kinds), limit - len(found))
            if len(found) == limit:
                break
        return found

    def known(self, keys: Collection[str]) -> dict[str, Entry]:
        wanted = sorted({*keys} - {""})
        found: dict[str, Entry] = {}
        if not wanted:
            return found
        self._refresh()
        for start in range(0, len(wanted), _KEYS):
            part = {*wanted[start : start + _KEYS]}
            answer = self._search({"query": {"terms": {"keys": sorted(part)}}, "size": _KEYS})
            for hit in answer["hits"]["hits"]:
                found |= {each.change.key: each for each in entries_of(hit["_source"]) if each.change.key in part}
        return found

    def position(self) -> int:
        """Never older than `look_s`: who comes later than that after the last look waits for the next one."""
        if self._now() - self._looked >= self._look_s:
            with self._looking:
                if (asked := self._now()) - self._looked >= self._look_s:
                    self._look(asked)
        return self._position

    def head(self) -> int:
        return self._head()

    def close(self) -> None:
        self._cluster.close()

    def _look(self, asked: float) -> None:
        """One at a time; while looks fail, only one in `look_s` waits for the cluster."""
        if self._failure and asked - self._failure[0] < self._look_s:
            raise self._failure[1]
        try:
            self._head(attempts=1, timeout=_LOOK_SECONDS)
        except XunhuoError as why:
            self._failure = self._now(), why
            raise
        self._looked, self._failure = asked, None

    def _head(self, **patience: float) -> int:
        """The last position, as it was at some moment since this was called."""
        head, steps = self._position, 0
        while call := self._call_at(head + 1, only="last", **patience):
            head, steps = int(call["last"]), steps + 1
            if steps == _STEPS:
                head = max(head, head_of(self._search(behind(head, ()), **patience)))
        self._count(head)
        return head

    def _count(self, position: int) -> None:
        with self._counting:
            self._position = max(self._position, position)

    def _make(self) -> None:
        if self._made:
            return
        make(self._cluster, self._index, index_body(self._replicas))
        self._made = True

    def _create(self, call: Body) -> Body | None:
        """None when it was created; else the call that stands in its place."""
        with suppress(Conflict):
            self._cluster.call("PUT", f"/{self._index}/_create/{call['first']}", body=call)
            return None
        if met := self._call_at(call["first"]):
            return met
        raise ClusterUnavailable("a copy of the journal is behind", hint="send the call again")

    def _call_at(self, position: int, *, only: str = "*", **patience: Any) -> Body | None:
        """The call whose first change is there, as it is now."""
        path, params = f"/{self._index}/_doc/{position}", {"_source_includes": only}
        try:
            found: Body = self._cluster.call("GET", path, params=params, **patience)["_source"]
        except Missing:
            return None
        except ClusterUnavailable as why:
            if "RECOVERING" not in why.message:
                raise
            awaited(self._cluster, self._index)
            return self._call_at(position, only=only, **patience)
        return found

    def _calls_behind(self, place: int, kinds: Collection[str]) -> Iterator[Body]:
        """All that have these kinds, up to the head as it was when this began; the last few without a search."""
        head = self.head()
        for _ in range(_STEPS):
            if place >= head or not (call := self._call_at(place + 1)):
                break
            yield call
            place = int(call["last"])
        if place < head:
            self._refresh()
        while place < head and (ids := readable(self._search(behind(place, kinds)))):
            for call in self._calls(ids):
                yield call
                place = int(call["last"])

    def _refresh(self) -> None:
        """From now on whatever was kept before can be searched."""
        with suppress(Missing):
            self._cluster.call("POST", f"/{self._index}/_refresh")

    def _calls(self, ids: Sequence[str]) -> list[Body]:
        found = self._cluster.call("POST", f"/{self._index}/_mget", body={"ids": [*ids]})
        return [each["_source"] for each in found["docs"]]

    def _search(self, body: Body, **patience: Any) -> Body:
        """On the copy that is refreshed first."""
        params = {"ignore_unavailable": "true", "preference": "_primary"}
        return dict(whole(self._cluster.call("POST", f"/{self._index}/_search", params=params, body=body, **patience)))
