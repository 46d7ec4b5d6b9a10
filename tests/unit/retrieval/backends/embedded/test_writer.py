"""A writer that is left, and what it leaves.

1. Left without `finish`, it has ended tantivy's indexing thread before it takes its folder away, so nothing can be
   written there any more; nothing is left even while the writer itself is still held.
2. A writer that cannot even be made leaves nothing.
3. A finished generation is complete: every file has its size and checksum in the manifest, locks are not counted.
4. What tantivy says of a full disk, as a ValueError or as a panic, is an OSError; an interrupt stays one.
5. Every file is on the disk before the generation has its place, from which on it can be published.
6. The manifest names the libraries that wrote it; where they are others now, a failure to open it says so.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import time
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.embedded.documents import DocumentsWriter
from retrieval.backends.embedded.lexical_writer import writing
from retrieval.errors import GenerationError
from retrieval.schema import PRODUCT
from retrieval.types import Document, IndexedDocument

THREADS = Path("/proc/self/task")


def document(number: int) -> IndexedDocument:
    words = [f"词{number % 7}", f"词{number}"]
    return IndexedDocument(Document(f"p{number}", {"title": "".join(words)}, {}, {}, "", b"{}"), {"title": words})


def indexing_threads() -> int:
    """Threads of tantivy that write segments, whose names the system cuts to 15 characters.

    A listing of threads may miss one while others come and go, so the most of several is taken.
    """
    return max(sum(name_of(thread) == "thrd-tantivy-in" for thread in THREADS.iterdir()) for _ in range(5))


def name_of(thread: Path) -> str:
    try:
        return (thread / "comm").read_text().strip()
    except OSError:  # it has ended
        return ""


@pytest.mark.skipif(not THREADS.exists(), reason="threads can be counted on Linux only")
def test_nothing_goes_on_after_leaving(tmp_path: Path) -> None:  # 1
    gc.collect()  # writers of earlier tests, if any are still held by a traceback
    before = indexing_threads()
    with EmbeddedBackend(tmp_path).create(analyzer="a", encoder=None, dim=0) as writer:
        writer.collection(PRODUCT.kind).add([document(number) for number in range(500)], None)
        assert indexing_threads() > before
    # The system lists a thread a moment longer than it runs; one that goes on does so as long as `writer` is held.
    ends = time.monotonic() + 10
    while indexing_threads() > before and time.monotonic() < ends:
        time.sleep(0.01)
    assert indexing_threads() == before
    assert list((tmp_path / "generations").iterdir()) == []
    assert writer.generation.startswith("g")


def test_a_writer_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    def refuse(self: DocumentsWriter, folder: Path) -> None:
        raise OSError("no space")

    monkeypatch.setattr(DocumentsWriter, "__init__", refuse)
    with pytest.raises(OSError, match="no space"):
        EmbeddedBackend(tmp_path).create(analyzer="a", encoder=None, dim=0)
    assert list((tmp_path / "generations").iterdir()) == []


def test_the_manifest_lists_every_file(tmp_path: Path) -> None:  # 3
    with EmbeddedBackend(tmp_path).create(analyzer="a", encoder=None, dim=0) as writer:
        writer.collection(PRODUCT.kind).add([document(number) for number in range(500)], None)
        manifest = writer.finish({}, None)
    folder = tmp_path / "generations" / manifest.generation
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert set(there) - set(manifest.files) <= {
        "manifest.json",
        "product/lexical/.tantivy-writer.lock",
        "product/lexical/.tantivy-meta.lock",
    }
    for name, entry in manifest.files.items():
        content = there[name].read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), sha256(content).hexdigest())
    assert manifest.collections[PRODUCT.kind].field_counts == {"title": 500}


class PanicException(BaseException):
    """How a panic of a Rust library arrives: a class of pyo3 that cannot be imported, told by its name."""


@pytest.mark.parametrize("failure", [ValueError("No space left on device"), PanicException("No space left on device")])
def test_what_tantivy_says_of_a_full_disk(failure: BaseException) -> None:  # 4
    with pytest.raises(OSError, match="the text index cannot be written: No space left on device"), writing():
        raise failure


def test_an_interrupt_is_not_a_full_disk() -> None:  # 4
    with pytest.raises(KeyboardInterrupt), writing():
        raise KeyboardInterrupt


@pytest.mark.skipif(not THREADS.exists(), reason="the path of an open file can be read on Linux only")
def test_everything_is_on_the_disk_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 5
    kept: set[str] = set()
    rename = Path.rename

    def keep(file: int) -> None:
        kept.add(os.readlink(f"/proc/self/fd/{file}"))

    def place(folder: Path, target: Path) -> Path:
        there = {str(path) for path in folder.rglob("*") if path.is_file()}
        assert there <= kept
        assert len(there) > 20
        return rename(folder, target)

    backend = EmbeddedBackend(tmp_path)
    monkeypatch.setattr(os, "fsync", keep)
    monkeypatch.setattr(Path, "rename", place)
    with backend.create(analyzer="a", encoder=None, dim=0) as writer:
        writer.collection(PRODUCT.kind).add([document(number) for number in range(5)], None)
        old = writer.finish({}, None).generation
    kept.clear()
    with backend.amend(old, analyzer="b") as amender:
        amender.replace(PRODUCT.kind, 2, document(2))
        new = amender.finish({}).generation
    kept.clear()
    backend.publish(new)
    assert [Path(path).name.split(".")[0] for path in kept] == ["CURRENT"]


def test_the_libraries_are_named(tmp_path: Path) -> None:  # 6
    backend = EmbeddedBackend(tmp_path)
    with backend.create(analyzer="a", encoder=None, dim=0) as writer:
        manifest = writer.finish({}, None)
    installed = {"tantivy": version("tantivy"), "faiss": version("faiss-cpu")}
    assert manifest.libraries == installed
    folder = tmp_path / "generations" / manifest.generation
    (folder / "product" / "lexical" / "meta.json").write_bytes(b"{")
    with pytest.raises(GenerationError, match="cannot be opened: "):
        backend.open(manifest.generation)
    other = dataclasses.replace(manifest, libraries={**installed, "tantivy": "0.1.0"})
    (folder / "manifest.json").write_bytes(other.to_json())
    said = rf"cannot be opened \(it was written by tantivy 0.1.0, this is {installed['tantivy']}\): "
    with pytest.raises(GenerationError, match=said):
        backend.open(manifest.generation)
