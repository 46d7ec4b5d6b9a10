"""Divided lists over files of this machine."""

from __future__ import annotations

from pathlib import Path

from configs.settings import Settings
from tests import world
from tests.contract.divider import DividerContract


class TestEmbedded(DividerContract):
    @classmethod
    def settings_of(cls, place: Path, *overrides: str) -> Settings:
        return world.settings(place, *overrides)
