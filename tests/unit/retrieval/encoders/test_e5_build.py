"""The built files and their cache.

1. A whole folder is used as it is; two builders that find it damaged at the same time both end with a whole one, of
   the very same bytes as before, and leave nothing else behind.
2. Each step of a build is told.
3. A cache folder that cannot be made is an error that names it.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrieval.encoders.e5_build import MODEL_FILE, build_key, ensure_built
from retrieval.encoders.e5_tuning import TRADE_FILE
from retrieval.errors import EncoderError


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_whole_folder_is_used_as_it_is(e5_folder: Path) -> None:
    told: list[str] = []
    before = (e5_folder / MODEL_FILE).stat().st_mtime_ns
    files = ensure_built(e5_folder.parent, tuning=TRADE_FILE, progress=told.append)
    assert (files.folder, files.key) == (e5_folder, build_key(TRADE_FILE))
    assert (e5_folder / MODEL_FILE).stat().st_mtime_ns == before
    assert told == []


def test_the_manifest_covers_every_other_file(e5_folder: Path) -> None:
    listed = set(json.loads((e5_folder / "manifest.json").read_text())["files"])
    assert listed == {path.name for path in e5_folder.iterdir()} - {"manifest.json"}
    assert MODEL_FILE in listed
    assert sum(path.stat().st_size for path in e5_folder.iterdir()) < 61_000_000


def test_two_builders_mend_a_damaged_folder(e5_folder: Path, tmp_path: Path) -> None:
    expected = content(e5_folder)
    copy = tmp_path / e5_folder.name
    shutil.copytree(e5_folder, copy)
    with (copy / MODEL_FILE).open("r+b") as model:
        model.seek(1_000_000)
        model.write(b"damage")
    told: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: ensure_built(tmp_path, tuning=TRADE_FILE, progress=told.append), range(2)))
    assert [files.folder for files in both] == [copy, copy]
    assert content(copy) == expected
    assert [path.name for path in tmp_path.iterdir()] == [copy.name]
    assert told[0] == "reading the weights"
    assert told[-1] == f"ready in {copy}"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(EncoderError) as caught:
        ensure_built(tmp_path / "file" / "cache", tuning=None)
    assert caught.value.field == str(tmp_path / "file" / "cache")
