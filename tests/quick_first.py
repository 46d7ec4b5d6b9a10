"""A plugin of pytest for `tests.mutants`: what builds an index in a folder comes after what does not.

Most changes are seen by a test of milliseconds; only what those let pass has to wait for an index.
"""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the tests; those alike keep their order."""
    items.sort(key=_builds)


def _builds(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return "tmp_path" in names or "tmp_path_factory" in names
