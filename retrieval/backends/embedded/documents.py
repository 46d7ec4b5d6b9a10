"""The records as JSON and the forward rows by row, and rows by id: files of bytes, their offsets, and hashed ids.

An id is found by its 64-bit hash in a sorted array and then compared, so two ids of one hash cannot be confused.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b
from mmap import ACCESS_READ, mmap
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from retrieval.backends.embedded.arrays import mapped
from retrieval.types import IntArray


class _Identified(msgspec.Struct):
    """As much of a record as is needed to compare it."""

    id: str


_ids = msgspec.json.Decoder(_Identified)


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
        self._sources, self._forward = _mapped(folder / "documents.jsonl"), _mapped(folder / "forward.bin")
        # Plain arrays over the maps: indexing a numpy.memmap itself is ten times slower.
        self._offsets, self._forward_offsets, self._hashes, self._rows, self._order = (
            mapped(folder / f"{name}.npy")
            for name in ("offsets", "forward_offsets", "id_hashes", "id_rows", "id_order")
        )

        self._by_order: npt.NDArray[np.int64] | None = None

    @property
    def size(self) -> int:
        return len(self._offsets) - 1

    def sources(self, rows: IntArray) -> list[bytes]:
        ends = (self._offsets[rows + 1] - 1).tolist()
        return [self._sources[start:end] for start, end in zip(self._offsets[rows].tolist(), ends, strict=True)]

    def forward(self, rows: IntArray) -> list[bytes]:
        starts, ends = self._forward_offsets[rows].tolist(), self._forward_offsets[rows + 1].tolist()
        return [self._forward[start:end] for start, end in zip(starts, ends, strict=True)]

    def by_id(self, rows: IntArray) -> IntArray:
        return np.asarray(self._order[rows], np.int64)

    def ids_below(self, document_id: str) -> int:
        """How many ids are less."""
        if self._by_order is None:
            self._by_order = np.argsort(self._order, kind="stable")
        by_order = self._by_order

        def id_at(place: int) -> str:
            return _ids.decode(self.sources(by_order[place : place + 1])[0]).id

        return bisect_left(range(self.size), document_id, key=id_at)

    def row_of(self, document_id: str) -> int | None:
        wanted = np.uint64(_hash(document_id))
        at = int(np.searchsorted(self._hashes, wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            row = int(self._rows[at])
            if _ids.decode(self.sources(np.array([row]))[0]).id == document_id:
                return row
            at += 1
        return None

    def rows_of(self, document_ids: Sequence[str]) -> list[int | None]:
        """All are looked up in one go; only where two ids have one hash is any asked for again."""
        wanted = np.array([_hash(each) for each in document_ids], np.uint64)
        at = np.searchsorted(self._hashes, wanted)
        known = np.flatnonzero(at < len(self._hashes))
        known = known[self._hashes[at[known]] == wanted[known]]
        found: list[int | None] = [None] * len(document_ids)
        rows = self._rows[at[known]].astype(np.int64)
        for place, row, source in zip(known.tolist(), rows.tolist(), self.sources(rows), strict=True):
            same = _ids.decode(source).id == document_ids[place]
            found[place] = row if same else self.row_of(document_ids[place])
        return found


def _mapped(path: Path) -> mmap | bytes:
    """The file as bytes to cut from, read when they are needed."""
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ) if path.stat().st_size else b""


def _hash(document_id: str) -> int:
    return int.from_bytes(blake2b(document_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
