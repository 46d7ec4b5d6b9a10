"""The command in this process, on a data folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from demo.generate import generate
from retrieval.backends.embedded.backend import EmbeddedBackend
from tests import world
from tests.e2e.command import HASHING, Xunhuo, invoke
from tests.once import built_once


@pytest.fixture
def xunhuo(tmp_path: Path) -> Xunhuo:
    """`xunhuo …` on a data folder of its own, with the encoder that needs no files."""
    return lambda *arguments: invoke(*arguments, "--data-dir", tmp_path / "data", *HASHING)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return world.write(tmp_path / "shop.jsonl", world.products(200))


@pytest.fixture(scope="session")
def built_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with `shop` published, for `published` to copy."""

    def build(place: Path) -> None:
        file = world.write(place / "shop.jsonl", world.products(200))
        assert invoke("rebuild", "--products", file, "--data-dir", place / "data", *HASHING).code == 0

    return built_once(tmp_path_factory, "built-shop", build) / "data"


@pytest.fixture
def published(xunhuo: Xunhuo, built_shop: Path, tmp_path: Path) -> Xunhuo:
    """`xunhuo`, where `shop` is published."""
    shutil.copytree(built_shop, tmp_path / "data")
    return xunhuo


@pytest.fixture(scope="session")
def built_mall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny demo mall, and a data folder with its products published, for `mall` to copy."""

    def build(place: Path) -> None:
        generate(place / "mall", scale=0.1)
        file = place / "mall" / "products.jsonl"
        assert invoke("rebuild", "--products", file, "--data-dir", place / "data", *HASHING).code == 0

    return built_once(tmp_path_factory, "built-mall", build)


@pytest.fixture
def mall(built_mall: Path, tmp_path: Path) -> Path:
    """The files of a tiny demo mall whose products are published where `xunhuo` looks."""
    shutil.copytree(built_mall, tmp_path, dirs_exist_ok=True)
    return tmp_path / "mall"


@pytest.fixture
def backend(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "data")
