"""The built e5 files, shared by the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.encoder_cache import encoder_cache_dir


@pytest.fixture(scope="session")
def e5_cache(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    return encoder_cache_dir(pytestconfig, tmp_path_factory)


@pytest.fixture(scope="session")
def e5_folder(e5_cache: Path) -> Path:
    from retrieval.encoders.e5 import E5Options

    return E5Options().files(e5_cache).folder
