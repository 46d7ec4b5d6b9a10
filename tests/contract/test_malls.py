"""The mall over files of this machine passes the contract of every mall."""

from __future__ import annotations

from pathlib import Path

from configs.settings import Settings
from tests import world
from tests.contract.malls import MallContract


class TestEmbedded(MallContract):
    @classmethod
    def settings_of(cls, place: Path) -> Settings:
        return world.settings(place)
