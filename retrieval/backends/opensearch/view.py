"""What is searched: the index of one kind of documents, as it is at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.backends.opensearch import requests
from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.id_cache import IdCache
from retrieval.generations import Manifest
from retrieval.schema import Schema
from retrieval.snapshot import Snapshot
from retrieval.types import IntArray


@dataclass(frozen=True, slots=True)
class View:
    """What all readers of a snapshot share.

    Attributes:
        attachments: the index in which those of the generation lie.
        explored: ef_search of vector searches.
        shards: several share their statistics, so that a score does not depend on where a document lies.
        gone: rows, ascending.
    """

    cluster: Cluster
    index: str
    schema: Schema
    manifest: Manifest
    attachments: str
    explored: int
    shards: int
    snapshot: Snapshot
    gone: IntArray = field(default_factory=lambda: requests.NO_ROWS)
    ids: IdCache = field(default_factory=IdCache)

    @property
    def dim(self) -> int:
        """Width of the vectors; 0 where there are none."""
        return self.manifest.dim if self.schema.encoded else 0
