"""Products that are off in the file of a rebuild: their records go along with the generation, so that a patch of the
status brings one back. They are no documents of it: many a catalogue has more that is off than on.

    n u64 | hashes of the ids u64 × n, ascending | ends of the records u64 × n | records as JSON, one after another
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
import orjson

from indexer.sources.records import Product
from retrieval.types import Buffer

SHELF = "shelf"
"""Name of the attachment."""
_BYTES = 8


class Shelf:
    """Of a generation; without an attachment nothing is on it. Immutable and safe to share between threads."""

    def __init__(self, data: Buffer | None) -> None:
        self._count = int.from_bytes(data[:_BYTES], "little") if data else 0
        numbers = np.frombuffer(data or b"", "<u8", 2 * self._count, _BYTES if data else 0)
        self._hashes, self._ends = numbers[: self._count], numbers[self._count :]
        self._records = memoryview(data or b"")[_BYTES + numbers.nbytes :]

    def record(self, document_id: str) -> dict[str, Any] | None:
        """What was said of a product that is off; None where it is not there."""
        wanted = _hash(document_id)
        place = int(np.searchsorted(self._hashes, np.uint64(wanted)))
        while place < self._count and int(self._hashes[place]) == wanted:
            record: dict[str, Any] = orjson.loads(self._at(place))
            if record["id"] == document_id:
                return record
            place += 1
        return None

    def without(self, ids: Collection[str]) -> bytes | None:
        """All but these, as an attachment; None where nothing is left."""
        kept = Shelving()
        for record in map(orjson.loads, self):
            if record["id"] not in ids:
                kept.put(record)
        return kept.attachment()

    def __iter__(self) -> Iterator[bytes]:
        return map(self._at, range(self._count))

    def __len__(self) -> int:
        return self._count

    def _at(self, place: int) -> bytes:
        return bytes(self._records[int(self._ends[place - 1]) if place else 0 : int(self._ends[place])])


class Shelving:
    """Collects records, in memory."""

    def __init__(self) -> None:
        self._records: dict[str, bytes] = {}

    def add(self, product: Product) -> None:
        self.put(product.source())

    def put(self, record: Mapping[str, Any]) -> None:
        """Of two with one id the later one counts."""
        self._records[str(record["id"])] = orjson.dumps(record)

    def attachment(self) -> bytes | None:
        """None where there is none."""
        if not self._records:
            return None
        placed = sorted((_hash(name), record) for name, record in self._records.items())
        hashes = np.array([number for number, _ in placed], "<u8")
        ends = np.cumsum([len(record) for _, record in placed]).astype("<u8")
        head = len(placed).to_bytes(_BYTES, "little")
        return b"".join((head, hashes.tobytes(), ends.tobytes(), *(record for _, record in placed)))


def _hash(document_id: str) -> int:
    digest = blake2b(document_id.encode("utf-8", "surrogatepass"), digest_size=_BYTES)
    return int.from_bytes(digest.digest(), "little")
