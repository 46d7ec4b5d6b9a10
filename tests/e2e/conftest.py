"""The command in this process, on a data folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from tests import world
from tests.e2e.command import HASHING, Xunhuo, invoke


@pytest.fixture
def xunhuo(tmp_path: Path) -> Xunhuo:
    """`xunhuo …` on a data folder of its own, with the encoder that needs no files."""
    return lambda *arguments: invoke(*arguments, "--data-dir", tmp_path / "data", *HASHING)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return world.write(tmp_path / "shop.jsonl", world.products(200))


@pytest.fixture
def backend(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "data")
