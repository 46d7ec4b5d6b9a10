"""Appended documents on disk, read while another process writes:

1. What is torn at this moment is read when it is whole, a moment later.
2. What stays torn is damaged, and said to be, with what to do.
3. Of a line that is half there nothing is known; those before it are there.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from retrieval.backends.embedded import tail_file
from retrieval.backends.embedded.tail_file import TailFile
from retrieval.errors import StorageError
from tests.contract.world import ROWS, document

DIM = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = TailFile(tmp_path / "tail", DIM)
    documents = [document(row) for row in ROWS[:3]]
    file.confirm(file.write(0, documents, np.ones((3, DIM), np.float32)), [b"stamp  %d" % n for n in range(3)])
    return tmp_path / "tail"


@pytest.mark.parametrize("name", ["tail.idx", "tail.bin", "vectors.f16"])
def test_torn(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:  # 1 2
    path = folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    waits: list[float] = []

    def a_moment_later(seconds: float) -> None:
        waits.append(seconds)
        path.write_bytes(whole)

    monkeypatch.setattr(time, "sleep", waits.append)
    with pytest.raises(StorageError, match="are damaged") as damaged:
        TailFile(folder, DIM).read(1, 3)
    assert "made again from the journal" in str(damaged.value.hint)
    assert waits == [*tail_file._PAUSES_S]
    waits.clear()
    monkeypatch.setattr(time, "sleep", a_moment_later)
    found, vectors = TailFile(folder, DIM).read(1, 3)
    assert ([each.id for each in found], vectors.shape) == ([row.id for row in ROWS[1:3]], (2, DIM))
    assert len(waits) == 1


@pytest.mark.parametrize("cut", [1, 12, 23])
def test_half_a_line(folder: Path, cut: int) -> None:  # 3
    path = folder / "tail.idx"
    path.write_bytes(path.read_bytes()[:-cut])
    assert [*TailFile(folder, DIM).stamps(0)] == [b"stamp  0", b"stamp  1"]
