"""Documents that were appended to a generation, on disk: what was analysed and encoded once, for all workers.

``tail.bin``: a document after the other; ``vectors.f16``: their vectors; ``tail.idx``: for each the end of its bytes,
its stamp and its checksum. The index is written last: a document is there when its line is. All are cut off behind a
document before others take its place.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from typing import BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt

from retrieval.backends.common.tokens import with_text
from retrieval.errors import OverlayLost, StorageError
from retrieval.types import FloatArray, IndexedDocument

STAMP_BYTES = 8
_LINE = Struct(f"<Q{STAMP_BYTES}s8s")
_PAUSES_S = (0.01, 0.05, 0.2)
"""What is torn is looked at again after so long; then it is damaged."""


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """What is kept of a document; its tokens are in the text index."""

    id: str
    source: bytes
    forward: bytes
    keywords: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    fields: tuple[str, ...]


_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Kept)


class Stamps(Sequence[bytes]):
    """Those of the lines of an index, cut out when asked for."""

    def __init__(self, lines: bytes) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines) // _LINE.size

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]
        if not 0 <= place < len(self):
            raise IndexError(place)
        start = place * _LINE.size + 8
        return self._lines[start : start + STAMP_BYTES]


class TailFile:
    """In a folder of its own; read by many, written by one at a time. `dim` 0: without vectors."""

    def __init__(self, folder: Path, dim: int) -> None:
        self._folder, self._dim = folder, dim
        self._index, self._bytes, self._vectors = (folder / name for name in ("tail.idx", "tail.bin", "vectors.f16"))

    def stamps(self, start: int) -> Stamps:
        """Of all that are there from `start` on; those behind a file that was cut are not there, nor is a line that
        somebody is writing."""
        lines = _read(self._index, start * _LINE.size, None)
        lines = lines[: len(lines) // _LINE.size * _LINE.size]
        if self._dim:
            lines = lines[: max(_size(self._vectors) // (self._dim * 2) - start, 0) * _LINE.size]
        while len(lines) >= _LINE.size and _LINE.unpack(lines[-_LINE.size :])[0] > _size(self._bytes):
            lines = lines[: -_LINE.size]
        return Stamps(lines)

    def write(self, start: int, documents: Sequence[IndexedDocument], vectors: FloatArray | None) -> bytes:
        """Puts documents behind the first `start`, as yet without their lines, which it returns without stamps."""
        given = (0, 0) if vectors is None else vectors.shape
        if self._dim and given != (len(documents), self._dim):
            raise ValueError(f"vectors of shape {given} for {len(documents)} documents of {self._dim} dimensions")
        self._folder.mkdir(parents=True, exist_ok=True)
        at = self._end(start)
        packed = [_encoder.encode(_kept(each)) for each in documents]
        with _cut(self._index, start * _LINE.size) as index:
            _sync(index)
        with _cut(self._bytes, at) as file:
            file.writelines(packed)
            _sync(file)
        if self._dim and vectors is not None:
            with _cut(self._vectors, start * self._dim * 2) as file:
                file.write(np.ascontiguousarray(vectors, np.float16).tobytes())
                _sync(file)
        lines = []
        for each in packed:
            at += len(each)
            lines.append(_LINE.pack(at, b"", _checksum(each)))
        return b"".join(lines)

    def confirm(self, lines: bytes, stamps: Sequence[bytes]) -> None:
        """Writes the lines of the documents that were written last: now they are there."""
        stamped = b"".join(
            _LINE.pack(end, stamp, checksum)
            for (end, _, checksum), stamp in zip(_LINE.iter_unpack(lines), stamps, strict=True)
        )
        with self._index.open("ab") as file:
            file.write(stamped)
            _sync(file)

    def read(self, start: int, end: int) -> tuple[list[Kept], npt.NDArray[np.float16]]:
        """Documents start … end-1 and their vectors, shape (end-start, dim).

        What another process is writing at this moment may be read torn; a moment later it is whole.

        Raises:
            StorageError: they are damaged.
        """
        for pause_s in _PAUSES_S:
            try:
                return self._read(start, end)
            except StorageError:
                time.sleep(pause_s)
        return self._read(start, end)

    def _read(self, start: int, end: int) -> tuple[list[Kept], npt.NDArray[np.float16]]:
        lines = _read(self._index, start * _LINE.size, (end - start) * _LINE.size)
        if len(lines) < (end - start) * _LINE.size:
            raise self._damaged(OverlayLost)
        at = self._end(start)
        data, base = _read(self._bytes, at, None), at
        found = []
        for stop, _, checksum in _LINE.iter_unpack(lines):
            each = data[at - base : stop - base]
            if _checksum(each) != checksum:
                raise self._damaged()
            found.append(_decoder.decode(each))
            at = stop
        row = self._dim * 2
        halves = _read(self._vectors, start * row, len(found) * row) if self._dim else b""
        if len(halves) != len(found) * row:
            raise self._damaged()
        return found, np.frombuffer(halves, np.float16).reshape(len(found), self._dim)

    def _end(self, count: int) -> int:
        if count == 0:
            return 0
        line = _read(self._index, (count - 1) * _LINE.size, _LINE.size)
        if len(line) != _LINE.size:
            raise self._damaged(OverlayLost)
        return int(_LINE.unpack(line)[0])

    def _damaged(self, kind: type[StorageError] = StorageError) -> StorageError:
        return kind(
            f"the appended documents in {self._folder} are damaged", field="data_dir",
            hint="stop the service and delete the folder: it is made again from the journal",
        )  # fmt: skip


def _kept(each: IndexedDocument) -> Kept:
    document = each.document
    return Kept(
        document.id, document.source, each.forward, dict(document.keywords), dict(document.numbers),
        tuple(with_text(each.tokens)),
    )  # fmt: skip


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=8).digest()


def _read(path: Path, start: int, length: int | None) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(-1 if length is None else length)
    except FileNotFoundError:
        return b""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _cut(path: Path, size: int) -> BinaryIO:
    """The file, open behind its first `size` bytes, with the rest cut off."""
    file = path.open("ab")
    file.truncate(size)
    return file


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
