"""The mall over a real cluster passes the contract of every mall, unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import Settings
from tests import opensearch, world
from tests.contract.malls import MallContract

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


class TestOpenSearch(MallContract):
    @classmethod
    def settings_of(cls, place: Path) -> Settings:
        return world.settings(place, *opensearch.settings_of(place))
