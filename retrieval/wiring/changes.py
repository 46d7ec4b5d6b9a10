"""Settings → what became of the products since a generation was built."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.changes.journal import Journal
from retrieval.changes.products import ProductChanges
from retrieval.protocols import Backend
from retrieval.wiring.places import make_backend, open_journal


def open_changes(
    settings: Settings, journal: Journal | None = None, backend: Backend | None = None
) -> ProductChanges:  # fmt: skip
    """For one process; `journal` and `backend` where it has them already."""
    return ProductChanges(journal or open_journal(settings), backend or make_backend(settings))
