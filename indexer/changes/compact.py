"""A generation with its changes is built anew without them: what is gone costs nothing any more. Nothing is encoded.

It contains the journal up to the position at which it was begun; what is written meanwhile is laid over it before it is
served. Whoever is killed leaves the old one serving.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass

from indexer.changes.catch_up import AnalyzerOf
from indexer.migrate import migrate
from indexer.rebuild import Observer
from retrieval.changes.products import POSITION, ProductChanges, built_at
from retrieval.errors import NotReady
from retrieval.protocols import Backend, IndexReader
from retrieval.schema import PRODUCT

COMPACTED = "compacted_from"
"""In the details of a manifest: the generation that it was made of."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when on it is worth it.

    Attributes:
        share: of the products, appended or gone.
        changes: entries of the journal.
    """

    share: float
    changes: int


@dataclass(frozen=True, slots=True)
class Load:
    """What lies over a generation.

    Attributes:
        documents: products that can be found.
        appended, gone: rows behind those of the generation, and rows of both that are gone for good.
        changes: entries of the journal, of any kind, since it was built.
    """

    generation: str
    documents: int
    appended: int
    gone: int
    changes: int

    def due(self, bounds: Bounds) -> bool:
        """Whether it is time."""
        least = bounds.share * max(self.documents, 1)
        return max(self.appended, self.gone) > least or self.changes > bounds.changes


@dataclass(frozen=True, slots=True)
class CompactReport:
    """What was done; `generation` is None where nothing was due."""

    before: Load
    generation: str | None
    seconds: float


def load_of(backend: Backend, changes: ProductChanges) -> Load:
    """What lies over the generation that is served. Raises NotReady."""
    if (name := backend.current()) is None:
        raise NotReady("no generation is published yet", hint="run xunhuo rebuild, or xunhuo demo")
    with closing(backend.open(name)) as generation:
        built = generation.collection(PRODUCT.kind)
        epoch = changes.epoch()
        now = changes.since_built(PRODUCT.kind, built, epoch)
        since = epoch - built_at(built.manifest)
        off = len(changes.off(built, epoch)) if since else 0
        return Load(name, now.documents, now.rows - built.rows, now.rows - now.documents - off, since)


def compact(
    backend: Backend, changes: ProductChanges, analyzer_of: AnalyzerOf, bounds: Bounds | None = None,
    observer: Observer | None = None, clock: Callable[[], float] = time.monotonic,
) -> CompactReport:  # fmt: skip
    """Publishes the products that are served as a generation of their own, if that is due.

    Args:
        backend: one that catches up before it publishes (`indexer.changes.settling`).
        bounds: None: whenever anything changed.

    Raises:
        NotReady: nothing is published yet.
        GenerationError: somebody else is building, or has published another one meanwhile.
        CheckFailed: what was built is not whole; the old one goes on serving.
    """
    started, before = clock(), load_of(backend, changes)
    if not before.due(bounds or Bounds(0.0, 0)):
        return CompactReport(before, None, clock() - started)
    epoch = changes.epoch()

    def now(kind: str, built: IndexReader) -> IndexReader:
        return changes.since_built(kind, built, epoch)

    with closing(backend.open(before.generation)) as generation:
        built = generation.collection(PRODUCT.kind)
        analyzer, off = analyzer_of(built), changes.off(built, epoch)
        forgotten = changes.followed(built).history.deleted
    details = {COMPACTED: before.generation, POSITION: epoch}
    made = migrate(backend, backend, analyzer, observer, now, details, off, before.generation, forgotten)
    _tidy(backend, {before.generation, made.generation})
    return CompactReport(before, made.generation, clock() - started)


def _tidy(backend: Backend, needed: Collection[str]) -> None:
    """Deletes what older compactions made: those of a day would fill a disk. What was rebuilt stays for a rollback."""
    for manifest in backend.manifests():
        if COMPACTED in manifest.details and manifest.generation not in {*needed, backend.current()}:
            backend.delete(manifest.generation)
