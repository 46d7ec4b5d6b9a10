"""A rebuild on a disk that is full.

1. Whichever file it is that cannot be written any further, the command ends with exit code 5 and one clear message; the
   old generation serves and is whole, nothing half-built is left, and the rebuild can be had again.
2. The same on a real file system without space.
3. When only the switch itself fails, the new generation is taken away again.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from indexer.rebuild import rebuild
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.schema import PRODUCT
from retrieval.wiring import make_analyzer
from tests import world
from tests.e2e.command import HASHING, run

pytestmark = pytest.mark.slow

OLD, NEW = world.products(100), world.products(1500, seed=2)


def assert_untouched(folder: Path, serving: str | None) -> None:
    """The old generation serves, whole, and there is nothing else."""
    backend = EmbeddedBackend(folder)
    assert backend.current() == serving
    assert [manifest.generation for manifest in backend.manifests()] == [serving]
    assert backend.verify(str(serving)) == []
    reader = backend.open(str(serving)).collection(PRODUCT.kind)
    assert len(reader.sources(np.arange(reader.rows))) == len(OLD)
    assert [path.name for path in (folder / "generations").iterdir()] == [serving]
    assert {path.name for path in folder.iterdir() if path.name.startswith("CURRENT")} == {"CURRENT"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    world.publish(folder, OLD)
    world.write(folder / "new.jsonl", NEW)
    return folder


def limit(size: int) -> None:
    """No file of this process grows beyond `size` bytes; Python ignores SIGXFSZ, so the write fails with EFBIG."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [0, 700, 8_000, 50_000, 110_000, 300_000])
def test_a_file_that_cannot_grow(shop: Path, size: int) -> None:  # 1
    serving = EmbeddedBackend(shop).current()
    arguments = ("rebuild", "--products", shop / "new.jsonl", "--data-dir", shop, *HASHING, "--set", "gates.kept_ids=0")
    message = run(*arguments, before=partial(limit, size)).failed_clearly(5)
    assert "File too large" in message or "cannot be written" in message or "requested and" in message
    assert_untouched(shop, serving)


def test_the_rebuild_can_be_had_again(tmp_path: Path) -> None:  # 1
    world.publish(tmp_path, OLD)
    file = world.write(tmp_path / "new.jsonl", NEW)
    arguments = (
        "rebuild", "--products", file, "--data-dir", tmp_path, *HASHING, "--json", "--set", "index.batch=100",
        "--set", "gates.kept_ids=0",
    )  # fmt: skip
    run(*arguments, before=partial(limit, 300_000)).failed_clearly(5)
    again = run(*arguments)
    assert (again.code, again.json["documents"]) == (0, len(NEW))
    assert again.json["reused"] > 0
    assert EmbeddedBackend(tmp_path).verify(again.json["generation"]) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Twenty-four megabytes of file system: two small generations and a half."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
def test_a_full_file_system(small_disk: Path, tmp_path: Path) -> None:  # 2
    world.publish(small_disk, OLD)
    serving = EmbeddedBackend(small_disk).current()
    file = world.write(tmp_path / "new.jsonl", NEW)
    ballast = small_disk / "ballast"
    for free in (0, 819_200):
        shutil.rmtree(small_disk / "cache", ignore_errors=True)
        ballast.write_bytes(b"")
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - free))
        message = run(
            "rebuild", "--products", file, "--data-dir", small_disk, *HASHING, "--set", "gates.kept_ids=0"
        ).failed_clearly(5)
        assert "No space left" in message or "cannot be written" in message or "requested and" in message
        assert_untouched(small_disk, serving)
    ballast.unlink()
    assert run("rebuild", "--products", file, "--data-dir", small_disk, *HASHING, "--set", "gates.kept_ids=0").code == 0


def test_a_switch_that_fails(tmp_path: Path) -> None:  # 3
    serving = world.publish(tmp_path, OLD).generation
    (tmp_path / f"CURRENT.{os.getpid()}").mkdir()
    settings = world.settings(tmp_path)
    file = world.write(tmp_path / "new.jsonl", NEW)
    with pytest.raises(OSError, match="Is a directory"):
        rebuild(
            world.plan(tmp_path, file), EmbeddedBackend(tmp_path), make_analyzer(settings), world.encoder_of(settings),
            world.Quiet(),
        )  # fmt: skip
    (tmp_path / f"CURRENT.{os.getpid()}").rmdir()
    assert_untouched(tmp_path, serving)
