"""Divided lists over a real cluster: the contract of every backend, unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from configs.settings import Settings
from tests import opensearch, world
from tests.contract.divider import DividerContract

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


@pytest.fixture(scope="module", autouse=True)
def _swept() -> Iterator[None]:
    opensearch.sweep()
    yield
    opensearch.sweep()


class TestOpenSearch(DividerContract):
    @classmethod
    def settings_of(cls, place: Path, *overrides: str) -> Settings:
        where = [f"opensearch.urls=[{opensearch.URL}]", f"opensearch.prefix={opensearch.prefix_of(place)}"]
        return world.settings(place, "backend.name=opensearch", *where, *overrides)
