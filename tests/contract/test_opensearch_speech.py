"""What is said in videos, over a real cluster: the contract of every backend, unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import Settings
from tests import opensearch, world
from tests.contract.speech import SpokenContract

pytestmark = [opensearch.needs_cluster, pytest.mark.xdist_group("opensearch")]


class TestOpenSearch(SpokenContract):
    @classmethod
    def settings_of(cls, place: Path) -> Settings:
        return world.settings(place, *opensearch.settings_of(place))
