"""Generations as indices of a cluster, and the alias that says which is served.

Everything that several machines must agree on lies on the cluster, so that any number of them may build, publish and
serve. Nothing is written to an index after it is finished but its replica count and its ``_meta``.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from retrieval.backends.opensearch import meta
from retrieval.backends.opensearch.amend import OpenSearchAmender
from retrieval.backends.opensearch.answers import View
from retrieval.backends.opensearch.attachments import detach
from retrieval.backends.opensearch.client import FOREVER, Cluster, ClusterOptions
from retrieval.backends.opensearch.draft import Draft
from retrieval.backends.opensearch.errors import ClusterUnavailable, Missing
from retrieval.backends.opensearch.feeder import FeedOptions
from retrieval.backends.opensearch.lock import hold
from retrieval.backends.opensearch.mapping import IndexOptions, index_body
from retrieval.backends.opensearch.names import Names, new_generation
from retrieval.backends.opensearch.reader import OpenSearchReader
from retrieval.backends.opensearch.resume import Fed, fed
from retrieval.backends.opensearch.writer import OpenSearchWriter
from retrieval.deadline import Deadline
from retrieval.errors import GenerationError, NotFound, XunhuoError
from retrieval.generations import Manifest
from retrieval.snapshot import Snapshot

_log = logging.getLogger("xunhuo.backend")
GRACE_SECONDS = 600.0
"""A deleted generation goes on answering those who have it open for so long; the next build takes it away."""


class OpenSearchBackend:
    """See `retrieval.protocols.Backend`. `explored` is ef_search of vector searches; `now` gives aware times."""

    def __init__(
        self, cluster: ClusterOptions, *, prefix: str = "xunhuo", index: IndexOptions | None = None,
        feed: FeedOptions | None = None, explored: int = 800, now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._cluster = Cluster(cluster)
        self._names, self._explored, self._now = Names(prefix), explored, now
        self._index, self._feed = index or IndexOptions(), feed or FeedOptions()
        self._unfinished: dict[str, Any] = {}

    @contextmanager
    def building(self) -> Iterator[None]:
        """Holds the right to build; what was deleted long ago is taken away first.

        What a killed builder left is gone on with by a `create` for the same plan, and taken away by any other.

        Raises:
            GenerationError: when somebody else is building under this prefix.
        """
        with hold(self._cluster, self._names.lock):
            for index, found in self._metas().items():
                state = meta.state(found, self._names.generation(index))
                long_ago = self._now().timestamp() - meta.deleted_at(found) > GRACE_SECONDS
                if state == "cloned" or (state == "deleted" and long_ago):
                    self._remove(index)
                elif state == "building":
                    self._unfinished[index] = found
            try:
                yield
            finally:
                self._unfinished = {}

    def create(self, *, analyzer: str, encoder: str | None, dim: int) -> OpenSearchWriter:
        now, owner, dim = self._now(), secrets.token_hex(8), dim if encoder else 0
        plan = meta.plan_of(index_body(self._index, dim, {}), analyzer, encoder)
        found = self._left_by_another(plan)
        generation = str(self._names.generation(found[0])) if found else new_generation(now)
        index = str(self._names.index(generation))
        building = meta.building(plan, owner)
        if found:
            self._cluster.call("PUT", f"/{index}/_mapping", body={"_meta": building})
            _log.warning("going on with %s: %s documents are there already", index, f"{len(found[1]):,}")
        else:
            self._cluster.call("PUT", f"/{index}", body=index_body(self._index, dim, building), repeatable=False)
        return OpenSearchWriter(
            self._draft(generation, index), owner=owner, created_at=now, analyzer=analyzer, encoder=encoder, dim=dim,
            options=self._index, feed=self._feed, fed=found[1] if found else None,
        )  # fmt: skip

    def amend(self, generation: str, *, analyzer: str) -> OpenSearchAmender:
        now, source = self._now(), self.open(generation)
        name = new_generation(now)
        return OpenSearchAmender(
            self._draft(name, str(self._names.index(name))), source, str(self._names.index(generation)),
            created_at=now, analyzer=analyzer, options=self._index, feed=self._feed,
        )  # fmt: skip

    def publish(self, generation: str) -> None:
        index, _ = self._find(generation)
        actions = [
            {"remove": {"index": self._names.pattern, "alias": self._names.alias}},
            {"add": {"index": index, "alias": self._names.alias}},
        ]
        self._cluster.call("POST", "/_aliases", body={"actions": actions})

    def current(self, deadline: Deadline | None = None) -> str | None:
        try:
            found = self._cluster.call("GET", f"/_alias/{self._names.alias}", deadline=deadline or FOREVER)
        except Missing:
            return None
        names = sorted(name for name in map(self._names.generation, found) if name)
        return names[-1] if names else None

    def open(self, generation: str, deadline: Deadline | None = None) -> OpenSearchReader:
        index, found = self._find(generation, deadline or FOREVER)
        settings = self._cluster.call(
            "GET", f"/{index}/_settings", params={"filter_path": "*.settings.index"}, deadline=deadline or FOREVER
        )
        shards = int(settings[index]["settings"]["index"]["number_of_shards"])
        manifest = meta.manifest_of(found, index)
        return OpenSearchReader(
            View(
                self._cluster, index, manifest, self._names.attachments, explored=self._explored, shards=shards,
                snapshot=Snapshot(generation),
            )
        )  # fmt: skip

    def manifests(self) -> list[Manifest]:
        return self._manifests(FOREVER)

    def verify(self, generation: str) -> list[str]:
        index, found = self._find(generation)
        try:
            manifest = meta.manifest_of(found, index)
        except GenerationError as why:
            return [why.message]
        problems = []
        health = self._cluster.call("GET", f"/_cluster/health/{index}", params={"timeout": "5s"})
        if health["status"] == "red":
            return [f"{health['unassigned_shards']} shards of {index} are not there"]
        if manifest.generation != generation:
            problems.append(f"{index} holds generation {manifest.generation}")
        parts: dict[str, Any] = {"index": {"match_all": {}}} | (
            {"vectors": {"exists": {"field": "vector"}}} if manifest.dim else {}
        )
        for part, query in parts.items():
            answer = self._cluster.call("POST", f"/{index}/_count", body={"query": query})
            if missing := answer["_shards"]["total"] - answer["_shards"]["successful"]:
                raise ClusterUnavailable(f"{missing} shards of {index} did not answer", hint="try again")
            if answer["count"] != manifest.documents:
                problems.append(f"{part} has {answer['count']} rows, the manifest says {manifest.documents}")
        return problems

    def delete(self, generation: str) -> None:
        index, found = self._find(generation)
        if generation == self.current():
            raise GenerationError(f"{generation} is being served", hint="roll back or publish another one first")
        self._cluster.call("PUT", f"/{index}/_mapping", body={"_meta": meta.deleted(found, self._now())})

    def close(self) -> None:
        """Closes the connections."""
        self._cluster.close()

    def _draft(self, generation: str, index: str) -> Draft:
        return Draft(self._cluster, generation, index, self._names.attachments)

    def _left_by_another(self, plan: str) -> tuple[str, Fed] | None:
        """The newest unfinished index of this plan, with what it holds; all others are taken away."""
        chosen: tuple[str, Fed] | None = None
        for index in sorted(self._unfinished, reverse=True):
            if chosen is None and meta.plan(self._unfinished[index]) == plan:
                with suppress(XunhuoError):  # a part of it may be lost
                    chosen = index, fed(self._cluster, index)
                    continue
            self._remove(index)
        self._unfinished = {}
        return chosen

    def _remove(self, index: str) -> None:
        detach(self._cluster, self._names.attachments, str(self._names.generation(index)))
        with suppress(Missing):
            self._cluster.call("DELETE", f"/{index}")

    def _find(self, generation: str, deadline: Deadline = FOREVER) -> tuple[str, Any]:
        """The index of a finished generation, and its ``_meta``."""
        index = self._names.index(generation)
        with suppress(Missing):
            if index is not None:
                params = {"filter_path": "*.mappings._meta"}
                found = self._cluster.call("GET", f"/{index}/_mapping", params=params, deadline=deadline)
                properties = found.get(index, {}).get("mappings", {}).get("_meta", {})
                if meta.state(properties, generation) == "finished":
                    return index, properties
        there = ", ".join(manifest.generation for manifest in self._manifests(deadline))
        raise NotFound(
            f"there is no generation {generation} under {self._names.prefix} on the cluster",
            hint=f"there are: {there or 'none; run xunhuo rebuild'}",
        )

    def _manifests(self, deadline: Deadline) -> list[Manifest]:
        read = (self._manifest(index, found) for index, found in sorted(self._metas(deadline).items()))
        return [manifest for manifest in read if manifest]

    def _metas(self, deadline: Deadline = FOREVER) -> dict[str, Any]:
        """Index → ``_meta`` of every generation of this prefix."""
        params = {"filter_path": "*.mappings._meta", "ignore_unavailable": "true", "allow_no_indices": "true"}
        found = self._cluster.call("GET", f"/{self._names.pattern}/_mapping", params=params, deadline=deadline) or {}
        return {index: entry["mappings"]["_meta"] for index, entry in found.items() if self._names.generation(index)}

    def _manifest(self, index: str, found: Any) -> Manifest | None:
        """None for one that cannot be read: it must not be in the way of those that can, nor of the next rebuild."""
        if meta.state(found, self._names.generation(index)) != "finished":
            return None
        try:
            return meta.manifest_of(found, index)
        except GenerationError as why:
            _log.warning("%s", why)
            return None
