"""The records as JSON and the forward rows by row, and rows by id: files of bytes, their offsets, and hashed ids.

An id is found by its 64-bit hash in a sorted array and then compared, so two ids of one hash cannot be confused.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from retrieval.types import IntArray


class DocumentsWriter:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._file = (folder / "documents.jsonl").open("wb")
        self._forward = (folder / "forward.bin").open("wb")
        self._ends, self._forward_ends = [0], [0]
        self._ids: list[str] = []

    def add(self, document_id: str, source: bytes, forward: bytes) -> None:
        self._file.write(source + b"\n")
        self._ends.append(self._ends[-1] + len(source) + 1)
        self._forward.write(forward)
        self._forward_ends.append(self._forward_ends[-1] + len(forward))
        self._ids.append(document_id)

    def finish(self) -> None:
        self.close()
        hashes = np.array([_hash(i) for i in self._ids], np.uint64)
        order = np.argsort(hashes, kind="stable")
        place = np.empty(len(self._ids), np.int32)
        place[sorted(range(len(self._ids)), key=self._ids.__getitem__)] = np.arange(len(self._ids), dtype=np.int32)
        np.save(self._folder / "offsets.npy", np.array(self._ends, np.int64))
        np.save(self._folder / "forward_offsets.npy", np.array(self._forward_ends, np.int64))
        np.save(self._folder / "id_hashes.npy", hashes[order])
        np.save(self._folder / "id_rows.npy", order.astype(np.int32))
        np.save(self._folder / "id_order.npy", place)

    def close(self) -> None:
        self._file.close()
        self._forward.close()


class DocumentsReader:
    def __init__(self, folder: Path) -> None:
        # Plain arrays over the maps: indexing a numpy.memmap itself is ten times slower.
        self._bytes = _bytes(folder / "documents.jsonl")
        # Generations older than ranking have none; nothing ranks them.
        older = not (folder / "forward.bin").is_file()
        self._forward = None if older else (_bytes(folder / "forward.bin"), _array(folder / "forward_offsets.npy"))
        self._offsets, self._hashes, self._rows, self._order = (
            _array(folder / f"{name}.npy") for name in ("offsets", "id_hashes", "id_rows", "id_order")
        )

    @property
    def size(self) -> int:
        return len(self._offsets) - 1

    def source(self, row: int) -> bytes:
        return self._bytes[self._offsets[row] : self._offsets[row + 1] - 1].tobytes()

    def forward(self, row: int) -> bytes:
        if self._forward is None:
            return b""
        content, offsets = self._forward
        return content[offsets[row] : offsets[row + 1]].tobytes()

    def by_id(self, rows: IntArray) -> IntArray:
        return np.asarray(self._order[rows], np.int64)

    def row_of(self, document_id: str) -> int | None:
        wanted = np.uint64(_hash(document_id))
        at = int(np.searchsorted(self._hashes, wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            row = int(self._rows[at])
            if orjson.loads(self.source(row))["id"] == document_id:
                return row
            at += 1
        return None


def _array(path: Path) -> npt.NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r"))


def _bytes(path: Path) -> npt.NDArray[np.uint8]:
    return np.asarray(np.memmap(path, np.uint8, "r") if path.stat().st_size else np.empty(0, np.uint8))


def _hash(document_id: str) -> int:
    return int.from_bytes(blake2b(document_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
