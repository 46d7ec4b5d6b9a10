"""Mapped arrays:

1. An array is what was saved, and cannot be written.
2. A compiler that is confused by other threads is asked again, but not for ever; other errors are told at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.backends.embedded.arrays import mapped


@pytest.fixture
def file(tmp_path: Path) -> Path:
    np.save(tmp_path / "a.npy", np.arange(5))
    return tmp_path / "a.npy"


def test_it_is_what_was_saved(file: Path) -> None:  # 1
    found = mapped(file)
    assert found.tolist() == [0, 1, 2, 3, 4]
    assert not found.flags.writeable


@pytest.mark.parametrize(("failures", "well"), [(1, True), (2, True), (3, False)])
def test_it_is_asked_again(file: Path, monkeypatch: pytest.MonkeyPatch, failures: int, well: bool) -> None:  # 2
    left, load = [SystemError()] * failures, np.load

    def confused(*given: Any, **more: Any) -> Any:
        if left:
            raise left.pop()
        return load(*given, **more)

    monkeypatch.setattr(np, "load", confused)
    if well:
        assert mapped(file).tolist() == [0, 1, 2, 3, 4]
    else:
        with pytest.raises(SystemError):
            mapped(file)


def test_what_is_not_there(tmp_path: Path) -> None:  # 2
    with pytest.raises(FileNotFoundError):
        mapped(tmp_path / "b.npy")
