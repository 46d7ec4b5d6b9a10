"""Settings → who writes changes of products."""

from __future__ import annotations

from functools import cache

from configs.settings import Settings
from indexer.changes.catch_up import CatchUp
from indexer.changes.settling import settling
from indexer.changes.writer import ProductWriter
from indexer.sources.limits import Limits
from retrieval.changes.overlay import Changeable
from retrieval.changes.products import ProductChanges
from retrieval.protocols import Backend, Encoder
from retrieval.wiring import analyzer_of_generation, make_encoder
from retrieval.wiring.changes import open_changes
from retrieval.wiring.places import make_backend


def open_catch_up(settings: Settings, changes: ProductChanges, backend: Backend | None = None) -> CatchUp:
    """What writes into overlays; `changes` has it catch up from now on. The encoder is opened when it is needed."""

    @cache
    def encoder() -> Encoder | None:
        return make_encoder(settings, threads=settings.encoder.threads)

    found = CatchUp(
        backend or make_backend(settings), changes, lambda reader: analyzer_of_generation(settings, reader), encoder
    )
    changes.catch_up = found
    return found


def open_writer(settings: Settings, changes: ProductChanges) -> ProductWriter | None:
    """What takes changes of products; None where generations cannot be changed."""
    limits = Limits(settings.input.max_title_chars, settings.input.max_line_bytes)
    catch_up = open_catch_up(settings, changes)
    return ProductWriter(catch_up, limits=limits) if isinstance(catch_up.backend, Changeable) else None


def settling_backend(settings: Settings) -> Backend:
    """Where generations live; none of them is published without what was written since it was built."""
    backend = make_backend(settings)
    return settling(backend, open_catch_up(settings, open_changes(settings, backend=backend), backend))
