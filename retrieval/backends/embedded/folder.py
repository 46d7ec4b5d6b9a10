"""What lies where in the folder of a generation, and what can be said of its files.

``manifest.json``, ``attachments/<name>``, and for each kind ``<kind>/{lexical,columns,documents,vectors}/``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path

from retrieval.generations import SINGLE, Manifest
from retrieval.types import Buffer

MANIFEST = "manifest.json"
UNSTABLE = {".tantivy-meta.lock", ".tantivy-writer.lock"}
"""Lock files of tantivy: empty, and touched by whoever opens the index."""


def collection_folder(generation: Path, kind: str, manifest: Manifest) -> Path:
    """Where the documents of a kind lie; in old formats there is one kind only."""
    return generation if manifest.format_version <= SINGLE else generation / kind


def write_attachment(generation: Path, name: str, data: Buffer) -> None:
    """Keeps `data` under `name`; a file that is shared with another generation is left to it."""
    path = generation / "attachments" / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def read_attachment(generation: Path, name: str) -> Buffer | None:
    """Mapped, so that all workers share its pages; None when there is none."""
    path = generation / "attachments" / name
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)) if path.stat().st_size else b""


def complete(folder: Path, manifest: Manifest, target: Path) -> None:
    """Gives a generation its manifest and its place; all its files are on the disk before anybody can name it."""
    (folder / MANIFEST).write_bytes(manifest.to_json())
    flush(folder)
    folder.rename(target)


def replace_file(path: Path, data: bytes) -> None:
    """Puts `data` in the place of a file at once: who reads it sees the old or the new, after a power cut, too."""
    temporary = path.with_suffix(f".{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def checksums(folder: Path) -> dict[str, dict[str, object]]:
    """Relative path → {bytes, sha256} of every file but the manifest."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name != MANIFEST and path.name not in UNSTABLE:
            with path.open("rb") as file:
                digest = sha256()
                while block := file.read(1 << 20):
                    digest.update(block)
            found[path.relative_to(folder).as_posix()] = {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}
    return found


def flush(folder: Path) -> None:
    """Has the disk keep every file before any pointer can name it, so that a power cut leaves none half there."""
    for path in (p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())


def link(source: Path, folder: Path, but: Collection[str] = ()) -> None:
    """All files but those named at the top, and tantivy's locks, which belong to one folder; they are never written."""
    for path in (p for p in source.rglob("*") if p.is_file() and p.name not in UNSTABLE):
        to = folder / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.parent != source or path.name not in but:
            try:
                os.link(path, to)
            except OSError:  # a file system without hard links
                shutil.copyfile(path, to)
