"""What is searched: the index of one kind of documents, as it is at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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
        tail: the index of documents that were appended, "" without any; appended: how many of them are seen.
        left_out: what every row must pass, so that none is gone or appended later.
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
    tail: str = ""
    appended: int = 0
    left_out: requests.Clauses = ()
    ids: IdCache = field(default_factory=IdCache)

    def at(self, epoch: int, gone: IntArray, tail: str = "", appended: int = 0) -> View:
        """The same later; `gone` are all rows that are."""
        tail, appended = tail or self.tail, appended or self.appended
        bound = self.built + appended if appended else None
        return replace(
            self, snapshot=Snapshot(self.snapshot.generation, epoch), gone=gone, tail=tail, appended=appended,
            left_out=requests.left_out(gone, bound),
        )  # fmt: skip

    @property
    def built(self) -> int:
        """How many documents the generation was built with."""
        return self.manifest.collections[self.schema.kind].documents

    @property
    def rows(self) -> int:
        """A bound: every row number is below it."""
        return self.built + self.appended

    @property
    def searched(self) -> str:
        """The indices that are searched."""
        return f"{self.index},{self.tail}" if self.appended else self.index

    @property
    def spread(self) -> bool:
        """Whether statistics have to be gathered before scores are computed."""
        return self.shards > 1 or bool(self.appended)

    @property
    def field_counts(self) -> Mapping[str, int]:
        """How many documents have text in a field; of appended ones any may."""
        counts = self.manifest.collections[self.schema.kind].field_counts
        return dict.fromkeys(self.schema.text, 1) | dict(counts) if self.appended else counts

    @property
    def dim(self) -> int:
        """Width of the vectors; 0 where there are none."""
        return self.manifest.dim if self.schema.encoded else 0
