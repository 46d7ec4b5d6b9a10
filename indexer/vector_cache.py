"""What texts were encoded to before, on disk: a second rebuild encodes only what is new, and so does one that goes on
after it was killed.

One folder an encoder fingerprint, four append-only files: ``vectors.f16`` (n, dim), ``tokens.bin`` and ``tokens.ends``
(the tokens of all texts, and where those of each end, u64), and ``keys.bin`` (16-byte BLAKE2b of the text). Keys are
written last; what a kill or a full disk leaves half-written is cut off on opening, and what a power failure leaves of a
vector, which is not of unit length, is encoded again. Of two equal keys the later one holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from retrieval.late.encoder import EncodedTitles, encode_titles
from retrieval.protocols import Encoder
from retrieval.types import FloatArray

_KEY_BYTES = 16
_END = np.dtype("<u8")
_TOLERANCE = 5e-3
"""Half precision and what an encoder rounds; as much as the check of a generation allows."""


class VectorCache:
    """Encodes documents through the cache; a context manager, for one process at a time.

    Attributes:
        encoded: texts that the encoder had to read.
        reused: texts whose vectors were there.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder = folder / "vectors" / encoder.fingerprint.replace("/", "_")
        self._encoder = encoder
        self._row_bytes = encoder.dim * 2
        self.encoded = self.reused = 0

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._keys = (self._folder / "keys.bin").open("a+b")
        self._vectors = (self._folder / "vectors.f16").open("a+b")
        self._tokens = (self._folder / "tokens.bin").open("a+b")
        self._token_ends = (self._folder / "tokens.ends").open("a+b")
        rows = min(
            self._keys.tell() // _KEY_BYTES,
            self._vectors.tell() // self._row_bytes,
            self._token_ends.tell() // _END.itemsize,
        )
        self._token_ends.seek(0)
        ends = np.frombuffer(self._token_ends.read(rows * _END.itemsize), _END)
        rows = int(ends.searchsorted(self._tokens.tell(), side="right"))
        self._ends = ends[:rows].tolist()
        self._keys.truncate(rows * _KEY_BYTES)
        self._vectors.truncate(rows * self._row_bytes)
        self._token_ends.truncate(rows * _END.itemsize)
        self._tokens.truncate(self._ends[-1] if rows else 0)
        self._keys.seek(0)
        keys = self._keys.read()
        self._rows = {keys[i * _KEY_BYTES : (i + 1) * _KEY_BYTES]: i for i in range(rows)}
        self._count = rows
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._keys, self._vectors, self._tokens, self._token_ends):
            file.close()

    def encode(self, texts: Sequence[str]) -> EncodedTitles:
        """Vectors of `texts`, rounded to half precision whether they were known or not, and their tokens."""
        keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest() for text in texts]
        wanted = dict(zip(keys, texts, strict=True))
        sound = self._sound(wanted)
        new = {key: text for key, text in wanted.items() if key not in sound}
        if new:
            self._append(list(new), encode_titles(self._encoder, list(new.values())))
        self.encoded += len(new)
        self.reused += len(texts) - len(new)
        return EncodedTitles(self._read(keys), self._read_tokens(keys))

    def _sound(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of `keys` whose vectors are there and of unit length."""
        known = [key for key in keys if key in self._rows]
        lengths = np.linalg.norm(self._read(known), axis=1)
        return {key for key, length in zip(known, lengths, strict=True) if abs(length - 1) < _TOLERANCE}

    def _append(self, keys: list[bytes], found: EncodedTitles) -> None:
        ends = (self._ends[-1] if self._ends else 0) + np.cumsum([len(tokens) for tokens in found.tokens])
        for file, data in (
            (self._vectors, np.ascontiguousarray(found.vectors, np.float16).tobytes()),
            (self._tokens, b"".join(found.tokens)),
            (self._token_ends, ends.astype(_END).tobytes()),
            (self._keys, b"".join(keys)),
        ):
            file.write(data)
            file.flush()
        self._ends += ends.tolist()
        self._rows.update((key, self._count + i) for i, key in enumerate(keys))
        self._count += len(keys)

    def _read(self, keys: Sequence[bytes]) -> FloatArray:
        if not keys:
            return np.empty((0, self._encoder.dim), np.float32)
        stored = np.memmap(self._folder / "vectors.f16", np.float16, "r", shape=(self._count, self._encoder.dim))
        return np.asarray(stored[[self._rows[key] for key in keys]], np.float32)

    def _read_tokens(self, keys: Sequence[bytes]) -> list[bytes]:
        found = []
        with (self._folder / "tokens.bin").open("rb") as file:
            for key in keys:
                row = self._rows[key]
                start = self._ends[row - 1] if row else 0
                file.seek(start)
                found.append(file.read(self._ends[row] - start))
        return found
