"""Which indices there are, and to which generations they belong.

A generation is there when the index of the first kind is finished, and gone when that one is deleted.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from retrieval.backends.opensearch import meta
from retrieval.backends.opensearch.client import FOREVER, Cluster
from retrieval.backends.opensearch.errors import Missing
from retrieval.backends.opensearch.names import Names
from retrieval.deadline import Deadline
from retrieval.errors import GenerationError, NotFound
from retrieval.generations import Manifest

_log = logging.getLogger("xunhuo.backend")


@dataclass(frozen=True, slots=True)
class Index:
    """An index of this prefix; `meta` is what stands in its ``_meta``."""

    name: str
    kind: str
    generation: str
    meta: Any

    @property
    def state(self) -> str:
        return meta.state(self.meta, self.generation)


class Directory:
    """Asks the cluster each time: other machines build and publish, too."""

    def __init__(self, cluster: Cluster, names: Names) -> None:
        self._cluster, self._names, self._first = cluster, names, names.kinds[0]

    def indices(self, deadline: Deadline = FOREVER) -> list[Index]:
        """All of this prefix, by name."""
        params = {"filter_path": "*.mappings._meta", "ignore_unavailable": "true", "allow_no_indices": "true"}
        found = self._cluster.call("GET", f"/{self._names.pattern}/_mapping", params=params, deadline=deadline) or {}
        parsed = ((name, self._names.parsed(name), entry["mappings"]["_meta"]) for name, entry in found.items())
        return sorted((Index(name, *of, known) for name, of, known in parsed if of), key=lambda index: index.name)

    def find(self, generation: str, deadline: Deadline = FOREVER) -> tuple[str, Any]:
        """The first index of a finished generation, and its ``_meta``.

        Raises:
            NotFound: there is no such generation.
        """
        index = self._names.index(self._first, generation)
        with suppress(Missing):
            if index is not None:
                params = {"filter_path": "*.mappings._meta"}
                found = self._cluster.call("GET", f"/{index}/_mapping", params=params, deadline=deadline)
                properties = found.get(index, {}).get("mappings", {}).get("_meta", {})
                if meta.state(properties, generation) == "finished":
                    return index, properties
        there = ", ".join(manifest.generation for manifest in self.manifests(deadline))
        raise NotFound(
            f"there is no generation {generation} under {self._names.prefix} on the cluster",
            hint=f"there are: {there or 'none; run xunhuo rebuild'}",
        )

    def manifest(self, generation: str, deadline: Deadline = FOREVER) -> Manifest:
        """Of a finished generation.

        Raises:
            NotFound: there is no such generation.
            GenerationError: it cannot be read.
        """
        index, found = self.find(generation, deadline)
        return meta.manifest_of(found, index)

    def manifests(self, deadline: Deadline = FOREVER) -> list[Manifest]:
        """Of all finished generations that can be read, oldest first."""
        finished = (i for i in self.indices(deadline) if i.kind == self._first and i.state == "finished")
        return [manifest for manifest in map(_readable, finished) if manifest]

    def current(self, deadline: Deadline) -> str | None:
        """The generation that the alias names."""
        try:
            found = self._cluster.call("GET", f"/_alias/{self._names.alias(self._first)}", deadline=deadline)
        except Missing:
            return None
        names = sorted(parsed[1] for parsed in map(self._names.parsed, found) if parsed)
        return names[-1] if names else None


def _readable(index: Index) -> Manifest | None:
    """None for one that cannot be read: it must not be in the way of those that can, nor of the next rebuild."""
    try:
        return meta.manifest_of(index.meta, index.name)
    except GenerationError as why:
        _log.warning("%s", why)
        return None
