"""Generations as indices of a cluster, and the alias that says which is served.

Everything that several machines must agree on lies on the cluster, so that any number of them may build, publish and
serve. Nothing is written to an index after it is finished but its replica count and its ``_meta``.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from retrieval.backends.common.names import new_name
from retrieval.backends.opensearch import meta
from retrieval.backends.opensearch.amend import OpenSearchAmender
from retrieval.backends.opensearch.attachments import detach
from retrieval.backends.opensearch.client import FOREVER, Cluster, ClusterOptions
from retrieval.backends.opensearch.collection_writer import CollectionWriter
from retrieval.backends.opensearch.directory import Directory
from retrieval.backends.opensearch.draft import Draft
from retrieval.backends.opensearch.errors import ClusterUnavailable, Missing
from retrieval.backends.opensearch.feeder import FeedOptions
from retrieval.backends.opensearch.generation import OpenSearchGeneration
from retrieval.backends.opensearch.lock import hold
from retrieval.backends.opensearch.mapping import IndexOptions, index_body
from retrieval.backends.opensearch.names import Names
from retrieval.backends.opensearch.overlay import OpenSearchOverlay
from retrieval.backends.opensearch.resume import Fed, fed
from retrieval.backends.opensearch.view import View
from retrieval.backends.opensearch.writer import OpenSearchWriter
from retrieval.backends.opensearch.writer_lock import lock_of
from retrieval.deadline import Deadline
from retrieval.errors import GenerationError, XunhuoError
from retrieval.generations import Manifest
from retrieval.schema import KINDS, PRODUCT, Schema
from retrieval.snapshot import Snapshot

_log = logging.getLogger("xunhuo.backend")
GRACE_SECONDS = 600.0
"""A deleted generation goes on answering those who have it open for so long; the next build takes it away."""


class OpenSearchBackend:
    """See `retrieval.protocols.Backend`. `explored` is ef_search of vector searches; `now` gives aware times."""

    def __init__(
        self, cluster: ClusterOptions, *, prefix: str = "xunhuo", schemas: Sequence[Schema] = KINDS,
        index: IndexOptions | None = None, feed: FeedOptions | None = None, explored: int = 800,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._cluster = Cluster(cluster)
        self._schemas = {schema.kind: schema for schema in schemas}
        self._first = schemas[0].kind
        self._names, self._explored, self._now = Names(prefix, tuple(self._schemas)), explored, now
        self._directory = Directory(self._cluster, self._names)
        self._index, self._feed = index or IndexOptions(), feed or FeedOptions()
        self._changing = lock_of(cluster, self._names.lock)
        self._unfinished: dict[str, Any] = {}

    @contextmanager
    def building(self) -> Iterator[None]:
        """Holds the right to build; what was deleted long ago is taken away first.

        What a killed builder left is gone on with by a `create` for the same plan, and taken away by any other.

        Raises:
            GenerationError: when somebody else is building under this prefix.
        """
        with hold(self._cluster, self._names.lock):
            indices = self._directory.indices()
            first = [each for each in indices if each.kind == self._first and each.state in ("finished", "deleted")]
            there = {each.generation for each in first}
            for each in indices:
                long_ago = self._now().timestamp() - meta.deleted_at(each.meta) > GRACE_SECONDS
                left_over = each.state == "finished" and each.generation not in there
                if each.state == "cloned" or left_over or (each.state == "deleted" and long_ago):
                    self._remove(each.name)
                elif each.state == "building":
                    self._unfinished[each.name] = each.meta
            try:
                yield
            finally:
                self._unfinished = {}

    def create(self, *, analyzer: str, encoder: str | None, dim: int, kinds: Sequence[str] = ()) -> OpenSearchWriter:
        now, owner, dim = self._now(), secrets.token_hex(8), dim if encoder else 0
        schemas = {kind: each for kind, each in self._schemas.items() if kind in (self._first, *kinds)}
        dims = {kind: dim if schema.encoded else 0 for kind, schema in schemas.items()}
        plans = {
            kind: meta.plan_of(index_body(self._index, schema, dims[kind], {}), analyzer, encoder)
            for kind, schema in schemas.items()
        }
        left, there = self._left_by_another(plans)
        generation = left or new_name(now)
        collections = {}
        for kind, schema in schemas.items():
            draft, building = self._draft(kind, generation), meta.building(plans[kind], owner)
            if kind in there:
                self._cluster.call("PUT", f"/{draft.index}/_mapping", body={"_meta": building})
                _log.warning("going on with %s: %s documents are there already", draft.index, f"{len(there[kind]):,}")
            else:
                body = index_body(self._index, schema, dims[kind], building)
                self._cluster.call("PUT", f"/{draft.index}", body=body, repeatable=False)
            collections[kind] = CollectionWriter(
                draft, schema, dim=dims[kind], options=self._index, feed=self._feed, fed=there.get(kind)
            )
        return OpenSearchWriter(collections, owner=owner, created_at=now, analyzer=analyzer, encoder=encoder, dim=dim)

    def amend(self, generation: str, *, analyzer: str) -> OpenSearchAmender:
        now, source = self._now(), self.open(generation)
        name, kinds = new_name(now), self._kinds(source.manifest)
        return OpenSearchAmender(
            {kind: self._draft(kind, name) for kind in kinds}, {kind: source.collection(kind) for kind in kinds},
            created_at=now, analyzer=analyzer, options=self._index, feed=self._feed,
        )  # fmt: skip

    def publish(self, generation: str) -> None:
        """All aliases in one call: either every kind is switched, or none."""
        manifest = self._directory.manifest(generation)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": self._names.pattern_of(kind), "alias": self._names.alias(kind)}}
            for kind in sorted({each.kind for each in self._directory.indices()})
        ]
        actions += [
            {"add": {"index": self._names.index(kind, generation), "alias": self._names.alias(kind)}}
            for kind in self._kinds(manifest)
        ]
        self._cluster.call("POST", "/_aliases", body={"actions": actions})

    def current(self, deadline: Deadline | None = None) -> str | None:
        return self._directory.current(deadline or FOREVER)

    def open(self, generation: str, deadline: Deadline | None = None) -> OpenSearchGeneration:
        manifest = self._directory.manifest(generation, deadline or FOREVER)
        indices = {kind: str(self._names.index(kind, generation)) for kind in self._kinds(manifest)}
        settings = self._cluster.call(
            "GET", f"/{','.join(indices.values())}/_settings", params={"filter_path": "*.settings.index"},
            deadline=deadline or FOREVER,
        )  # fmt: skip
        shards = {index: int(found["settings"]["index"]["number_of_shards"]) for index, found in settings.items()}
        views = [
            View(
                self._cluster, index, self._schemas[kind], manifest, self._names.attachments, explored=self._explored,
                shards=shards[index], snapshot=Snapshot(generation),
            )
            for kind, index in indices.items()
        ]  # fmt: skip
        return OpenSearchGeneration(manifest, views)

    def manifests(self) -> list[Manifest]:
        return self._directory.manifests()

    def verify(self, generation: str) -> list[str]:
        index, found = self._directory.find(generation)
        try:
            manifest = meta.manifest_of(found, index)
        except GenerationError as why:
            return [why.message]
        problems = [] if manifest.generation == generation else [f"{index} holds generation {manifest.generation}"]
        for kind in self._kinds(manifest):
            problems += self._wrong(str(self._names.index(kind, generation)), kind, manifest)
        return problems

    def annotate(self, generation: str, details: Mapping[str, object]) -> None:
        index, found = self._directory.find(generation)
        manifest = meta.manifest_of(found, index)
        noted = replace(manifest, details={**manifest.details, **details})
        self._cluster.call("PUT", f"/{index}/_mapping", body={"_meta": meta.finished(noted)})

    def delete(self, generation: str) -> None:
        _, found = self._directory.find(generation)
        if generation == self.current():
            raise GenerationError(f"{generation} is being served", hint="roll back or publish another one first")
        for kind in self._schemas:
            with suppress(Missing):
                body = {"_meta": meta.deleted(found, self._now())}
                self._cluster.call("PUT", f"/{self._names.index(kind, generation)}/_mapping", body=body)

    def overlay(self, generation: str) -> OpenSearchOverlay:
        return OpenSearchOverlay(
            self._cluster, self._names.tail(PRODUCT.kind, generation), self._schemas[PRODUCT.kind],
            self._directory.manifest(generation), self._changing, options=self._index, feed=self._feed,
        )  # fmt: skip

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self._changing():
            yield

    def close(self) -> None:
        """Closes the connections."""
        self._cluster.close()

    def _draft(self, kind: str, generation: str) -> Draft:
        index = str(self._names.index(kind, generation))
        return Draft(self._cluster, generation, index, self._names.attachments)

    def _kinds(self, manifest: Manifest) -> list[str]:
        """Those that a generation holds, the first one first."""
        return [kind for kind in self._schemas if kind in manifest.collections]

    def _left_by_another(self, plans: Mapping[str, str]) -> tuple[str | None, dict[str, Fed]]:
        """The newest unfinished generation of these plans (by kind), with what it holds; all else is taken away."""
        chosen: str | None = None
        there: dict[str, Fed] = {}
        for generation in sorted({self._generation(index) for index in self._unfinished}, reverse=True):
            indices = {kind: str(self._names.index(kind, generation)) for kind in self._schemas}
            for kind, index in indices.items() if chosen is None else ():
                if index in self._unfinished and meta.plan(self._unfinished[index]) == plans.get(kind):
                    with suppress(XunhuoError):  # a part of it may be lost
                        there[kind] = fed(self._cluster, index)
            if self._first in there and chosen is None:
                chosen = generation
            elif chosen is None:
                there = {}
            for kind, index in indices.items():
                if index in self._unfinished and not (generation == chosen and kind in there):
                    self._remove(index)
        self._unfinished = {}
        return chosen, there

    def _remove(self, index: str) -> None:
        detach(self._cluster, self._names.attachments, self._generation(index))
        with suppress(Missing):
            tail = self._names.tail_of(index)
            self._cluster.call("DELETE", f"/{index},{tail}", params={"ignore_unavailable": "true"})

    def _generation(self, index: str) -> str:
        parsed = self._names.parsed(index)
        return parsed[1] if parsed else ""

    def _wrong(self, index: str, kind: str, manifest: Manifest) -> list[str]:
        """Shards that are not there, and what does not go together."""
        health = self._cluster.call("GET", f"/_cluster/health/{index}", params={"timeout": "5s"})
        if health["status"] == "red":
            return [f"{health['unassigned_shards']} shards of {index} are not there"]
        expected = manifest.collections[kind].documents
        parts: dict[str, Any] = {kind: {"match_all": {}}} | (
            {f"{kind}/vectors": {"exists": {"field": "vector"}}} if manifest.dim and self._schemas[kind].encoded else {}
        )
        problems = []
        for part, query in parts.items():
            answer = self._cluster.call("POST", f"/{index}/_count", body={"query": query})
            if missing := answer["_shards"]["total"] - answer["_shards"]["successful"]:
                raise ClusterUnavailable(f"{missing} shards of {index} did not answer", hint="try again")
            if answer["count"] != expected:
                problems.append(f"{part} has {answer['count']} rows, the manifest says {expected}")
        return problems
