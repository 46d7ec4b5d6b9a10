"""A finished generation becomes the served one if it is fit for it; else it is taken away again.

Whatever goes wrong in between, an interrupt too: what was served before goes on serving.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from indexer.checks.context import Bounds, CheckContext
from indexer.checks.gate import run_checks
from retrieval.analysis.analyzer import Analyzer
from retrieval.generations import Manifest
from retrieval.protocols import Backend
from retrieval.schema import PRODUCT


def publish_checked(
    backend: Backend, generation: str, analyzer: Analyzer, previous: Manifest | None, bounds: Bounds
) -> None:
    """Runs every check of a rebuild on `generation` and publishes it; `previous` is the one that is served.

    Raises:
        CheckFailed: it is not fit to be published.
    """
    with published(backend, generation), closing(backend.open(generation).collection(PRODUCT.kind)) as reader:
        run_checks(CheckContext(backend, reader, previous, analyzer, bounds))


@contextmanager
def published(backend: Backend, generation: str) -> Iterator[None]:
    """Publishes `generation` when the block ends well, and deletes it when it raises."""
    try:
        yield
        backend.publish(generation)
    except BaseException:
        if backend.current() != generation:
            backend.delete(generation)
        raise


def served_by(backend: Backend) -> Manifest | None:
    """The manifest of the published generation; not of the newest, which may have been rolled back."""
    current = backend.current()
    return next((manifest for manifest in backend.manifests() if manifest.generation == current), None)
