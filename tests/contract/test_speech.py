"""What is said in videos, over files of this machine."""

from __future__ import annotations

from pathlib import Path

from configs.settings import Settings
from tests import world
from tests.contract.speech import SpokenContract


class TestEmbedded(SpokenContract):
    @classmethod
    def settings_of(cls, place: Path) -> Settings:
        return world.settings(place)
