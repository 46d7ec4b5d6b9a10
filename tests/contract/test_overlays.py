"""Generations of one machine with changes over them pass `tests.contract.overlaid`."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.protocols import Backend
from retrieval.schema import PRODUCT
from tests.contract.overlaid import Everything, Patched, Replaced, Written


class TestEmbedded(Everything, Replaced, Written):
    @classmethod
    def open_backend(cls, place: Path) -> EmbeddedBackend:
        return EmbeddedBackend(place, schemas=(PRODUCT,))


class TestPatches(Patched):
    @pytest.fixture(scope="class")
    @classmethod
    def class_backend(cls, tmp_path_factory: pytest.TempPathFactory) -> Backend:
        return EmbeddedBackend(tmp_path_factory.mktemp("world"), schemas=(PRODUCT,))
