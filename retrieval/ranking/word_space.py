"""How rare a word is in this catalogue, and which other words it stands for: 铁锅 is near 炒锅, 毛衣 near 针织衫.

Learned from the titles themselves (`indexer.learning.word_learner`), whatever the encoder. Words are hashed as in the
forward rows; a word in less than three titles is not kept, so the space stays small however large the catalogue is.

Stored as a head and the arrays one after another, as they are used: over a mapped file nothing is read or copied but
what is looked up, and processes share it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from retrieval.errors import GenerationError
from retrieval.types import Buffer, FloatArray

HashArray = npt.NDArray[np.uint32]
Indices = npt.NDArray[np.integer]

MAGIC, VERSION = b"XHWS", 2
STEPS = 127
"""A vector component in [-1, 1] is stored as a whole number of 1/127."""
_HEAD = np.dtype([
    ("magic", "S4"), ("version", "<u4"), ("documents", "<u8"), ("words", "<u4"), ("dimensions", "<u4"),
    ("characters", "<u4"),
])  # fmt: skip
_BUCKET_BITS = 16
"""Words are looked up by so many first bits of their hash: about one of 40,000 words begins with them."""
_FEW = 100
"""So many are found sooner by halving."""


@dataclass(frozen=True)
class WordSpace:
    """Counts and vectors of the words of a catalogue.

    Attributes:
        documents: titles that were read.
        words: uint32 (m,), ascending hashes; counts: uint32 (m,), titles that have the word.
        vectors: int8 (m, d), unit vectors times `STEPS`; words that share titles with the same words are near.
        characters: uint32 (k,), ascending code points; character_counts: uint32 (k,), titles that have the character.
    """

    documents: int
    words: HashArray
    counts: HashArray
    vectors: npt.NDArray[np.int8]
    characters: HashArray
    character_counts: HashArray

    @classmethod
    def empty(cls) -> WordSpace:
        """That of no catalogue: every word is as rare as any other and stands for itself alone."""
        none = np.empty(0, np.uint32)
        return cls(0, none, none, np.empty((0, 1), np.int8), none, none)

    def find(self, hashes: HashArray) -> Indices:
        """Index of each word, -1 for an unknown one; same shape as `hashes`."""
        if len(hashes) < _FEW or not len(self.words):
            return _search(self.words, hashes)
        bucket = hashes >> np.uint32(32 - _BUCKET_BITS)
        found, ends = self._buckets.take(bucket), self._buckets[1:].take(bucket)
        missed = np.flatnonzero(self.words.take(found, mode="clip") != hashes)
        while len(missed):
            found[missed] += 1
            gone = found[missed] >= ends[missed]
            found[missed[gone]] = -1
            missed = missed[~gone]
            missed = missed[self.words.take(found[missed]) != hashes[missed]]
        return found

    def rarity(self, indices: Indices) -> FloatArray:
        """ln ((N + 1) / (n + 1)) for words (by index) in n of N titles, 0 titles for an unknown one (-1); ≥ 0.

        Inverse document frequency (Spärck Jones 1972).
        """
        return self._rarity(self.counts, indices)

    def character_rarity(self, text: str) -> FloatArray:
        """The same for each character of `text`."""
        points = np.array([ord(c) for c in text], np.uint32)
        return self._rarity(self.character_counts, _search(self.characters, points))

    def cosines(self, some: Indices, others: Indices) -> FloatArray:
        """Cosines of words by index, shape (len(some), len(others)), to 2 %; 0 where either is unknown (-1)."""
        if not len(self.vectors):
            return np.zeros((len(some), len(others)), np.float32)
        left, right = (self.vectors.take(np.maximum(one, 0), axis=0).astype(np.float32) for one in (some, others))
        with np.errstate(invalid="ignore"):  # all is finite; some BLAS kernels raise the flag over padding they read
            products = left @ right.T
        products *= np.where(some < 0, 0.0, 1 / STEPS**2).astype(np.float32)[:, None]
        products *= (others >= 0).astype(np.float32)
        return products

    def to_bytes(self) -> bytes:
        """Its stored form: the same space gives the same bytes."""
        head = np.array(
            (MAGIC, VERSION, self.documents, len(self.words), self.vectors.shape[1], len(self.characters)), _HEAD
        )
        numbers = (self.words, self.counts, self.characters, self.character_counts)
        parts = [array.astype("<u4").tobytes() for array in numbers]
        return b"".join([head.tobytes(), *parts, self.vectors.tobytes()])

    @classmethod
    def from_bytes(cls, stored: Buffer) -> WordSpace:
        """Reads what `to_bytes` gave; the arrays are views of `stored`, and cannot be written to.

        Raises:
            GenerationError: these are no such bytes, or they are of another version.
        """
        if bytes(stored[:2]) == b"PK":
            return _of_version_1(bytes(stored))
        if len(stored) < _HEAD.itemsize or bytes(stored[: len(MAGIC)]) != MAGIC:
            raise _damaged()
        head = np.frombuffer(stored, _HEAD, 1)[0]
        if head["version"] != VERSION:
            raise GenerationError(
                f"the words of the catalogue are of version {head['version']}, this is {VERSION}",
                hint="rebuild (xunhuo rebuild)",
            )
        words, characters, dimensions = int(head["words"]), int(head["characters"]), int(head["dimensions"])
        numbers = 2 * words + 2 * characters
        if len(stored) != _HEAD.itemsize + 4 * numbers + words * dimensions:
            raise _damaged()
        arrays = np.frombuffer(stored, "<u4", numbers, _HEAD.itemsize)
        vectors = np.frombuffer(stored, np.int8, words * dimensions, _HEAD.itemsize + 4 * numbers)
        known, counts, points, character_counts = np.split(arrays, np.cumsum([words, words, characters]))
        return cls(int(head["documents"]), known, counts, vectors.reshape(words, dimensions), points, character_counts)

    @cached_property
    def _buckets(self) -> Indices:
        """For each value of the first bits of a hash, the first word that has it or a greater one."""
        firsts = np.arange(2**_BUCKET_BITS + 1, dtype=np.uint64) << np.uint64(32 - _BUCKET_BITS)
        return np.searchsorted(self.words, firsts).astype(np.int32)

    def _rarity(self, counts: HashArray, indices: Indices) -> FloatArray:
        seen = np.where(indices >= 0, counts[indices] if len(counts) else 0, 0)
        return np.log((self.documents + 1) / (seen + 1)).astype(np.float32)


def _search(keys: HashArray, wanted: HashArray) -> Indices:
    """Index of each among ascending `keys`, -1 for one that is not."""
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, places, -1)


def _of_version_1(stored: bytes) -> WordSpace:
    """As generations hold it that were built before: the compressed arrays of numpy."""
    names = ("words", "counts", "vectors", "characters", "character_counts")
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as content:
            return WordSpace(int(content["documents"]), *(content[name] for name in names))
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
        raise _damaged() from None


def _damaged() -> GenerationError:
    return GenerationError("the words of the catalogue are damaged", hint="rebuild (xunhuo rebuild)")
