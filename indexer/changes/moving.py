"""A catalogue moves to another backend as it is now, and the journal there goes on from it."""

from __future__ import annotations

from contextlib import closing

from indexer.migrate import migratable, migrate
from indexer.rebuild import Observer
from retrieval.analysis.analyzer import Analyzer
from retrieval.changes.journal import Journal
from retrieval.changes.products import POSITION, ProductChanges
from retrieval.generations import Manifest
from retrieval.protocols import Backend


def move(
    source: Backend, target: Backend, analyzer: Analyzer, changes: ProductChanges, there: Journal,
    observer: Observer | None = None,
) -> Manifest:  # fmt: skip
    """`indexer.migrate.migrate` of what `changes` says of `source` now; `there` is the journal of `target`.

    What is written here meanwhile stays behind.

    Raises:
        StorageError: a journal cannot be read. What else is raised there.
    """
    epoch = changes.journal.head()
    with closing(migratable(source, analyzer)) as built:
        name, off = built.manifest.generation, changes.off(built, epoch)
        forgotten = changes.followed(built).history.deleted
    return migrate(
        source, target, analyzer, observer,
        now=lambda kind, built: changes.since_built(kind, built, epoch), details={POSITION: there.head()}, off=off,
        of=name, forgotten=forgotten,
    )  # fmt: skip
