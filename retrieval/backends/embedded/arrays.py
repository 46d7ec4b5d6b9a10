"""Arrays of a generation's files, mapped, so that all workers share their pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_TRIES = 3


def mapped(path: Path) -> npt.NDArray[Any]:
    """The array of a ``.npy`` file, read only.

    numpy reads the head of the file with the compiler of Python, which now and then raises a SystemError where several
    threads use it at once (github.com/python/cpython/issues/106905); the next attempt goes well.

    Raises:
        OSError, ValueError: it is not there, or none.
    """
    for _ in range(_TRIES - 1):
        try:
            return np.asarray(np.load(path, mmap_mode="r"))
        except SystemError:
            continue
    return np.asarray(np.load(path, mmap_mode="r"))
