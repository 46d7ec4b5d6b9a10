"""Generations of one machine with changes over them pass `tests.contract.overlaid`."""

from __future__ import annotations

from pathlib import Path

from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.schema import PRODUCT
from tests.contract.overlaid import Appended, Replaced, Written


class TestEmbedded(Appended, Replaced, Written):
    @classmethod
    def open_backend(cls, place: Path) -> EmbeddedBackend:
        return EmbeddedBackend(place, schemas=(PRODUCT,))
