"""Failures in the shared contract classes show their values, as those in test files do; a cluster is left as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import opensearch

pytest.register_assert_rewrite(
    "tests.contract.amending",
    "tests.contract.batches",
    "tests.contract.divider",
    "tests.contract.gone",
    "tests.contract.journals",
    "tests.contract.kinds",
    "tests.contract.malls",
    "tests.contract.overlaid",
    "tests.contract.publication",
    "tests.contract.recall",
    "tests.contract.selection",
    "tests.contract.feeding",
)


@pytest.fixture(scope="module", autouse=True)
def _swept(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a module leaves on the cluster that it needs is taken away, and what another left before."""
    needed = opensearch.URL and opensearch.needs_cluster in getattr(request.module, "pytestmark", [])
    if needed:
        opensearch.sweep()
    yield
    if needed:
        opensearch.sweep()
