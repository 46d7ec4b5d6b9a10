"""How much an encoder keeps on disk."""

from __future__ import annotations

from pathlib import Path


def size_of(path: Path) -> int:
    """Bytes of a file or of all files below a folder; 0 if there is nothing."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
