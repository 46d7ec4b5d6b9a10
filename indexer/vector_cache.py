"""What texts were encoded to before, on disk: a second rebuild encodes only what is new, and so does one that goes on
after it was killed.

One folder an encoder fingerprint, four append-only files: ``vectors.f16`` (n, dim), ``tokens.bin`` (the tokens of all
texts), ``tokens.at`` (where those of each are, and a checksum), ``keys.bin`` (16-byte BLAKE2b of the text). Keys are
written last; what a kill or a full disk leaves half-written is cut off on opening (of tokens it stays, and nothing
leads there), and what a power failure leaves of a vector, which is not of unit length, or of tokens, whose checksum is
another, is encoded again. Of two equal keys the later one holds. What is said in videos is encoded here, too, and its
tokens are read by nobody.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from io import SEEK_END
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from retrieval.late.encoder import EncodedTitles, TokenEncoder, encode_titles
from retrieval.protocols import Encoder
from retrieval.types import FloatArray

_KEY_BYTES = 16
_AT = np.dtype([("start", "<u8"), ("size", "<u4"), ("checksum", "<u4")])
_TOLERANCE = 5e-3
"""Half precision and what an encoder rounds; as much as the check of a generation allows."""


class VectorCache:
    """Encodes documents through the cache; a context manager, for one process at a time.

    Attributes:
        encoded: texts that the encoder had to read.
        reused: texts that were there.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder = folder / "vectors" / encoder.fingerprint.replace("/", "_")
        self._encoder = encoder
        self._row_bytes = encoder.dim * 2
        self.encoded = self.reused = 0

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        from_before = not (self._folder / "tokens.at").exists()
        with ExitStack() as files:
            self._keys, self._vectors, self._tokens, self._at = (
                files.enter_context((self._folder / name).open("a+b"))
                for name in ("keys.bin", "vectors.f16", "tokens.bin", "tokens.at")
            )
            self._files = files.pop_all()
        if from_before and not isinstance(self._encoder, TokenEncoder):
            self._without_tokens()
        sizes = ((self._keys, _KEY_BYTES), (self._vectors, self._row_bytes), (self._at, _AT.itemsize))
        rows = min(file.tell() // size for file, size in sizes)
        for file, size in sizes:
            file.truncate(rows * size)
        self._keys.seek(0)
        keys = self._keys.read()
        self._rows = {keys[i * _KEY_BYTES : (i + 1) * _KEY_BYTES]: i for i in range(rows)}
        self._count = rows
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def _without_tokens(self) -> None:
        """A folder from before tokens were kept, of an encoder that keeps none: no text has any."""
        self._keys.seek(0)
        while len(key := self._keys.read(_KEY_BYTES)) == _KEY_BYTES:
            self._at.write(np.array((0, 0, _checksum(key, b"")), _AT).tobytes())
        self._at.flush()
        self._keys.seek(0, SEEK_END)

    def encode(self, texts: Sequence[str]) -> EncodedTitles:
        """Vectors of `texts`, rounded to half precision whether they were known or not, and their tokens."""
        keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest() for text in texts]
        wanted = dict(zip(keys, texts, strict=True))
        tokens = self._sound(wanted)
        new = {key: text for key, text in wanted.items() if key not in tokens}
        if new:
            found = encode_titles(self._encoder, list(new.values()))
            self._append(list(new), found)
            tokens.update(zip(new, found.tokens, strict=True))
        self.encoded += len(new)
        self.reused += len(texts) - len(new)
        return EncodedTitles(self._read(keys), [tokens[key] for key in keys])

    def _sound(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Those of `keys` that are there, with vectors of unit length, and their tokens as they were written."""
        known = [key for key in keys if key in self._rows]
        lengths = np.linalg.norm(self._read(known), axis=1)
        unit = [key for key, length in zip(known, lengths, strict=True) if abs(length - 1) < _TOLERANCE]
        return self._read_tokens(unit)

    def _append(self, keys: list[bytes], found: EncodedTitles) -> None:
        start, at = self._tokens.seek(0, SEEK_END), np.empty(len(keys), _AT)
        for row, (key, tokens) in enumerate(zip(keys, found.tokens, strict=True)):
            at[row] = (start, len(tokens), _checksum(key, tokens))
            start += len(tokens)
        for file, data in (
            (self._vectors, np.ascontiguousarray(found.vectors, np.float16).tobytes()),
            (self._tokens, b"".join(found.tokens)),
            (self._at, at.tobytes()),
            (self._keys, b"".join(keys)),
        ):
            file.write(data)
            file.flush()
        self._rows.update((key, self._count + i) for i, key in enumerate(keys))
        self._count += len(keys)

    def _read(self, keys: Sequence[bytes]) -> FloatArray:
        if not keys:
            return np.empty((0, self._encoder.dim), np.float32)
        stored = np.memmap(self._folder / "vectors.f16", np.float16, "r", shape=(self._count, self._encoder.dim))
        return np.asarray(stored[[self._rows[key] for key in keys]], np.float32)

    def _read_tokens(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Key → tokens, without those that are not as they were written."""
        found: dict[bytes, bytes] = {}
        if not keys:
            return found
        stored = np.memmap(self._folder / "tokens.at", _AT, "r", shape=(self._count,))
        with (self._folder / "tokens.bin").open("rb") as file:
            whole = file.seek(0, SEEK_END)
            places = stored[[self._rows[key] for key in keys]].tolist()
            for key, (start, size, checksum) in zip(keys, places, strict=True):
                if start + size <= whole:
                    file.seek(start)
                    tokens = file.read(size)
                    if _checksum(key, tokens) == checksum:
                        found[key] = tokens
        return found


def _checksum(key: bytes, tokens: bytes) -> int:
    """The key counts, so that a page of zeros is not right for no tokens."""
    return zlib.crc32(tokens, zlib.crc32(key))
